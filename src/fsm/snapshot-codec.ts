// PartitionSnapshot as bytes and back, by hand: a session may remember hundreds of thousands of commands. Writes what the
// generated encoder writes; reads canonical bytes only, which are the only ones that saving writes.
import {
  PartitionSnapshot,
  type CommandSnapshot,
  type CommandState,
  type OperationOutput,
  type ServiceCommandInput,
  type ServiceCommandOutput,
  type ServiceSnapshot,
  type SessionSnapshot,
} from "../proto/atomix/multiraft/v1/fsm.js";
import type { SecondsAndNanos } from "../base/time.js";
import { decode, encode } from "../protocol/codec.js";
import { readServiceCommand } from "../protocol/command-input.js";
import type { Status } from "../protocol/failure.js";
import { ENVELOPE_BYTES, sealInPlace } from "../protocol/snapshot-envelope.js";
import { StrictReader } from "../protocol/strict-reader.js";
import { StrictWriter } from "../protocol/strict-writer.js";

// Tags: the field's number, three bits, the wire type. 0 is a varint, 2 has a length.
const FIELD_1_VARINT = 0x08;
const FIELD_1 = 0x0a;
const FIELD_2_VARINT = 0x10;
const FIELD_2 = 0x12;
const FIELD_3 = 0x1a;
const FIELD_4 = 0x22;

/** The message in its envelope. */
export function sealSnapshot(message: PartitionSnapshot): Uint8Array {
  const writer = new StrictWriter(ENVELOPE_BYTES);
  writer.uint64(FIELD_1_VARINT, message.index);
  writeInstant(writer, FIELD_2, message.timestamp);
  for (const session of message.sessions) writeSession(writer, session);
  for (const service of message.services) writeService(writer, service);
  const bytes = writer.finish();
  sealInPlace(bytes);
  return bytes;
}

// Timestamps from the epoch on and spans above zero: no field of theirs is negative.
function writeInstant(writer: StrictWriter, tag: number, value: SecondsAndNanos | undefined): void {
  if (value === undefined) return;
  const start = writer.enter(tag);
  writer.uint64(FIELD_1_VARINT, value.seconds);
  writer.uint32(FIELD_2_VARINT, value.nanos);
  writer.leave(start);
}

function writeSession(writer: StrictWriter, session: SessionSnapshot): void {
  const start = writer.enter(FIELD_3);
  writer.uint64(FIELD_1_VARINT, session.sessionId);
  writeInstant(writer, FIELD_2, session.timeout);
  writeInstant(writer, FIELD_3, session.lastUpdated);
  for (const command of session.commands) writeCommand(writer, command);
  writer.leave(start);
}

function writeCommand(writer: StrictWriter, command: CommandSnapshot): void {
  const start = writer.enter(FIELD_4);
  writer.uint64(FIELD_1_VARINT, command.commandSequenceNum);
  writer.uint32(FIELD_2_VARINT, command.state);
  if (command.input !== undefined) writeInput(writer, command.input);
  for (const output of command.pendingOutputs) writeOutput(writer, output);
  writer.leave(start);
}

function writeInput(writer: StrictWriter, input: ServiceCommandInput): void {
  const start = writer.enter(FIELD_3);
  writer.uint64(FIELD_1_VARINT, input.serviceId);
  writer.uint64(FIELD_2_VARINT, input.sequenceNum);
  if (input.operation !== undefined) {
    const inner = writer.enter(FIELD_3);
    writer.string(FIELD_1, input.operation.name);
    writer.bytes(FIELD_2, input.operation.payload);
    writer.leave(inner);
  }
  writer.leave(start);
}

function writeOutput(writer: StrictWriter, output: ServiceCommandOutput): void {
  const start = writer.enter(FIELD_4);
  writer.uint64(FIELD_1_VARINT, output.sequenceNum);
  if (output.operation !== undefined) {
    const inner = writer.enter(FIELD_2);
    writer.uint32(FIELD_1_VARINT, output.operation.status);
    writer.bytes(FIELD_2, output.operation.payload);
    writer.string(FIELD_3, output.operation.message);
    writer.leave(inner);
  }
  writer.leave(start);
}

function writeService(writer: StrictWriter, service: ServiceSnapshot): void {
  const start = writer.enter(FIELD_4);
  writer.uint64(FIELD_1_VARINT, service.serviceId);
  if (service.spec !== undefined) {
    const inner = writer.enter(FIELD_2);
    writer.string(FIELD_1, service.spec.service);
    writer.string(FIELD_2, service.spec.namespace);
    writer.string(FIELD_3, service.spec.name);
    writer.leave(inner);
  }
  writer.bytes(FIELD_3, service.data);
  writer.packed(FIELD_4, service.sessions);
  writer.leave(start);
}

/** The message that the payload is the canonical encoding of; undefined where it is of none. */
export function decodeSnapshot(payload: Uint8Array): PartitionSnapshot | undefined {
  const quick = readQuickly(payload);
  if (quick !== undefined) return quick;
  try {
    const message = decode(PartitionSnapshot, payload);
    const again = encode(PartitionSnapshot, message);
    return again.length === payload.length && again.every((byte, at) => byte === payload[at]) ? message : undefined;
  } catch {
    return undefined;
  }
}

const NOTHING = new Uint8Array(0);

function readQuickly(payload: Uint8Array): PartitionSnapshot | undefined {
  const reader = new StrictReader(payload);
  const index = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  const timestamp = reader.next(FIELD_2) ? readInstant(reader) : undefined;
  const sessions: SessionSnapshot[] = [];
  while (reader.next(FIELD_3)) sessions.push(readSession(reader));
  const services: ServiceSnapshot[] = [];
  while (reader.next(FIELD_4)) services.push(readService(reader));
  return reader.finished() ? { index, timestamp, sessions, services } : undefined;
}

function readInstant(reader: StrictReader): { seconds: bigint; nanos: number } {
  const outer = reader.enter();
  const seconds = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  const nanos = reader.next(FIELD_2_VARINT) ? reader.int32() : 0;
  reader.leave(outer);
  return { seconds, nanos };
}

function readSession(reader: StrictReader): SessionSnapshot {
  const outer = reader.enter();
  const sessionId = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  const timeout = reader.next(FIELD_2) ? readInstant(reader) : undefined;
  const lastUpdated = reader.next(FIELD_3) ? readInstant(reader) : undefined;
  const commands: CommandSnapshot[] = [];
  while (reader.next(FIELD_4)) commands.push(readCommand(reader));
  reader.leave(outer);
  return { sessionId, timeout, lastUpdated, commands };
}

function readCommand(reader: StrictReader): CommandSnapshot {
  const outer = reader.enter();
  const commandSequenceNum = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  const state = (reader.next(FIELD_2_VARINT) ? reader.int32() : 0) as CommandState;
  const input = reader.next(FIELD_3) ? readServiceCommand(reader) : undefined;
  // A list of one has room for one; one that grows makes room for many.
  const pendingOutputs: ServiceCommandOutput[] = reader.next(FIELD_4) ? [readOutput(reader)] : [];
  while (reader.next(FIELD_4)) pendingOutputs.push(readOutput(reader));
  reader.leave(outer);
  return { commandSequenceNum, state, input, pendingOutputs };
}

function readOutput(reader: StrictReader): ServiceCommandOutput {
  const outer = reader.enter();
  const sequenceNum = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  const operation = reader.next(FIELD_2) ? readOperationOutput(reader) : undefined;
  reader.leave(outer);
  return { sequenceNum, operation };
}

function readOperationOutput(reader: StrictReader): OperationOutput {
  const outer = reader.enter();
  const status = (reader.next(FIELD_1_VARINT) ? reader.int32() : 0) as Status;
  const payload = reader.next(FIELD_2) ? reader.bytes() : NOTHING;
  const message = reader.next(FIELD_3) ? reader.string() : "";
  reader.leave(outer);
  return { status, payload, message };
}

function readService(reader: StrictReader): ServiceSnapshot {
  const outer = reader.enter();
  const serviceId = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  let spec: ServiceSnapshot["spec"];
  if (reader.next(FIELD_2)) {
    const inner = reader.enter();
    const service = reader.next(FIELD_1) ? reader.string() : "";
    const namespace = reader.next(FIELD_2) ? reader.string() : "";
    const name = reader.next(FIELD_3) ? reader.string() : "";
    reader.leave(inner);
    spec = { service, namespace, name };
  }
  const data = reader.next(FIELD_3) ? reader.bytes() : NOTHING;
  const sessions: bigint[] = [];
  if (reader.next(FIELD_4)) {
    const inner = reader.enter();
    while (reader.more()) sessions.push(reader.uint64());
    if (sessions.length === 0) reader.odd = true;
    reader.leave(inner);
  }
  reader.leave(outer);
  return { serviceId, spec, data, sessions };
}
