// Compares a saved state with the model as it stood at that index, field by field. The model is looked at, never changed.
import { compareUints } from "../base/key-order.js";
import { instantInWords, toNanos, type SecondsAndNanos } from "../base/time.js";
import {
  CommandState as SavedCommandState,
  type CommandSnapshot,
  type PartitionSnapshot,
  type ServiceCommandOutput,
  type ServiceSnapshot,
  type SessionSnapshot,
} from "../proto/atomix/multiraft/v1/fsm.js";
import { codecOf, operationIsAsExpected } from "./answers.js";
import type { StateDifference } from "./difference.js";
import { type DataDifference, type ModelRegistry, sameBytes } from "./models/service.js";
import { inOrder } from "./models/session-state.js";
import type { PartitionModel } from "./models/sessions.js";
import type { CommandState, ServiceState, SessionState } from "./models/step.js";

/** What a comparison came to. */
export interface Compared {
  readonly differences: readonly StateDifference[];
  /** Whether every service's data is the model's to the byte. */
  readonly sameData: boolean;
}

/** All in which `saved` differs from the model as it stands; `index`: what it was saved at. */
export function compareStates(
  saved: PartitionSnapshot,
  index: bigint,
  model: PartitionModel,
  kinds: ModelRegistry,
): Compared {
  const found: StateDifference[] = [];
  if (saved.index !== index) {
    const says = `the saved state names index ${saved.index}, and was saved at ${index}`;
    found.push({ what: "index", says, lines: [], expected: "the index applied last", got: "another index" });
  }
  const time = nanosOf(saved.timestamp);
  if (time !== model.time) {
    const got = time === null ? "none" : time < model.time ? "earlier" : "later";
    const says = `log time should be ${instantInWords(model.time)}, and is ${time === null ? "missing" : instantInWords(time)}`;
    found.push({ what: "time", says, lines: [], expected: "the greatest timestamp applied", got });
  }
  compareSessions(saved, index, model, kinds, found);
  return { sameData: compareServices(saved, model, found), differences: found };
}

function compareSessions(
  saved: PartitionSnapshot,
  index: bigint,
  model: PartitionModel,
  kinds: ModelRegistry,
  found: StateDifference[],
): void {
  let matched = 0;
  for (const theirs of saved.sessions) {
    const session = model.sessions.get(theirs.sessionId);
    if (session !== undefined) {
      matched++;
      compareSession(theirs, session, kinds, found);
      continue;
    }
    const grave = model.graveAt(theirs.sessionId, index);
    found.push({
      what: "session-extra",
      id: theirs.sessionId,
      grave,
      says: `session ${theirs.sessionId} should ${grave === null ? "never have been" : `have ${grave.how}`}, and is there`,
      lines: grave === null ? [] : [grave.refreshedLine, grave.line],
      expected: grave === null ? "no such session" : `a session that has ${grave.how}`,
      got: "a living session",
    });
  }
  if (matched === model.sessions.size) return;
  const theirs = new Set(saved.sessions.map((session) => session.sessionId));
  for (const session of [...model.sessions.values()].sort((a, b) => compareUints(a.id, b.id))) {
    if (theirs.has(session.id)) continue;
    const says = `session ${session.id} should live until ${instantInWords(session.lastUpdated + session.timeout)}, and is gone`;
    const lines = [session.openedLine, session.refreshedLine];
    found.push({ what: "session-missing", session, says, lines, expected: "a living session", got: "no such session" });
  }
}

function compareSession(
  saved: SessionSnapshot,
  session: SessionState,
  kinds: ModelRegistry,
  found: StateDifference[],
): void {
  const { id } = session;
  if (nanosOf(saved.timeout) !== session.timeout) {
    const says = `session ${id} was opened with another time-out than is saved`;
    const lines = [session.openedLine];
    found.push({ what: "timeout", session, says, lines, expected: "the time-out of its opening", got: "another" });
  }
  const updated = nanosOf(saved.lastUpdated);
  if (updated !== session.lastUpdated) {
    const later = updated !== null && updated > session.lastUpdated;
    const says = `session ${id} was refreshed last at ${instantInWords(session.lastUpdated)}, and is saved as refreshed at ${updated === null ? "no time" : instantInWords(updated)}`;
    const lines = [session.openedLine, session.refreshedLine];
    const got = later ? "a later one" : "an earlier one";
    found.push({
      what: "last-updated",
      session,
      says,
      lines,
      expected: "the instant of its last keep-alive",
      got,
      later,
    });
  }
  compareCommands(saved, session, kinds, found);
}

interface SavedCommands {
  mark: bigint;
  readonly listed: Set<bigint>;
  readonly commands: Map<bigint, CommandSnapshot>;
}

function sortCommands(saved: SessionSnapshot): SavedCommands {
  const sorted: SavedCommands = { mark: 0n, listed: new Set(), commands: new Map() };
  for (const command of saved.commands) {
    const num = command.commandSequenceNum;
    if (command.input !== undefined) sorted.commands.set(num, command);
    else if (command.state === SavedCommandState.COMMAND_OPEN) sorted.listed.add(num);
    else sorted.mark = num;
  }
  return sorted;
}

function compareCommands(
  saved: SessionSnapshot,
  session: SessionState,
  kinds: ModelRegistry,
  found: StateDifference[],
): void {
  const theirs = sortCommands(saved);
  const { id } = session;
  const lines = [session.refreshedLine];
  if (theirs.mark !== session.mark) {
    const lower = theirs.mark < session.mark;
    const says = `the mark of session ${id} should be ${session.mark}, and is ${theirs.mark}`;
    const expected = "the highest last_input";
    found.push({ what: "mark", session, says, lines, lower, expected, got: lower ? "a lower mark" : "a higher mark" });
  }
  const unguarded = unguardedNumber(session, theirs);
  if (unguarded !== null) {
    const command = session.commands.get(unguarded);
    const says = `number ${unguarded} of session ${id} has run or was given up; by the saved state it would run again`;
    found.push({
      what: "guard",
      session,
      num: unguarded,
      says,
      lines: command === undefined ? lines : [command.line],
      expected: "a number that cannot run again",
      got: "a number that can",
    });
  }
  for (const num of session.listed.keys()) {
    if (theirs.listed.has(num)) continue;
    const says = `number ${num} of session ${id} is held open by its client, and is not listed`;
    const line = session.listed.get(num) as number;
    found.push({ what: "listed-missing", session, num, says, lines: [line], expected: "a listed number", got: "none" });
  }
  for (const num of theirs.listed) {
    if (session.listed.has(num)) continue;
    const says = `number ${num} of session ${id} is listed, and should not be`;
    found.push({
      what: "listed-extra",
      session,
      num,
      says,
      lines,
      expected: "no listed number",
      got: "a listed number",
    });
  }
  for (const command of session.commands.values()) {
    const other = theirs.commands.get(command.num);
    if (other !== undefined) {
      theirs.commands.delete(command.num);
      compareCommand(other, command, session, kinds, found);
      continue;
    }
    const says = `command ${command.num} of session ${id} should be remembered, and is not`;
    const keptAliveSince = session.keptAliveAt > command.index;
    const at = keptAliveSince ? [command.line, session.refreshedLine] : [command.line];
    const expected = `a remembered command, ${command.open ? "open" : "complete"}`;
    found.push({ what: "command-missing", session, command, keptAliveSince, says, lines: at, expected, got: "none" });
  }
  for (const num of theirs.commands.keys()) {
    const forgotten = num <= session.mark;
    const says = `command ${num} of session ${id} is remembered, and should ${forgotten ? "be forgotten" : "never have run"}`;
    found.push({
      what: "command-extra",
      session,
      num,
      forgotten,
      says,
      lines,
      expected: "none",
      got: "a remembered command",
    });
  }
}

// A number that the model has run or forgotten, and that the saved state would let run: the smallest of those that matter.
function unguardedNumber(session: SessionState, theirs: SavedCommands): bigint | null {
  const wouldRun = (num: bigint): boolean => !theirs.commands.has(num) && (num > theirs.mark || theirs.listed.has(num));
  for (const num of session.commands.keys()) if (wouldRun(num)) return num;
  for (const num of theirs.listed) {
    if (num <= session.mark && !session.listed.has(num) && wouldRun(num)) return num;
  }
  const to = session.mark;
  let looked = 0;
  for (let num = theirs.mark + 1n; num <= to && looked < 1000; num++, looked++) {
    if (!session.listed.has(num) && wouldRun(num)) return num;
  }
  return null;
}

function compareCommand(
  saved: CommandSnapshot,
  command: CommandState,
  session: SessionState,
  kinds: ModelRegistry,
  found: StateDifference[],
): void {
  const what = `command ${command.num} of session ${command.session}`;
  const lines = [command.line];
  const { input } = saved;
  const mine = command.input;
  const same =
    input !== undefined &&
    input.serviceId === mine.serviceId &&
    input.sequenceNum === mine.sequenceNum &&
    (input.operation?.name ?? "") === (mine.operation?.name ?? "") &&
    sameBytes(input.operation?.payload ?? NOTHING, mine.operation?.payload ?? NOTHING);
  if (!same) {
    found.push({
      what: "command-input",
      session,
      command,
      says: `${what} is saved with another input`,
      lines,
      expected: "its input",
      got: "another",
    });
  }
  if (command.service !== null && command.service.object === null) return;
  const open = saved.state === SavedCommandState.COMMAND_OPEN;
  if (open !== command.open) {
    const word = (isOpen: boolean): string => (isOpen ? "open" : "complete");
    const says = `${what} should be ${word(command.open)}, and is saved as ${word(open)}`;
    found.push({ what: "command-state", session, command, says, lines, expected: word(command.open), got: word(open) });
  }
  comparePending(saved.pendingOutputs, command, what, kinds, found);
}

// The common case, without making anything.
function pendingIsSame(saved: readonly ServiceCommandOutput[], command: CommandState, kinds: ModelRegistry): boolean {
  const { pending } = command;
  if (saved.length !== pending.size || (pending.size === 0 && command.open && command.produced > 0n)) return false;
  for (const { sequenceNum, operation } of saved) {
    const mine = pending.get(sequenceNum);
    if (mine === undefined || operation === undefined) return false;
    const codec = codecOf(command.service, command.input.operation?.name ?? "", mine, kinds);
    if (!operationIsAsExpected(mine.status, mine.payload, operation, codec)) return false;
  }
  return true;
}

function comparePending(
  saved: readonly ServiceCommandOutput[],
  command: CommandState,
  what: string,
  kinds: ModelRegistry,
  found: StateDifference[],
): void {
  if (pendingIsSame(saved, command, kinds)) return;
  const mine = inOrder(command);
  const outputs = saved.filter((output) => output.operation !== undefined);
  const lines = [command.line];
  const marker = command.open && mine.length === 0 ? command.produced : 0n;
  const theirMarker = saved.find((output) => output.operation === undefined)?.sequenceNum ?? 0n;
  if (marker !== theirMarker && (outputs.length === 0 ? mine.length === 0 : marker === 0n)) {
    const says = `numbering of ${what} should go on after ${marker}; the saved state says after ${theirMarker}`;
    const got = theirMarker === 0n ? "no marker" : "another marker";
    found.push({ what: "marker", command, says, lines, expected: "numbering that goes on", got });
  }
  const theirs = new Map(outputs.map((output) => [output.sequenceNum, output]));
  for (const output of mine) {
    const other = theirs.get(output.num);
    theirs.delete(output.num);
    if (other === undefined) {
      const says = `output ${output.num} of ${what} was not acknowledged, and is not kept`;
      found.push({
        what: "pending-missing",
        command,
        says,
        lines: [output.line],
        expected: "a kept output",
        got: "none",
      });
      continue;
    }
    const codec = codecOf(command.service, command.input.operation?.name ?? "", output, kinds);
    if (other.operation !== undefined && operationIsAsExpected(output.status, output.payload, other.operation, codec))
      continue;
    const says = `output ${output.num} of ${what} is saved with another content`;
    found.push({
      what: "pending-changed",
      command,
      says,
      lines: [output.line],
      expected: "its content",
      got: "another",
    });
  }
  for (const num of theirs.keys()) {
    const acknowledged = num <= command.produced;
    const says = `output ${num} of ${what} ${acknowledged ? "was acknowledged, and is kept" : "was never produced, and is there"}`;
    found.push({
      what: "pending-extra",
      command,
      says,
      lines,
      acknowledged,
      expected: "no such output",
      got: "an output",
    });
  }
}

// Returns whether all data are the same to the byte.
function compareServices(saved: PartitionSnapshot, model: PartitionModel, found: StateDifference[]): boolean {
  let same = true;
  const theirs = new Map(saved.services.map((service) => [service.serviceId, service]));
  for (const service of model.services.values()) {
    const other = theirs.get(service.id);
    theirs.delete(service.id);
    if (other !== undefined) {
      if (!compareService(other, service, model, found)) same = false;
      continue;
    }
    const says = `service ${service.id} should be there, and is not`;
    found.push({ what: "service-missing", service, says, lines: [], expected: "a service", got: "none" });
  }
  for (const id of theirs.keys()) {
    found.push({
      what: "service-extra",
      says: `service ${id} should not be there`,
      lines: [],
      expected: "none",
      got: "a service",
    });
  }
  return same;
}

function compareService(
  saved: ServiceSnapshot,
  service: ServiceState,
  model: PartitionModel,
  found: StateDifference[],
): boolean {
  const { spec, id } = service;
  const kind = spec.service;
  if (saved.spec?.service !== kind || saved.spec.namespace !== spec.namespace || saved.spec.name !== spec.name) {
    const says = `service ${id} is saved under another name`;
    found.push({ what: "service-spec", service, says, lines: [], expected: "its spec", got: "another" });
  }
  const users = new Set(saved.sessions);
  for (const [session, line] of service.sessions) {
    if (users.delete(session)) continue;
    const says = `session ${session} has the ${kind} open, and is not among its sessions`;
    found.push({ what: "user-missing", service, session, says, lines: [line], expected: "a session", got: "none" });
  }
  for (const session of users) {
    const alive = model.sessions.has(session);
    const says = `session ${session} does not have the ${kind} open, and is among its sessions`;
    const got = alive ? "a living session" : "a dead session";
    found.push({ what: "user-extra", service, session, alive, says, lines: [], expected: "none", got });
  }
  if (service.object === null) return false;
  if (sameBytes(saved.data, service.object.data())) return true;
  for (const data of service.object.differences(saved.data)) found.push(dataDifference(data, service, model));
  return false;
}

function dataDifference(data: DataDifference, service: ServiceState, model: PartitionModel): StateDifference {
  const alive = data.session === undefined || model.sessions.has(data.session);
  const grave = data.session === undefined ? undefined : model.graves.get(data.session);
  const lines = alive || grave === undefined ? [] : [grave.line];
  const expected = `${service.spec.service} as modelled`;
  const got = alive ? data.what : `${data.what}, of a dead session`;
  return { what: "data", service, data, alive, says: data.says, lines, expected, got };
}

const NOTHING = new Uint8Array(0);

const nanosOf = (value: SecondsAndNanos | undefined): bigint | null => (value === undefined ? null : toNanos(value));
