// apply is total. A hundred thousand entries that no honest client would send, and a thousand damaged snapshots: nothing
// throws, every entry takes its index and gets a reply in bounded work, and two machines stay equal, byte for byte. SPEC 2.
import { expect, test } from "vitest";
import { CommandInput, type OperationInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { AcquireInput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { EnterInput } from "../proto/multiraft_sim/election/v1/election.js";
import { PutInput } from "../proto/multiraft_sim/map/v1/map.js";
import { decodeEntry } from "../protocol/entry.js";
import { encodeInputFilter } from "../protocol/input-filter.js";
import type { Applied, StateMachine } from "../protocol/machine.js";
import { OPERATIONS, SERVICE_KINDS } from "../protocol/operations.js";
import { open, seal } from "../protocol/snapshot-envelope.js";
import { LogIndex } from "../protocol/words.js";
import { reference } from "./reference.js";

const ROUNDS = 20;
const ENTRIES_PER_ROUND = 5_500;
const SNAPSHOTS_PER_ROUND = 60;
const WORST_MILLISECONDS = 3_000;
const MOST = 2n ** 64n - 1n;

/** A stream of numbers from a seed: xorshift, 32 bits. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 1) | 0 || 1;
  }
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }
  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

const operationNames = [
  ...new Set(SERVICE_KINDS.flatMap((kind) => Object.keys(OPERATIONS[kind]))),
  "",
  "constructor",
  "__proto__",
];
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Entries against whatever lives: ids and numbers are small, near each other, or at the ends of their range. */
class Hostile {
  readonly #dice: Dice;
  readonly #megabyte = new Uint8Array(1 << 20).fill(65);
  readonly #sessions: bigint[] = [];
  readonly #services: bigint[] = [];
  #index = 0n;
  #seconds = 0n;

  constructor(seed: number) {
    this.#dice = new Dice(seed);
  }

  entry(): Uint8Array {
    const dice = this.#dice;
    this.#index += 1n;
    const bytes = CommandInput.encode({ timestamp: this.#timestamp(), input: this.#input() }).finish();
    switch (dice.below(12)) {
      case 0:
        return dice.bytes(dice.below(40));
      case 1:
        return bytes.subarray(0, dice.below(bytes.length + 1));
      case 2:
      case 3:
        return this.damage(bytes);
      default:
        return bytes;
    }
  }

  /** A copy with a few bits, bytes or stretches changed. */
  damage(bytes: Uint8Array): Uint8Array {
    const dice = this.#dice;
    let damaged = bytes;
    for (let times = 1 + dice.below(3); times > 0 && damaged.length > 0; times--) {
      const at = dice.below(damaged.length);
      const end = Math.min(at + 1 + dice.below(9), damaged.length);
      const [head, middle, tail] = [damaged.subarray(0, at), damaged.slice(at, end), damaged.subarray(end)];
      const how = dice.below(5);
      if (how === 0) middle[0] = dice.below(256);
      else if (how === 4) middle[0] = (middle[0] ?? 0) ^ (1 << dice.below(8));
      const parts = [[head, middle, tail], [head, tail], [head, middle, middle, tail], [head], [head, middle, tail]][
        how
      ];
      damaged = Uint8Array.from(Buffer.concat(parts ?? []));
    }
    return damaged;
  }

  #number(): bigint {
    const dice = this.#dice;
    const far = dice.of([0n, MOST, MOST - 1n, 2n ** 63n, 2n ** 32n, 65_536n, 65_537n, BigInt(dice.below(2 ** 31))]);
    return dice.below(24) === 0 ? far : BigInt(dice.below(40));
  }

  /** Mostly one of the last ids that an entry of this kind may have had. */
  #id(ids: readonly bigint[]): bigint {
    const dice = this.#dice;
    return dice.below(10) === 0 || ids.length === 0 ? this.#number() : dice.of(ids);
  }

  #timestamp(): CommandInput["timestamp"] {
    const dice = this.#dice;
    if (dice.below(50) === 0) {
      const seconds = dice.of([-1n, 2n ** 63n - 1n, -(2n ** 63n), 253_402_300_800n, -62_135_596_801n, this.#seconds]);
      return { seconds, nanos: dice.of([-1, 2 ** 31 - 1, -(2 ** 31), 1_000_000_000, 999_999_999]) };
    }
    if (dice.below(2000) === 0) return { seconds: 253_402_300_799n, nanos: 999_999_999 };
    if (dice.below(20) === 0) return undefined;
    this.#seconds += BigInt(dice.below(6) === 0 ? dice.below(3) : 0);
    return { seconds: this.#seconds, nanos: dice.below(1_000_000_000) };
  }

  #duration(): { seconds: bigint; nanos: number } | undefined {
    const dice = this.#dice;
    if (dice.below(3) > 0) return { seconds: BigInt(dice.below(60)), nanos: dice.below(1_000_000_000) };
    return dice.of([
      undefined,
      { seconds: 0n, nanos: 0 },
      { seconds: -1n, nanos: 5 },
      { seconds: 2n ** 63n - 1n, nanos: 2 ** 31 - 1 },
      { seconds: -(2n ** 63n), nanos: -(2 ** 31) },
      { seconds: 315_576_000_000n, nanos: 999_999_999 },
    ]);
  }

  #filter(): Uint8Array {
    const dice = this.#dice;
    const numbers = Array.from({ length: dice.below(30) }, () => this.#number());
    const good = encodeInputFilter(numbers, dice.below(60));
    switch (dice.below(10)) {
      case 0:
        return this.damage(good);
      case 1:
        return text(dice.of(["{}", "null", '{"m":1,"k":1}', '{"m":0,"k":3,"b":"AAAAAAAAAAA="}', "", "[]", '"']));
      case 2: {
        const b = dice.of(["AAAAAAAAAAA=", "AAAAAAAAAAcAAAAAAAAAFQ==", "__________8=", "AAAAAAAAAED__________w=="]);
        return text(`{"m":${this.#number()},"k":${this.#number()},"b":"${b}"}`);
      }
      default:
        return good;
    }
  }

  #operation(): OperationInput | undefined {
    const dice = this.#dice;
    if (dice.below(40) === 0) return undefined;
    const key = dice.of(["", "a", "b", "～", "\u{1f600}"]);
    const payload = dice.of<() => Uint8Array>([
      () => PutInput.encode({ key, value: dice.bytes(dice.below(5)), ttl: this.#duration() }).finish(),
      () => AcquireInput.encode({ timeout: this.#duration() }).finish(),
      () => EnterInput.encode({ candidate: key }).finish(),
      () => this.damage(PutInput.encode({ key, value: dice.bytes(4), ttl: this.#duration() }).finish()),
      () => dice.bytes(dice.below(20)),
      () => Uint8Array.of(0x0a, 3, 0xff, 0xc0, 0x80), // a string that is no UTF-8
      () => (this.#index % 2500n === 0n ? this.#megabyte : new Uint8Array(0)),
    ])();
    return { name: dice.of(operationNames), payload };
  }

  #input(): CommandInput["input"] {
    const dice = this.#dice;
    const sessionId = this.#id(this.#sessions);
    switch (dice.below(16)) {
      case 0:
        return undefined;
      case 1:
      case 2:
        if (this.#sessions.length > 3 && dice.below(4) > 0) return undefined;
        if (this.#sessions.length >= 4) this.#sessions.shift();
        this.#sessions.push(this.#index);
        return { $case: "openSession", value: { timeout: this.#duration() } };
      case 3:
        return dice.below(6) > 0 ? undefined : { $case: "closeSession", value: { sessionId } };
      case 4:
      case 5: {
        const lastOutputSequenceNums = new Map(
          Array.from({ length: dice.below(4) }, () => [this.#number(), this.#number()]),
        );
        const last = { lastInputSequenceNum: this.#number(), lastOutputSequenceNums };
        return { $case: "keepAlive", value: { sessionId, inputFilter: this.#filter(), ...last } };
      }
      case 6:
        return { $case: "sessionCommand", value: { sessionId, input: undefined } };
      case 7:
      case 8:
      case 9: {
        const spec = {
          service: dice.of([...SERVICE_KINDS, "", "constructor"]),
          namespace: "",
          name: dice.of(["", "x", "y"]),
        };
        if (this.#services.length < 12) this.#services.push(this.#index);
        const create = { $case: "createService" as const, value: { spec: dice.below(30) === 0 ? undefined : spec } };
        return { $case: "sessionCommand", value: { sessionId, input: create } };
      }
      case 10: {
        const close = { $case: "closeService" as const, value: { serviceId: this.#id(this.#services) } };
        return { $case: "sessionCommand", value: { sessionId, input: close } };
      }
      default: {
        const command = {
          serviceId: this.#id(this.#services),
          sequenceNum: this.#number(),
          operation: this.#operation(),
        };
        return { $case: "sessionCommand", value: { sessionId, input: { $case: "serviceCommand", value: command } } };
      }
    }
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function replyIsWhole({ reply }: Applied, index: bigint): boolean {
  if (reply.kind === "failure") return reply.status > 1;
  return (
    reply.outputs.every((output) => output.index === index) && (reply.complete ? true : Array.isArray(reply.outputs))
  );
}

test("2 apply is total: hostile entries and damaged snapshots", { timeout: 240_000 }, () => {
  let entries = 0;
  let snapshots = 0;
  let accepted = 0;
  const outcomes = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const hostile = new Hostile(round + 1);
    const one = reference.create();
    let other: StateMachine = reference.create();
    for (let at = 1; at <= ENTRIES_PER_ROUND; at++) {
      const index = LogIndex(BigInt(at));
      const bytes = hostile.entry();
      const entry = decodeEntry(index, bytes);
      const start = performance.now();
      const applied = one.apply(entry);
      if (performance.now() - start > WORST_MILLISECONDS)
        throw new Error(`round ${round}, entry ${at}: unbounded work`);
      const again = other.apply(decodeEntry(index, bytes));
      if (!replyIsWhole(applied, index)) throw new Error(`round ${round}, entry ${at}: a reply that is none`);
      if (at % 11 === 0) expect(again).toEqual(applied);
      const outcome = applied.reply.kind === "failure" ? `failure ${applied.reply.status}` : entryKind(entry.input);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      entries += 1;
      if (at % 500 !== 0) continue;
      const saved = one.snapshot();
      if (!same(saved, other.snapshot())) throw new Error(`round ${round}, entry ${at}: the machines differ`);
      // From here on one of the two has come back from a snapshot.
      other = reference.create();
      expect(other.restore([saved])).toEqual({ kind: "restored" });
    }
    accepted += damagedSnapshots(hostile, one.snapshot(), round);
    snapshots += SNAPSHOTS_PER_ROUND;
  }
  expect(entries).toBeGreaterThanOrEqual(100_000);
  expect(snapshots).toBeGreaterThanOrEqual(1_000);
  expect(accepted).toBeGreaterThan(0);
  // It has seen the inside of every kind of entry, not only refusals.
  for (const kind of [
    "tick",
    "openSession",
    "keepAlive",
    "closeSession",
    "createService",
    "closeService",
    "serviceCommand",
  ]) {
    expect(outcomes.get(kind) ?? 0, kind).toBeGreaterThan(100);
  }
});

function entryKind(input: CommandInput | "undecodable"): string {
  if (input === "undecodable") return input;
  if (input.input?.$case === "sessionCommand") return input.input.value.input?.$case ?? "nothing";
  return input.input?.$case ?? "tick";
}

/** Damaged ones of `saved`, half of them sealed anew: refused with the state intact, or taken for exactly what they say. */
function damagedSnapshots(hostile: Hostile, saved: Uint8Array, round: number): number {
  const opened = open(saved);
  if (opened.kind === "refused") throw new Error(opened.message);
  let accepted = 0;
  for (let i = 0; i < SNAPSHOTS_PER_ROUND; i++) {
    const resealed = i % 2 === 0;
    const bytes = resealed ? seal(hostile.damage(opened.payload)) : hostile.damage(saved);
    const machine = reference.create();
    machine.restore([saved]);
    const result = machine.restore([bytes.subarray(0, 7), bytes.subarray(7)]);
    if (result.kind === "refused") {
      if (!same(machine.snapshot(), saved)) throw new Error(`round ${round}, snapshot ${i}: half restored`);
      continue;
    }
    if (!same(machine.snapshot(), bytes)) throw new Error(`round ${round}, snapshot ${i}: taken for something else`);
    if (!resealed && !same(bytes, saved))
      throw new Error(`round ${round}, snapshot ${i}: damage was taken for a snapshot`);
    if (!same(bytes, saved)) accepted += 1;
    for (let at = 0; at < 20; at++) machine.apply(decodeEntry(LogIndex(100_000n + BigInt(at)), hostile.entry()));
    machine.snapshot();
  }
  return accepted;
}
