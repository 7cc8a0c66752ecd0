// What the model of sessions asks of a session's state, as plain functions: nothing here writes.
import { compareUints } from "../../base/key-order.js";
import type { ServiceCommandInput } from "../../proto/atomix/multiraft/v1/fsm.js";
import type { OpenNumbers } from "./filter.js";
import { sameBytes } from "./service.js";
import type { CommandState, EntryKind, ExpectedOutput, SessionState, SessionWas } from "./step.js";

const AT_MOST = 65_536n;

/** What a keep-alive means for the session's commands and numbers. */
export interface Meaning {
  /** Remembered commands up to last_input, by number. */
  readonly arrived: readonly CommandState[];
  /** Listed numbers that are no longer open. */
  readonly leaving: readonly bigint[];
  /** Numbers above the mark that are open and never arrived. */
  readonly joining: readonly bigint[];
}

/** Null where it would cover, or leave listed, more numbers than a keep-alive may. SPEC 2.2. */
export function meaningOf(session: SessionState, last: bigint, open: OpenNumbers): Meaning | null {
  const { commands, listed, mark } = session;
  const arrived = [...commands.values()].filter(({ num }) => num <= last).sort((a, b) => compareUints(a.num, b.num));
  const covered = last - mark - BigInt(arrived.filter(({ num }) => num > mark).length);
  if (covered > AT_MOST) return null;
  const leaving = [...listed.keys()].filter((num) => num <= last && !open.has(num)).sort(compareUints);
  const joining: bigint[] = [];
  for (let num = mark + 1n; num <= last; num++) if (!commands.has(num) && open.has(num)) joining.push(num);
  if (BigInt(listed.size - leaving.length + joining.length) > AT_MOST) return null;
  return { arrived, leaving, joining };
}

/** What a session is like, in one word. */
export function stateOf(session: SessionState): SessionWas {
  if (session.listed.size > 0) return "listing";
  let remembers = false;
  for (const command of session.commands.values()) {
    if (command.open) return "waiting";
    remembers = true;
  }
  if (remembers) return "remembering";
  return session.mark === 0n ? "fresh" : "idle";
}

/** What kind of entry a session_command is. */
export function kindOf(inner: "createService" | "closeService" | "serviceCommand" | undefined): EntryKind {
  switch (inner) {
    case "createService":
      return "create_service";
    case "closeService":
      return "close_service";
    case "serviceCommand":
      return "service_command";
    default:
      return "session_command";
  }
}

/** The instant at which the session is dead, inclusive. */
export const deadlineOf = (session: SessionState): bigint => session.lastUpdated + session.timeout;

/** A session's open commands, by number. */
export const openCommands = (session: SessionState): CommandState[] =>
  [...session.commands.values()].filter((command) => command.open).sort((a, b) => compareUints(a.num, b.num));

/** A command's outputs that were not acknowledged, by number. */
export const inOrder = (command: CommandState): ExpectedOutput[] =>
  [...command.pending.values()].sort((a, b) => compareUints(a.num, b.num));

/** Whether two inputs are one. Compared as decoded fields. */
export function sameInput(a: ServiceCommandInput, b: ServiceCommandInput): boolean {
  if (a.serviceId !== b.serviceId || (a.operation === undefined) !== (b.operation === undefined)) return false;
  if (a.operation === undefined || b.operation === undefined) return true;
  return a.operation.name === b.operation.name && sameBytes(a.operation.payload, b.operation.payload);
}
