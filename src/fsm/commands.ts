// Exactly once: which commands run, what is remembered of them, and what a retry hears. SPEC 2.3.
import { compareUints } from "../base/key-order.js";
import type { CommandOutput, OperationOutput, ServiceCommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { failure, Status } from "../protocol/failure.js";
import type { Reply } from "../protocol/machine.js";
import { CommandNum, type OutputNum, type SessionId } from "../protocol/words.js";
import type { Command, Machine, Session } from "./state.js";

export interface Commands {
  /** A numbered command of a living session: refused, run, or recognised as a retry. */
  take(m: Machine, session: Session, input: ServiceCommandInput): Reply;
  find(session: Session, number: CommandNum): Command | undefined;
  /** Whether the number was given up: at most the mark, neither remembered nor listed. */
  isForgotten(session: Session, number: CommandNum): boolean;
  sameInput(a: ServiceCommandInput, b: ServiceCommandInput): boolean;
  /** Runs a command that arrives for the first time. */
  run(m: Machine, session: Session, input: ServiceCommandInput): Reply;
  remember(m: Machine, session: Session, input: ServiceCommandInput): Command;
  /** An output of a remembered command: numbered, and kept until it is acknowledged. */
  produce(m: Machine, session: Session, command: Command, operation: OperationOutput, complete: boolean): void;
  /** An output for a command of an entry applied before. */
  tell(m: Machine, to: SessionId, number: CommandNum, operation: OperationOutput, complete: boolean): void;
  /** What the entry's own command answers, as it stands when the entry ends: all outputs not acknowledged. */
  reply(m: Machine, command: Command): Reply;
  /** The service is told that nobody waits any more; the command produces nothing from here on. */
  endSilently(m: Machine, session: Session, number: CommandNum): void;
  /** Nothing of the command is remembered any more. */
  forget(m: Machine, session: Session, command: Command): void;
  /** The client has every output up to this number. */
  acknowledge(command: Command, upTo: OutputNum): void;
  /** Remembered commands by number. */
  ascending(session: Session): Iterable<Command>;
}

export const commands: Commands = {
  take(m, session, input) {
    const { commands: part } = m.parts;
    const number = CommandNum(input.sequenceNum);
    if (number === 0n) return failure(Status.INVALID, "commands are numbered from 1");
    const known = part.find(session, number);
    if (known === undefined) {
      if (part.isForgotten(session, number)) return failure(Status.CANCELED, `command ${number} was given up`);
      return part.run(m, session, input);
    }
    if (!part.sameInput(known.input, input)) {
      return failure(Status.CONFLICT, `command ${number} was another one when it came first`);
    }
    m.own = known;
    return part.reply(m, known);
  },

  find: (session, number) => session.commands.get(number),

  isForgotten: (session, number) => number <= session.mark && !session.listed.has(number),

  sameInput(a, b) {
    if (a.serviceId !== b.serviceId || a.sequenceNum !== b.sequenceNum) return false;
    const x = a.operation;
    const y = b.operation;
    if (x === undefined || y === undefined) return x === y;
    return x.name === y.name && sameBytes(x.payload, y.payload);
  },

  run(m, session, input) {
    const { commands: part, services } = m.parts;
    const command = part.remember(m, session, input);
    m.own = command;
    const { output, complete } = services.serve(m, session, "commands", command.number, input);
    if (output !== undefined) part.produce(m, session, command, output, complete);
    if (command.open) session.open.set(command.number, command);
    return part.reply(m, command);
  },

  remember(_m, session, input) {
    const number = CommandNum(input.sequenceNum);
    session.listed.delete(number);
    const command: Command = { number, input, open: true, produced: 0n, outputs: [], words: undefined };
    session.commands.set(number, command);
    if (number > session.highest) session.highest = number;
    else session.sorted = false;
    return command;
  },

  produce(_m, session, command, operation, complete) {
    command.produced += 1n;
    const output = { sequenceNum: command.produced, operation };
    // A list of one has room for one; one that grows makes room for many, and most commands have one output.
    if (command.outputs.length === 0) command.outputs = [output];
    else command.outputs.push(output);
    if (!complete) return;
    command.open = false;
    session.open.delete(command.number);
  },

  tell(m, to, number, operation, complete) {
    const session = m.state.sessions.get(to);
    const command = session?.commands.get(number);
    if (session === undefined || command === undefined) return;
    m.parts.commands.produce(m, session, command, operation, complete);
    const output = command.outputs[command.outputs.length - 1];
    if (output !== undefined) m.emissions.push({ sessionId: to, commandNum: number, output, complete });
  },

  reply(m, command) {
    const { index } = m.state;
    const outputs: CommandOutput[] = [];
    for (const output of command.outputs) {
      const value = { output: { $case: "serviceCommand" as const, value: output } };
      outputs.push({ index, output: { $case: "sessionCommand", value } });
    }
    return { kind: "answer", outputs, complete: !command.open };
  },

  endSilently(m, session, number) {
    const command = session.open.get(number);
    if (command === undefined) return;
    m.parts.services.cancel(m, session, command);
    command.open = false;
    session.open.delete(number);
  },

  forget(m, session, command) {
    if (command.open) m.parts.commands.endSilently(m, session, command.number);
    session.commands.delete(command.number);
  },

  acknowledge(command, upTo) {
    const { outputs } = command;
    let acknowledged = 0;
    while (acknowledged < outputs.length && (outputs[acknowledged] as { sequenceNum: bigint }).sequenceNum <= upTo) {
      acknowledged += 1;
    }
    if (acknowledged > 0) command.outputs = outputs.slice(acknowledged);
  },

  ascending(session) {
    if (!session.sorted) {
      const entries = [...session.commands].sort(([a], [b]) => compareUints(a, b));
      session.commands = new Map(entries);
      session.sorted = true;
    }
    return session.commands.values();
  },
};

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
