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
import type { Answer } from "./linearizability/answer.js";
import { check } from "./linearizability/check.js";
import type { Operation } from "./linearizability/history.js";
import type { Model } from "./linearizability/model.js";
import { counterService } from "./linearizability/models/counter-service.js";
import { electionService } from "./linearizability/models/election-service.js";
import { lockService } from "./linearizability/models/lock-service.js";
import { mapService, type MapServiceInput, type MapServiceOutput } from "./linearizability/models/map-service.js";
import { setService, type SetInput, type SetOutput } from "./linearizability/models/set-service.js";
import { valueService } from "./linearizability/models/value-service.js";
import { type Asked, NotSequential } from "./models/own-sequential.js";
import { type ModelRegistry, sameBytes } from "./models/service.js";
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
  /** Lines of an operation that no order has a place for. Costs another search. */
  lines(): readonly number[];
}

// What was asked, and how it ended; put into the words of the search's models only when there is a search.
interface Kept {
  readonly process: string;
  readonly operation: string;
  readonly payload: Uint8Array;
  readonly session: bigint;
  readonly call: number;
  readonly isCommand: boolean;
  /** No operation: a session's use of the service ended. */
  readonly ends: boolean;
  end: ReturnLine | null;
  return: number;
}

/** The history of one service, and the search's answer to it. */
export interface SearchedHistory {
  readonly kind: string;
  readonly operations: readonly Operation[];
  readonly answer: Answer;
  readonly describe: (operation: number) => string;
}

interface Recorded {
  readonly kind: string;
  readonly kept: Kept[];
  tooLong: boolean;
}

/** The end of a session, among the operations of the services that it had open. */
const END = "End";

export class Histories {
  readonly #services = new Map<string, Recorded>();
  // Commands that a client of ours began, until they are committed: by partition, session and number.
  readonly #begun = new Map<string, InvokeLine>();
  readonly #open = new Map<InvokeLine, Kept>();
  readonly #kinds: ModelRegistry;

  /** @param kinds the judge's models, of which those of a user's own are searched with */
  constructor(kinds: ModelRegistry = {}) {
    this.#kinds = kinds;
  }

  invoke(line: InvokeLine, at: number): void {
    const isCommand = line.command !== undefined;
    if (line.operation === "Events" || (!isCommand && line.sync !== true)) return;
    const process = `${line.client}.${line.incarnation}`;
    const { operation, payload, session } = line;
    const head = { process, operation, payload, session, call: at, isCommand };
    const kept: Kept = { ...head, ends: false, end: null, return: Infinity };
    if (!this.#keep(line.partition, line.service, line.spec.service, kept)) return;
    this.#open.set(line, kept);
    if (isCommand) this.#begun.set(`${line.partition}/${line.session}/${line.command}`, line);
  }

  returned(invoke: InvokeLine, line: ReturnLine, at: number): void {
    const kept = this.#open.get(invoke);
    if (kept === undefined) return;
    this.#open.delete(invoke);
    kept.end = line;
    kept.return = at;
  }

  /** An entry was committed: sessions may have ended, and a command of somebody else's may have run. */
  committed(partition: number, step: Step, at: number): void {
    for (const { id, used } of step.ended) for (const service of used) this.#ended(partition, service, id, at);
    if (step.kind === "close_service" && step.service !== null && step.reply.kind === "service-closed") {
      this.#ended(partition, step.service.id, step.sessionId, at);
    }
    const { command } = step;
    if (command === null || command.service === null || (step.run !== "first" && step.run !== "listed")) return;
    const { operation } = step;
    if (operation === "Events") return;
    const name = `${partition}/${command.session}/${command.num}`;
    const begun = this.#begun.get(name);
    this.#begun.delete(name);
    const payload = command.input.operation?.payload ?? NOTHING;
    if (begun !== undefined && begun.operation === operation && sameBytes(begun.payload, payload)) return;
    this.#happened(
      partition,
      command.service.id,
      command.service.spec.service,
      operation,
      payload,
      command.session,
      at,
    );
  }

  #ended(partition: number, service: bigint, session: bigint, at: number): void {
    const kind = this.#services.get(`${partition}/${service}`)?.kind;
    if (kind === undefined) return;
    const matters = kind === "lock" || kind === "election" || this.#kinds[kind]?.sequential?.endsMatter === true;
    if (matters) this.#happened(partition, service, kind, END, NOTHING, session, at, true);
  }

  // Something took effect that no client of ours was told of.
  #happened(
    partition: number,
    service: bigint,
    kind: string,
    operation: string,
    payload: Uint8Array,
    session: bigint,
    call: number,
    ends = false,
  ): void {
    const kept = {
      process: "another",
      operation,
      payload,
      session,
      call,
      isCommand: true,
      ends,
      end: null,
      return: Infinity,
    };
    this.#keep(partition, service, kind, kept);
  }

  #keep(partition: number, service: bigint, kind: string, kept: Kept): boolean {
    const name = `${partition}/${service}`;
    let recorded = this.#services.get(name);
    if (recorded === undefined) this.#services.set(name, (recorded = { kind, kept: [], tooLong: false }));
    if (recorded.tooLong) return false;
    recorded.kept.push(kept);
    if (recorded.kept.length <= RECORDED) return true;
    recorded.tooLong = true;
    recorded.kept.length = 0;
    return false;
  }

  /** The services that can be searched: partition/service, kind. */
  *services(): Iterable<{ readonly name: string; readonly kind: string }> {
    for (const [name, { kind, tooLong }] of this.#services) if (!tooLong) yield { name, kind };
  }

  /** Whether there is a legal order of what clients saw of a service. */
  search(name: string): Searched {
    const history = this.history(name);
    if (typeof history === "string") return { verdict: "undecided", reason: history, lines: nowhere };
    const { operations, answer } = history;
    if (answer.verdict === "linearizable") return { verdict: "legal", lines: nowhere };
    if (answer.verdict === "undecided") {
      return { verdict: "undecided", reason: `the search ran out of ${answer.exhausted}`, lines: nowhere };
    }
    const lines = (): number[] => {
      const blocked = operations[answer.explanation.blocked];
      return blocked === undefined ? [] : [blocked.call, blocked.return].filter(Number.isFinite);
    };
    return { verdict: "illegal", lines };
  }

  /** What clients saw of a service, searched; or why it can't be. */
  history(name: string): SearchedHistory | string {
    const recorded = this.#services.get(name);
    if (recorded === undefined || recorded.tooLong) return "the history is too long to be searched";
    const { kept, kind } = recorded;
    const own = this.#kinds[kind]?.sequential;
    const operations = kept.flatMap((each) => (own === undefined ? operationOf(kind, each) : askedOf(each)) ?? []);
    const model = (own as Model<unknown, unknown, unknown> | undefined) ?? modelOf(kind, operations);
    if (model === null) return "the search has no model of the service";
    const describe = (place: number): string => {
      const { input, output } = operations[place] as Operation;
      return model.describeOperation?.(input, output) ?? `operation ${place}`;
    };
    try {
      return { kind, operations, answer: check(model, operations, { configurations: CONFIGURATIONS }), describe };
    } catch (reason) {
      if (reason instanceof NotSequential) return reason.message;
      throw reason;
    }
  }
}

const NOTHING = new Uint8Array(0);
const nowhere = (): readonly number[] => [];

// In the words of the search's models; null for what they do not know, and for what never reached the service.
function operationOf(kind: string, kept: Kept): Operation | null {
  const { process, operation, call, end, isCommand } = kept;
  const input = inputOf(kind, operation, kept.payload, kept.session);
  if (input === null) return null;
  if (end?.outcome !== "ok" || end.status === undefined) {
    return isCommand ? { process, input, outcome: "unknown", call, return: Infinity } : null;
  }
  const output = outputOf(kind, operation, end.status, end.payload ?? NOTHING);
  return output === null ? null : { process, input, output, outcome: "ok", call, return: kept.return };
}

/** The same of a kind of a user's own. Who was not let in, or was called off, may have changed something before. */
function askedOf({
  process,
  operation,
  payload,
  session,
  call,
  end,
  isCommand,
  ends,
  return: at,
}: Kept): Operation | null {
  const how: Asked["how"] = ends ? "end" : isCommand ? "command" : "query";
  const input: Asked = { how, operation, payload, session };
  const answered = end?.outcome === "ok" && end.status !== undefined && !NEVER_REACHED.has(end.status);
  if (!answered) return isCommand ? { process, input, outcome: "unknown", call, return: Infinity } : null;
  const output = { status: end.status, payload: end.payload ?? NOTHING };
  return { process, input, output, outcome: "ok", call, return: at };
}

const NEVER_REACHED = new Set<Status>([Status.FORBIDDEN, Status.CANCELED]);

function modelOf(kind: string, operations: readonly Operation[]): Model<unknown, unknown, unknown> | null {
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
    return f === END ? { f, session } : (INPUTS[kind]?.(f, payload, session) ?? null);
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
