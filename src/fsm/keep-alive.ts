// What a keep-alive does: it forgets what the client gave up or has taken, lists what the client will still send, raises
// the mark, and refreshes the session. Arriving twice, late or out of order it does no harm. SPEC 2.2.
import type { KeepAliveInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { failure, Status } from "../protocol/failure.js";
import { decodeInputFilter, hashNumber, type InputFilter } from "../protocol/input-filter.js";
import type { Reply } from "../protocol/machine.js";
import { CommandNum, OutputNum, SessionId } from "../protocol/words.js";
import { answer } from "./answers.js";
import { noSuchSession } from "./sessions.js";
import type { Command, Machine, Session } from "./state.js";

/** The most numbers that one keep-alive may newly cover without their ever having arrived, and that a session may list. */
export const MAX_LISTED = 65_536;

/** What a keep-alive is about to do, found out before anything changes. */
export interface Plan {
  /** Remembered commands up to last_input, ascending. */
  readonly remembered: readonly Command[];
  /** Listed numbers that leave the list. */
  readonly unlisted: readonly CommandNum[];
  /** Numbers that are listed from now on, ascending. */
  readonly listed: readonly CommandNum[];
}

export interface KeepAlive {
  take(m: Machine, input: KeepAliveInput): Reply;
  readFilter(bytes: Uint8Array): InputFilter | undefined;
  /** undefined where it would ask for more work than a keep-alive may. */
  plan(m: Machine, session: Session, lastInput: CommandNum, filter: InputFilter): Plan | undefined;
  /** Remembered commands up to last_input, ascending. */
  reached(m: Machine, session: Session, lastInput: CommandNum): Command[];
  /** Numbers above the mark, up to last_input, that were never seen here; undefined where they are too many. */
  uncovered(session: Session, lastInput: CommandNum, remembered: readonly Command[]): CommandNum[] | undefined;
  holds(filter: InputFilter, command: Command): boolean;
  /** One remembered command: forgotten, or rid of its acknowledged outputs. */
  examine(m: Machine, session: Session, command: Command, filter: InputFilter, input: KeepAliveInput): void;
  list(session: Session, plan: Plan): void;
  raiseMark(session: Session, lastInput: CommandNum): void;
}

export const keepAlive: KeepAlive = {
  take(m, input) {
    const { keepAlive: part, sessions } = m.parts;
    const session = sessions.find(m, SessionId(input.sessionId));
    if (session === undefined) return noSuchSession(SessionId(input.sessionId));
    const filter = part.readFilter(input.inputFilter);
    if (filter === undefined) return failure(Status.INVALID, "the input filter is none");
    const lastInput = CommandNum(input.lastInputSequenceNum);
    const plan = part.plan(m, session, lastInput, filter);
    if (plan === undefined) return failure(Status.INVALID, `more than ${MAX_LISTED} numbers to cover or to list`);
    for (const command of plan.remembered) part.examine(m, session, command, filter, input);
    part.list(session, plan);
    part.raiseMark(session, lastInput);
    sessions.refresh(m, session);
    return answer(m, { $case: "keepAlive", value: {} });
  },

  readFilter: (bytes) => decodeInputFilter(bytes),

  plan(m, session, lastInput, filter) {
    const { keepAlive: part } = m.parts;
    const remembered = part.reached(m, session, lastInput);
    const uncovered = part.uncovered(session, lastInput, remembered);
    if (uncovered === undefined) return undefined;
    const unlisted: CommandNum[] = [];
    for (const number of session.listed) {
      if (number > lastInput) break;
      if (!filter.has(number)) unlisted.push(number);
    }
    const listed = uncovered.filter((number) => filter.has(number));
    if (session.listed.size - unlisted.length + listed.length > MAX_LISTED) return undefined;
    return { remembered, unlisted, listed };
  },

  reached(m, session, lastInput) {
    const reached: Command[] = [];
    for (const command of m.parts.commands.ascending(session)) {
      if (command.number > lastInput) break;
      reached.push(command);
    }
    return reached;
  },

  uncovered(session, lastInput, remembered) {
    const { mark } = session;
    if (lastInput <= mark) return [];
    const above = remembered.filter((command) => command.number > mark);
    // The difference first: between two numbers of 64 bits lies more than anyone could count.
    if (lastInput - mark - BigInt(above.length) > BigInt(MAX_LISTED)) return undefined;
    const numbers: CommandNum[] = [];
    let next: bigint = mark + 1n;
    for (const { number } of above) {
      for (; next < number; next++) numbers.push(CommandNum(next));
      next = number + 1n;
    }
    for (; next <= lastInput; next++) numbers.push(CommandNum(next));
    return numbers;
  },

  holds(filter, command) {
    command.words ??= hashNumber(command.number);
    return filter.hasWords(command.words);
  },

  examine(m, session, command, filter, input) {
    const { keepAlive: part, commands } = m.parts;
    if (!part.holds(filter, command)) {
      commands.forget(m, session, command);
      return;
    }
    const acknowledged = input.lastOutputSequenceNums.get(command.number);
    if (acknowledged !== undefined) commands.acknowledge(command, OutputNum(acknowledged));
  },

  list(session, plan) {
    for (const number of plan.unlisted) session.listed.delete(number);
    // Every number listed before is at most the mark, and these are above it: the set stays in ascending order.
    for (const number of plan.listed) session.listed.add(number);
  },

  raiseMark(session, lastInput) {
    if (lastInput > session.mark) session.mark = lastInput;
  },
};
