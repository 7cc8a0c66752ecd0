// The state of the model of a partition, and what services' models may ask of it: the journal, the entry at hand, outputs for
// commands, answers to queries. What entries do to it stands in sessions.ts.
import type { CommandInput, QueryInput } from "../../proto/atomix/multiraft/v1/fsm.js";
import { Status } from "../../protocol/failure.js";
import { Journal } from "./journal.js";
import type { Answered, ModelRegistry, Surroundings } from "./service.js";
import { stateOf } from "./session-state.js";
import type {
  Cause,
  CommandState,
  ExpectedEmission,
  ExpectedOutput,
  ExpectedReply,
  Grave,
  Note,
  OutputKind,
  Refusal,
  ServiceState,
  SessionState,
  Step,
} from "./step.js";

/** Later than any deadline. */
export const NEVER = 1n << 100n;

/** What a query must be answered. `anything`: by a service that the judge has no model of. */
export type ExpectedQuery =
  | { readonly kind: "failure"; readonly status: Status; readonly why: Refusal }
  | { readonly kind: "output"; readonly output: Answered; readonly service: ServiceState | null }
  | { readonly kind: "anything" };

/** The step in the making: what is being found out about the entry at hand. */
export type Draft = { -readonly [Key in keyof Step]: Step[Key] };

// Most entries have none of these.
const NO_EMISSIONS: readonly ExpectedEmission[] = [];
const NO_GRAVES: readonly Grave[] = [];
const NO_NOTES: readonly Note[] = [];

/** See the top. */
export abstract class PartitionState implements Surroundings {
  readonly journal = new Journal();
  readonly sessions = new Map<bigint, SessionState>();
  readonly services = new Map<bigint, ServiceState>();
  /** Sessions that are no more. Not part of the state: it only says why. */
  readonly graves = new Map<bigint, Grave>();
  /** Log time as it stands, in nanoseconds; inside a timer: its deadline. */
  now = 0n;
  index = 0n;
  cause: Cause = "command";
  /** Log time after the last entry. */
  time = 0n;
  /** Whether there is a service that the judge has no model of. */
  hasUnmodelled = false;
  protected readonly kinds: ModelRegistry;
  protected readonly known: ReadonlySet<string>;
  protected by = 0n;
  // No timer is due before this instant; it may be earlier than the first one's deadline.
  protected nextDue = NEVER;
  protected draft: Draft = emptyDraft(0, 0n, "undecodable");

  /** @param known the kinds of service that the machine has */
  constructor(kinds: ModelRegistry, known: Iterable<string>) {
    this.kinds = kinds;
    this.known = new Set(known);
  }

  /** What `look` sees of the state as it stood after the entry at `index`. It must not change anything. */
  at<Seen>(index: bigint, look: () => Seen): Seen {
    return this.journal.before(Number(this.index - index), look);
  }

  /** Whether the state after `index` can still be looked at. */
  remembers(index: bigint): boolean {
    return index <= this.index && index >= BigInt(this.journal.forgotten);
  }

  /** How a session ended, if it had after the entry at `index`. */
  graveAt(id: bigint, index: bigint): Grave | null {
    const grave = this.graves.get(id);
    return grave !== undefined && grave.index <= index ? grave : null;
  }

  due(deadline: bigint): void {
    if (deadline < this.nextDue) this.nextDue = deadline;
  }

  /** The last entry was never stepped: everything is as it was before it. */
  undo(): void {
    this.journal.undo();
    this.now = this.time;
    // What was due is not kept for each entry; this makes the next one look.
    this.nextDue = 0n;
    for (const [id, grave] of this.graves) if (grave.index > this.index) this.graves.delete(id);
  }

  /** Lets go of all but the last entries, and of what is only kept to say why. */
  forget(kept: number): void {
    this.journal.forget(kept);
    if (this.graves.size <= 20_000) return;
    for (const id of [...this.graves.keys()].slice(0, 10_000)) this.graves.delete(id);
  }

  protected produce(
    command: CommandState,
    about: OutputKind,
    status: Status,
    payload: Uint8Array,
    complete: boolean,
  ): ExpectedOutput {
    const output = { num: command.produced + 1n, status, payload, about, line: this.draft.line };
    this.journal.set(command, "produced", output.num);
    this.journal.put(command.pending, output.num, output);
    if (complete) this.journal.set(command, "open", false);
    return output;
  }

  emit(id: bigint, num: bigint, about: OutputKind, status: Status, payload: Uint8Array, complete: boolean): void {
    const session = this.sessions.get(id) as SessionState;
    const command = session.commands.get(num) as CommandState;
    const output = this.produce(command, about, status, payload, complete);
    // Of a service without a model nobody knows what number its outputs have come to.
    if (command.service?.object === null) return;
    const emission = { session, command, output, complete, cause: this.cause, by: this.by };
    this.draft.emissions = [...this.draft.emissions, emission];
  }

  // --- queries (2.7)

  /** What a query at this very state must be answered. Changes nothing. */
  query(input: QueryInput): ExpectedQuery {
    const asked = input.input?.value;
    if (asked === undefined) return refused(Status.INVALID, "no-input");
    if (!this.sessions.has(asked.sessionId)) return refused(Status.NOT_FOUND, "no-session");
    const inner = asked.input?.value;
    if (inner === undefined) return refused(Status.INVALID, "no-input");
    const service = this.services.get(inner.serviceId) ?? null;
    const answer = (status: Status): ExpectedQuery => ({
      kind: "output",
      output: { status, payload: NOTHING, open: false },
      service,
    });
    if (service === null) return answer(Status.NOT_FOUND);
    if (!service.sessions.has(asked.sessionId)) return answer(Status.FORBIDDEN);
    if (service.object === null) return { kind: "anything" };
    const { name, payload } = inner.operation ?? { name: "", payload: NOTHING };
    return { kind: "output", output: service.object.query(name, payload), service };
  }

  note(note: Note): void {
    if (!this.draft.notes.includes(note)) this.draft.notes = [...this.draft.notes, note];
  }

  protected named(id: bigint): SessionState | null {
    const session = this.sessions.get(id) ?? null;
    this.draft.session = session;
    this.draft.sessionId = id;
    this.draft.sessionWas = session === null ? (this.graves.get(id)?.how ?? "unknown") : stateOf(session);
    return session;
  }
}

const NOTHING = new Uint8Array(0);

/** A refusal that is never numbered. */
export const refused = (status: Status, why: Refusal): { kind: "failure"; status: Status; why: Refusal } => ({
  kind: "failure",
  status,
  why,
});

/** The answer to an entry without input. */
export const TICK: ExpectedReply = { kind: "tick" };

/** A step of which nothing is known as yet. */
export function emptyDraft(line: number, index: bigint, input: CommandInput | "undecodable"): Draft {
  return {
    index,
    line,
    kind: "tick",
    input,
    reply: TICK,
    emissions: NO_EMISSIONS,
    session: null,
    sessionId: 0n,
    command: null,
    run: null,
    service: null,
    operation: "",
    ended: NO_GRAVES,
    timersRun: 0,
    notes: NO_NOTES,
    sessionWas: "none",
  };
}
