// A partition's state as a table: a row's name and what it says. The models' state is put into the form of a saved one first,
// so both are read by the same words. Judges nothing; rows only serve to be looked at beside each other.
import { compareUints } from "../base/key-order.js";
import { fromNanos, Nanos, toNanos } from "../base/time.js";
import {
  type CommandSnapshot,
  CommandState as SavedCommandState,
  type PartitionSnapshot,
  type ServiceCommandOutput,
  type ServiceSnapshot,
  type SessionSnapshot,
} from "../proto/atomix/multiraft/v1/fsm.js";
import { inOrder } from "../checker/models/session-state.js";
import type { PartitionModel } from "../checker/models/sessions.js";
import type { CommandState, SessionState } from "../checker/models/step.js";
import { statusName } from "../replay/words.js";
import { logTimeInWords, type Reading, readService } from "./headlines.js";
import { inputInWords, spanInWords } from "./payloads.js";

/** Rows by name; the name's part before the tab is what it belongs to: a session, a service. */
export type Rows = ReadonlyMap<string, string>;

/** What a service shows, by its id. */
export type Readings = ReadonlyMap<bigint, Reading>;

/** What the models hold, in the form in which a machine saves it. */
export function savedModel(model: PartitionModel): PartitionSnapshot {
  const byId = <Item extends { readonly id: bigint }>(items: Iterable<Item>): Item[] =>
    [...items].sort((a, b) => compareUints(a.id, b.id));
  return {
    index: model.index,
    timestamp: fromNanos(Nanos(model.time)),
    sessions: byId(model.sessions.values()).map(savedSession),
    services: byId(model.services.values()).map(({ id, spec, sessions, object }) => ({
      serviceId: id,
      spec,
      data: object?.data() ?? new Uint8Array(0),
      sessions: [...sessions.keys()].sort(compareUints),
    })),
  };
}

function savedSession(session: SessionState): SessionSnapshot {
  const bookkeeping = (num: bigint, state: SavedCommandState): CommandSnapshot => ({
    commandSequenceNum: num,
    state,
    input: undefined,
    pendingOutputs: [],
  });
  const commands = [...session.commands.values()].map(savedCommand);
  for (const num of session.listed.keys()) commands.push(bookkeeping(num, SavedCommandState.COMMAND_OPEN));
  if (session.mark > 0n) commands.push(bookkeeping(session.mark, SavedCommandState.COMMAND_COMPLETE));
  return {
    sessionId: session.id,
    timeout: fromNanos(Nanos(session.timeout)),
    lastUpdated: fromNanos(Nanos(session.lastUpdated)),
    commands: commands.sort((a, b) => compareUints(a.commandSequenceNum, b.commandSequenceNum)),
  };
}

function savedCommand(command: CommandState): CommandSnapshot {
  const outputs: ServiceCommandOutput[] = inOrder(command).map(({ num, status, payload }) => ({
    sequenceNum: num,
    operation: { status, payload, message: "" },
  }));
  return {
    commandSequenceNum: command.num,
    state: command.open ? SavedCommandState.COMMAND_OPEN : SavedCommandState.COMMAND_COMPLETE,
    input: command.input,
    pendingOutputs: outputs,
  };
}

/** Every row of a state. `readings` takes what each service shows. */
export function rowsOf(state: PartitionSnapshot, readings: Map<bigint, Reading>): Map<string, string> {
  const rows = new Map<string, string>();
  rows.set("log time\t", state.timestamp === undefined ? "none" : logTimeInWords(toNanos(state.timestamp)));
  const services = new Map(state.services.map((service) => [service.serviceId, service]));
  for (const service of state.services) {
    const name = serviceName(service);
    const reading = readService(service.spec?.service ?? "", service.data);
    readings.set(service.serviceId, reading);
    for (const [row, text] of reading.rows) rows.set(`${name}\t${row}`, text);
    const users = service.sessions.length === 0 ? "no session" : `session ${service.sessions.join(", ")}`;
    rows.set(`${name}\topen in`, users);
  }
  for (const session of state.sessions) sessionRows(session, services, rows);
  return rows;
}

export const serviceName = ({ spec, serviceId }: Pick<ServiceSnapshot, "spec" | "serviceId">): string =>
  spec === undefined || spec.name === "" ? `service ${serviceId}` : spec.name;

function sessionRows(
  { sessionId, timeout, lastUpdated, commands }: SessionSnapshot,
  services: ReadonlyMap<bigint, ServiceSnapshot>,
  rows: Map<string, string>,
): void {
  const name = `session ${sessionId}`;
  const span = timeout === undefined ? 0n : toNanos(timeout);
  const refreshed = lastUpdated === undefined ? 0n : toNanos(lastUpdated);
  rows.set(
    `${name}\tlives until`,
    `${logTimeInWords(refreshed + span)} (${spanInWords(span)} after ${logTimeInWords(refreshed)})`,
  );
  const listed: bigint[] = [];
  for (const command of commands) {
    const num = command.commandSequenceNum;
    if (command.input === undefined) {
      if (command.state === SavedCommandState.COMMAND_OPEN) listed.push(num);
      else rows.set(`${name}\tmark`, String(num));
    } else rows.set(`${name}\t#${num}`, commandText(command, command.input, services));
  }
  if (listed.length > 0) rows.set(`${name}\tlisted`, listed.map((num) => `#${num}`).join(", "));
}

function commandText(
  { state, pendingOutputs }: CommandSnapshot,
  input: NonNullable<CommandSnapshot["input"]>,
  services: ReadonlyMap<bigint, ServiceSnapshot>,
): string {
  const service = services.get(input.serviceId);
  const operation = input.operation?.name ?? "nothing";
  const given = inputInWords(service?.spec?.service ?? "", operation, input.operation?.payload ?? new Uint8Array(0));
  const on = service === undefined ? `service ${input.serviceId}` : serviceName(service);
  const kept = pendingOutputs
    .filter((output) => output.operation !== undefined)
    .map((output) => `output ${output.sequenceNum} ${statusName(output.operation?.status ?? 0)}`);
  const outputs = kept.length === 0 ? "" : `, not acknowledged: ${kept.join(", ")}`;
  const word = state === SavedCommandState.COMMAND_OPEN ? "open" : "complete";
  return `${operation}${given === "" ? "" : `(${given})`} on ${on}, ${word}${outputs}`;
}

/** The rows that `to` has otherwise than `from`. */
export function changesBetween(from: Rows, to: Rows): [string, string | null][] {
  const changes: [string, string | null][] = [];
  for (const [row, text] of to) if (from.get(row) !== text) changes.push([row, text]);
  for (const row of from.keys()) if (!to.has(row)) changes.push([row, null]);
  return changes;
}
