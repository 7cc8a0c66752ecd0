// What clients saw of each service, as a history for the search: operations in real time (line numbers), unknown outcomes
// kept open, and beside them what took effect without a client of ours – the ends of sessions, commands that others sent under
// a client's number. The search is asked where the log's own order is disputed, and on some seeds by itself.
import {
  CompareAndSetInput,
  CounterOutput,
  DecrementInput,
  IncrementInput,
  SetInput as CounterSetInput,
} from "../proto/multiraft_sim/counter/v1/counter.js";
import { EnterInput, Term } from "../proto/multiraft_sim/election/v1/election.js";
import { AcquireOutput, GetOutput as LockGetOutput, ReleaseInput } from "../proto/multiraft_sim/lock/v1/lock.js";
import {
  EntriesOutput,
  GetInput as MapGetInput,
  GetOutput as MapGetOutput,
  PutInput,
  RemoveInput,
  SizeOutput,
  UpdateInput as MapUpdateInput,
  WriteOutput,
} from "../proto/multiraft_sim/map/v1/map.js";
import { AddInput, ChangeOutput, ContainsOutput, ElementsOutput } from "../proto/multiraft_sim/set/v1/set.js";
import { DeleteInput, SetInput as ValueSetInput, UpdateInput } from "../proto/multiraft_sim/value/v1/value.js";
import { Status } from "../protocol/failure.js";
import type { InvokeLine, ReturnLine } from "../trace/line.js";
import { check } from "./linearizability/check.js";
import type { Operation } from "./linearizability/history.js";
import type { Model } from "./linearizability/model.js";
import { counterService } from "./linearizability/models/counter-service.js";
import { electionService } from "./linearizability/models/election-service.js";
import { lockService } from "./linearizability/models/lock-service.js";
import { mapService, type MapServiceInput, type MapServiceOutput } from "./linearizability/models/map-service.js";
import { setService, type SetInput, type SetOutput } from "./linearizability/models/set-service.js";
import { valueService } from "./linearizability/models/value-service.js";
import { sameBytes } from "./models/service.js";
import type { Step } from "./models/step.js";
import { statusName } from "./shapes.js";

/** Configurations that one search may look at. The same on every machine. */
const CONFIGURATIONS = 50_000;
/** A service with more operations than this is not recorded: the log's own order judges it. */
const RECORDED = 2_000;

/** What a search came to. */
export interface Searched {
  readonly verdict: "legal" | "illegal" | "undecided";
  /** Why undecided. */
  readonly reason?: string;
  /** Lines of operations that contradict each other. */
  readonly lines: readonly number[];
}

type Kept = { -readonly [Key in keyof Operation]: Operation[Key] };

interface Recorded {
  readonly kind: string;
  readonly operations: Kept[];
  tooLong: boolean;
}

export class Histories {
  readonly #services = new Map<string, Recorded>();
  // Commands that a client of ours began, until they are committed: by partition, session and number.
  readonly #begun = new Map<string, InvokeLine>();
  readonly #open = new Map<InvokeLine, Kept>();

  invoke(line: InvokeLine, at: number): void {
    if (this.#services.get(`${line.partition}/${line.service}`)?.tooLong === true) return;
    if (line.command !== undefined) this.#begun.set(`${line.partition}/${line.session}/${line.command}`, line);
    else if (line.sync !== true) return;
    const input = inputOf(line.spec.service, line.operation, line.payload, line.session);
    if (input === null) return;
    const process = `${line.client}.${line.incarnation}`;
    const kept: Kept = { process, input, outcome: "unknown", call: at, return: Infinity };
    if (this.#keep(line.partition, line.service, line.spec.service, kept)) this.#open.set(line, kept);
  }

  returned(invoke: InvokeLine, line: ReturnLine, at: number): void {
    const kept = this.#open.get(invoke);
    if (kept === undefined) return;
    this.#open.delete(invoke);
    if (line.outcome !== "ok" || line.status === undefined) {
      if (invoke.command === undefined) kept.outcome = "fail";
      return;
    }
    const answer = outputOf(invoke.spec.service, invoke.operation, line.status, line.payload ?? NOTHING);
    // Refused before it reached the service: it had no effect.
    kept.outcome = answer === null ? "fail" : "ok";
    kept.output = answer ?? undefined;
    kept.return = at;
  }

  /** An entry was committed: sessions may have ended, and a command of somebody else's may have run. */
  committed(partition: number, step: Step, at: number): void {
    for (const { id, used } of step.ended) for (const service of used) this.#end(partition, service, id, at);
    if (step.kind === "close_service" && step.service !== null && step.reply.kind === "service-closed") {
      this.#end(partition, step.service.id, step.sessionId, at);
    }
    const { command } = step;
    if (command === null || command.service === null || (step.run !== "first" && step.run !== "listed")) return;
    const name = `${partition}/${command.session}/${command.num}`;
    const begun = this.#begun.get(name);
    this.#begun.delete(name);
    const operation = command.input.operation?.name ?? "";
    const payload = command.input.operation?.payload ?? NOTHING;
    if (begun !== undefined && begun.operation === operation && sameBytes(begun.payload, payload)) return;
    const kind = command.service.spec.service;
    const input = inputOf(kind, operation, payload, command.session);
    if (input === null) return;
    const kept: Kept = { process: "another", input, outcome: "unknown", call: at, return: Infinity };
    this.#keep(partition, command.service.id, kind, kept);
  }

  #end(partition: number, service: bigint, session: bigint, at: number): void {
    const recorded = this.#services.get(`${partition}/${service}`);
    if (recorded === undefined || (recorded.kind !== "lock" && recorded.kind !== "election")) return;
    const input = { f: "End", session };
    const kept: Kept = { process: "end", input, outcome: "unknown", call: at, return: Infinity };
    this.#keep(partition, service, recorded.kind, kept);
  }

  #keep(partition: number, service: bigint, kind: string, kept: Kept): boolean {
    const name = `${partition}/${service}`;
    let recorded = this.#services.get(name);
    if (recorded === undefined) this.#services.set(name, (recorded = { kind, operations: [], tooLong: false }));
    if (recorded.tooLong) return false;
    recorded.operations.push(kept);
    if (recorded.operations.length <= RECORDED) return true;
    recorded.tooLong = true;
    recorded.operations.length = 0;
    return false;
  }

  /** The services that can be searched: partition/service, kind. */
  *services(): Iterable<{ readonly name: string; readonly kind: string }> {
    for (const [name, { kind, tooLong }] of this.#services) if (!tooLong) yield { name, kind };
  }

  /** Whether there is a legal order of what clients saw of a service. */
  search(name: string): Searched {
    const recorded = this.#services.get(name);
    if (recorded === undefined || recorded.tooLong) {
      return { verdict: "undecided", reason: "the history is too long to be searched", lines: [] };
    }
    const { operations, kind } = recorded;
    const model = modelOf(kind, operations);
    if (model === null) return { verdict: "undecided", reason: "the search has no model of the service", lines: [] };
    const answer = check(model, operations, { configurations: CONFIGURATIONS });
    if (answer.verdict === "linearizable") return { verdict: "legal", lines: [] };
    if (answer.verdict === "undecided") {
      return { verdict: "undecided", reason: `the search ran out of ${answer.exhausted}`, lines: [] };
    }
    const { blocked } = answer.explanation;
    const last = operations[blocked];
    return { verdict: "illegal", lines: last === undefined ? [] : [last.call, last.return].filter(Number.isFinite) };
  }
}

const NOTHING = new Uint8Array(0);

function modelOf(kind: string, operations: readonly Kept[]): Model<unknown, unknown, unknown> | null {
  switch (kind) {
    case "counter":
      return counterService as Model<unknown, unknown, unknown>;
    case "value":
      return valueService as Model<unknown, unknown, unknown>;
    case "map":
      return mapService(operations as Operation<MapServiceInput, MapServiceOutput>[]) as Model<
        unknown,
        unknown,
        unknown
      >;
    case "set":
      return setService(operations as Operation<SetInput, SetOutput>[]) as Model<unknown, unknown, unknown>;
    case "lock":
      return lockService as Model<unknown, unknown, unknown>;
    case "election":
      return electionService as Model<unknown, unknown, unknown>;
    default:
      return null;
  }
}

// What is asked, in the words of the search's models; null for what they do not know: streams, and what is refused by shape.
function inputOf(kind: string, f: string, payload: Uint8Array, session: bigint): unknown {
  try {
    return INPUTS[kind]?.(f, payload, session) ?? null;
  } catch {
    return null;
  }
}

const text = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

const INPUTS: Readonly<Record<string, (f: string, payload: Uint8Array, session: bigint) => unknown>> = {
  counter: (f, payload) => {
    if (f === "Get") return { f };
    if (f === "Set") return { f, value: CounterSetInput.decode(payload).value };
    if (f === "CompareAndSet") return { f, ...CompareAndSetInput.decode(payload) };
    if (f === "Increment") return { f, delta: IncrementInput.decode(payload).delta ?? 1n };
    return f === "Decrement" ? { f, delta: DecrementInput.decode(payload).delta ?? 1n } : null;
  },
  value: (f, payload) => {
    if (f === "Get") return { f };
    if (f === "Set" || f === "Insert") {
      const { value, ttl } = ValueSetInput.decode(payload);
      return { f, value: text(value), ttl: lives(ttl) };
    }
    if (f === "Update") {
      const { value, version, ttl } = UpdateInput.decode(payload);
      return withVersion({ f, value: text(value), ttl: lives(ttl) }, version);
    }
    return f === "Delete" ? withVersion({ f }, DeleteInput.decode(payload).version) : null;
  },
  map: (f, payload) => {
    if (f === "Clear" || f === "Size" || f === "Entries") return { f };
    if (f === "Get") return { f, key: MapGetInput.decode(payload).key };
    if (f === "Put" || f === "Insert") {
      const { key, value, ttl } = PutInput.decode(payload);
      return { f, key, value: text(value), ttl: lives(ttl) };
    }
    if (f === "Update") {
      const { key, value, version, ttl } = MapUpdateInput.decode(payload);
      return withVersion({ f, key, value: text(value), ttl: lives(ttl) }, version);
    }
    if (f !== "Remove") return null;
    const { key, version } = RemoveInput.decode(payload);
    return withVersion({ f, key }, version);
  },
  set: (f, payload) => {
    if (f === "Clear" || f === "Size" || f === "Elements") return { f };
    return f === "Events" ? null : { f, element: AddInput.decode(payload).element };
  },
  lock: (f, payload, session) => {
    if (f === "Get") return { f };
    if (f === "Acquire") return { f, session };
    const { token } = ReleaseInput.decode(payload);
    return token === undefined ? { f, session } : { f, session, token };
  },
  election: (f, payload, session) => {
    if (f === "GetTerm") return { f };
    return f === "Events" ? null : { f, session, candidate: EnterInput.decode(payload).candidate };
  },
};

const lives = (ttl: { readonly seconds: bigint; readonly nanos: number } | undefined): boolean =>
  ttl !== undefined && (ttl.seconds !== 0n || ttl.nanos !== 0);

const withVersion = <Input>(input: Input, version: bigint | undefined): Input | (Input & { version: bigint }) =>
  version === undefined ? input : { ...input, version };

const ANSWERED = new Set<Status>([Status.OK, Status.NOT_FOUND, Status.CONFLICT, Status.ALREADY_EXISTS, Status.TIMEOUT]);

// What was answered; null where the operation never reached the service.
function outputOf(kind: string, f: string, status: Status, payload: Uint8Array): unknown {
  if (!ANSWERED.has(status)) return null;
  const name = statusName(status);
  if (status !== Status.OK) return kind === "set" ? null : { status: name };
  return { status: name, ...OUTPUTS[kind]?.(f, payload) };
}

const OUTPUTS: Readonly<Record<string, (f: string, payload: Uint8Array) => object>> = {
  counter: (_, payload) => CounterOutput.decode(payload),
  value: (f, payload) => shown(f, payload, ["Get", "Delete"]),
  map: (f, payload) => {
    if (f === "Size") return { size: Number(SizeOutput.decode(payload).size) };
    if (f !== "Entries") return f === "Clear" ? {} : shown(f, payload, ["Get", "Remove"]);
    return { entries: EntriesOutput.decode(payload).entries.map(({ key, value }) => ({ key, value: text(value) })) };
  },
  set: (f, payload) => {
    if (f === "Size") return { size: Number(SizeOutput.decode(payload).size) };
    if (f === "Elements") return ElementsOutput.decode(payload);
    if (f === "Contains") return ContainsOutput.decode(payload);
    return f === "Clear" ? {} : ChangeOutput.decode(payload);
  },
  lock: (f, payload) => {
    if (f === "Acquire") return AcquireOutput.decode(payload);
    const { holder } = f === "Get" ? LockGetOutput.decode(payload) : { holder: undefined };
    return holder === undefined ? { session: null, token: null } : { session: holder.sessionId, token: holder.token };
  },
  election: (_, payload) => {
    const { term, leader, candidates } = Term.decode(payload);
    return { term, leader: leader ?? null, candidates };
  },
};

// Writes answer their version; what shows an entry answers its value, too.
function shown(f: string, payload: Uint8Array, showing: readonly string[]): object {
  if (!showing.includes(f)) return { version: WriteOutput.decode(payload).version };
  const { value, version } = MapGetOutput.decode(payload);
  return { value: text(value), version };
}
