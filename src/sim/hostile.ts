// Senders of what no honest client sends: bytes that are no message, and a session of its own in which every rule is broken.
// They never use an honest client's session, so that nobody who keeps the rules is confused by them. Nobody waits for answers.
import { encode } from "../protocol/codec.js";
import { encodeInputFilter } from "../protocol/input-filter.js";
import { CommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Actor } from "./agenda.js";
import type { Owner } from "./ledger.js";
import { messageOf, newStream, type Asker, type Endpoint, type Message, type ProposalBody } from "./message.js";
import { durationOf } from "./payloads.js";
import type { FaultPlan } from "./plan.js";
import { addressOf, below, between, bitsAt, Lane } from "./random.js";
import type { World } from "./world-view.js";

type Input = CommandInput["input"];

/** Commits bytes that nobody would send. */
export function sendHostileBytes(world: World, fault: FaultPlan): void {
  const { stage } = world;
  for (const log of world.logsOf(fault)) {
    if (log.leader === null) continue;
    const key = bitsAt(stage.plan.keys.client, addressOf(fault.id), Lane.hostile, log.partition);
    world.strike(fault, `partition ${log.partition}`);
    const origin = `${fault.id}/p${log.partition}@${stage.now}`;
    const recorded = stage.schedule?.entries.get(`p${log.partition} ${origin}`)?.bytes;
    log.propose(log.leader, origin, { bytes: recorded ?? hostileBytes(key) }, null);
  }
}

/** Lets a hostile sender loose on a partition, for as long as the fault lasts. */
export function startHostileSender(world: World, fault: FaultPlan): void {
  for (const log of world.logsOf(fault)) new HostileSender(world, fault, log.partition).start();
}

// Timestamps out of all range, and bytes that are cut, wrongly typed, or nothing at all.
function hostileBytes(key: number): Uint8Array {
  const timestamp = (seconds: bigint, nanos: number): Uint8Array =>
    encode(CommandInput, { timestamp: { seconds, nanos }, input: undefined });
  switch (below(bitsAt(key, 0, Lane.hostile), 9)) {
    case 0:
      return new Uint8Array([0xff, 0xff, 0xff]);
    case 1:
      return new Uint8Array([0x0a, 0x7f, 0x01]); // a timestamp of 127 bytes, of which one is there
    case 2:
      return new Uint8Array([0x22, 0x02, 0x08]); // a close_session that breaks off inside
    case 3:
      return new Uint8Array(0); // a tick without a timestamp
    case 4:
      return timestamp(253_402_300_800n, 0); // the year 10000
    case 5:
      return timestamp(-5n, 0); // before the epoch
    case 6:
      return timestamp(-62_135_596_801n, 999_999_999);
    case 7:
      return timestamp(946_684_801n, 1_000_000_000); // too many nanoseconds
    default:
      return new Uint8Array([0x7a, 0x03, 0x61, 0x62, 0x63]); // an unknown field, nothing else
  }
}

const NEXT = 0;
const KINDS = 36;

/** Filters that are none, or that nobody may believe. SPEC 2.6. */
const FILTERS: readonly string[] = [
  "",
  "{}",
  "null",
  '{"m":1,"k":1}',
  '{"m":0,"k":3,"b":"AAAAAAAAAAA="}',
  '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="',
  '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAA"}',
  '{"m":7,"k":65,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}',
  '{"m":7, "k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}',
  '{"k":5,"m":7,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}',
  '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ==","x":1}',
  '{"m":07,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}',
  '{"m":-7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}',
  '{"m":7,"k":5,"b":"!!!!"}',
];

class HostileSender implements Endpoint, Owner, Asker, Actor<number> {
  readonly name: string;
  readonly owner: Owner = this;
  readonly #key: number;
  #session = 0n;
  #service = 0n;
  #number = 1n;

  constructor(
    private readonly world: World,
    private readonly fault: FaultPlan,
    private readonly partition: number,
  ) {
    this.name = `${fault.id}/p${partition}@${Math.floor(world.stage.now / world.stage.plan.length)}`;
    this.#key = bitsAt(world.stage.plan.keys.client, addressOf(fault.id), Lane.hostile, partition);
  }

  state(): "crashed" {
    return "crashed";
  }
  presence(): "up" {
    return "up";
  }

  start(): void {
    const timeout = durationOf((this.fault.with["timeout"] ?? 1000) * 1_000_000);
    this.#send("open", { $case: "openSession", value: { timeout } }, "open a session");
    const { stage } = this.world;
    const many = this.fault.with["inputs"] ?? 1;
    const step = Math.max(1, Math.floor((this.fault.until - this.fault.from) / (many + 1)));
    for (let i = 1; i <= many; i++) stage.agenda.add(stage.now + i * step, this, NEXT, i);
  }

  receive(message: Message): void {
    const { body } = message;
    if (body.type !== "reply" || body.reply.kind === "failure") return;
    const output = body.reply.outputs[0]?.output;
    if (output?.$case === "openSession") {
      if (this.#session !== 0n) return;
      this.#session = output.value.sessionId;
      const spec = { service: "counter", namespace: "hostile", name: "hostile" };
      this.#inSession("create", { $case: "createService", value: { spec } }, "open a counter");
    } else if (output?.$case === "sessionCommand" && output.value.output?.$case === "createService") {
      if (this.#service === 0n) this.#service = output.value.output.value.serviceId;
    }
  }

  answered(): void {
    // It listens to everything in receive, whatever it asked.
  }

  wake(what: number, i: number): void {
    const { stage } = this.world;
    if (what !== NEXT || stage.phase !== "safety" || this.#session === 0n) return;
    stage.count(this.fault.fault);
    const bits = bitsAt(this.#key, i, Lane.hostile, 1);
    this.#say(below(bitsAt(this.#key, i, Lane.hostile), KINDS), `${i}`, bits);
  }

  #say(kind: number, id: string, bits: number): void {
    const session = this.#session;
    const fresh = this.#number++;
    const old = BigInt(between(bits, 1, Number(fresh)));
    switch (kind) {
      case 0:
        return this.#send(
          id,
          { $case: "sessionCommand", value: { sessionId: session, input: undefined } },
          "no inner input",
        );
      case 1:
        return this.#command(id, 0n, "Increment");
      case 2:
        return this.#create(id, { service: "teapot", namespace: "hostile", name: "teapot" });
      case 3:
        return this.#create(id, { service: "set", namespace: "hostile", name: "hostile" });
      case 4:
        return this.#inSession(id, { $case: "createService", value: { spec: undefined } }, "create nothing");
      case 5:
        return this.#command(id, fresh, "Increment", new Uint8Array(0), 999_999n);
      case 6:
        return this.#command(id, fresh, "Brew");
      case 7:
        return this.#command(id, fresh, "Set", new Uint8Array([0x08]));
      case 8:
        return this.#command(id, fresh, "CompareAndSet", new Uint8Array([0xff, 0x01, 0x0a]));
      case 9:
      case 10:
      case 11:
      case 12:
        return this.#keepAlive(id, bytes(FILTERS[below(bits, FILTERS.length)] as string), fresh, []);
      case 13:
        return this.#keepAlive(id, encodeInputFilter([fresh + 70_000n], 1), fresh + 140_000n, [], session);
      case 14:
        return this.#keepAlive(id, encodeInputFilter([]), fresh, [], 999_999n);
      case 15:
        return this.#send(
          id,
          { $case: "closeSession", value: { sessionId: 999_999n } },
          "close a session that never was",
        );
      case 16:
        return this.#send(id, { $case: "openSession", value: { timeout: undefined } }, "open without a time-out");
      case 17:
        return this.#open(id, 0n, 0);
      case 18:
        return this.#open(id, -1n, -5);
      case 19:
        return this.#open(id, 315_576_000_001n, 0);
      case 20:
        return this.#open(id, 1n, -5);
      case 21:
        return this.#command(id, old, "Decrement", new Uint8Array([0x08, 0x05]));
      case 22:
        return this.#command(id, old, "Increment");
      case 23:
        return this.#keepAlive(id, encodeInputFilter([old]), fresh - 1n, [[old, 99n]]);
      case 24:
        // Some numbers are open that never arrived; one of them may arrive later (21, 22).
        this.#number += 3n;
        return this.#keepAlive(id, encodeInputFilter([fresh, fresh + 2n]), fresh + 3n, []);
      case 25:
        return this.#command(id, 2n ** 63n + fresh, "Increment");
      case 26:
        return this.#inSession(id, { $case: "serviceCommand", value: this.#value(fresh, undefined) }, "no operation");
      case 27:
        return this.#inSession(
          id,
          { $case: "closeService", value: { serviceId: 999_999n } },
          "close a service that never was",
        );
      case 28:
      case 29:
        return this.#keepAlive(id, encodeInputFilter([]), 0n, []);
      case 30:
      case 31:
        return this.#command(id, fresh, "Increment");
      default:
        return this.#keepAlive(id, bytes(FILTERS[below(bits, FILTERS.length)] as string), fresh, []);
    }
  }

  #value(number: bigint, operation: { name: string; payload: Uint8Array } | undefined) {
    return { serviceId: this.#service, sequenceNum: number, operation };
  }

  #command(id: string, number: bigint, name: string, payload = new Uint8Array(0), service = this.#service): void {
    const value = { ...this.#value(number, { name, payload }), serviceId: service };
    this.#inSession(id, { $case: "serviceCommand", value }, `${name} #${number}`);
  }

  #create(id: string, spec: { service: string; namespace: string; name: string }): void {
    this.#inSession(id, { $case: "createService", value: { spec } }, `open a ${spec.service}`);
  }

  #keepAlive(
    id: string,
    inputFilter: Uint8Array,
    lastInputSequenceNum: bigint,
    outputs: readonly (readonly [bigint, bigint])[],
    sessionId = this.#session,
  ): void {
    const value = { sessionId, inputFilter, lastInputSequenceNum, lastOutputSequenceNums: new Map(outputs) };
    this.#send(id, { $case: "keepAlive", value }, "keep-alive");
  }

  #open(id: string, seconds: bigint, nanos: number): void {
    this.#send(id, { $case: "openSession", value: { timeout: { seconds, nanos } } }, "open a session");
  }

  #inSession(id: string, input: Extract<Input, { $case: "sessionCommand" }>["value"]["input"], what: string): void {
    this.#send(id, { $case: "sessionCommand", value: { sessionId: this.#session, input } }, what);
  }

  #send(id: string, input: Input, what: string): void {
    const leader = this.world.logs.get(this.partition)?.leader;
    if (leader === undefined || leader === null) return;
    const recorded = this.world.stage.schedule?.entries.get(`p${this.partition} ${this.name}/${id}`)?.input;
    const known = recorded !== undefined && recorded !== "undecodable";
    const body: ProposalBody = { input: known ? recorded.input : input };
    const asking = { type: "propose", proposal: body } as const;
    this.world.network.send(
      messageOf(`${this.name}/${id}`, "hostile", this, leader, this.partition, what, asking, newStream(), this),
    );
  }
}

function bytes(ascii: string): Uint8Array {
  return Uint8Array.from(ascii, (letter) => letter.charCodeAt(0));
}
