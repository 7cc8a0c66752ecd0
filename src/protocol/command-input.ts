// What the bytes of an entry say: a CommandInput, or nothing. First step of an entry's life; it never throws. The entries that
// clients send are read by hand, field by field; all else is the generated decoder's, which both agree with byte for byte.
import {
  CommandInput,
  type KeepAliveInput,
  type OperationInput,
  type ServiceCommandInput,
  type SessionCommandInput,
} from "../proto/atomix/multiraft/v1/fsm.js";
import type { Timestamp } from "../proto/google/protobuf/timestamp.js";
import { decode } from "./codec.js";
import { OPERATIONS } from "./operations.js";
import { byLength, StrictReader } from "./strict-reader.js";

/** The message that `bytes` encode; undefined where they encode none. */
export function decodeCommandInput(bytes: Uint8Array): CommandInput | undefined {
  const quick = readQuickly(bytes);
  if (quick !== undefined) return quick;
  try {
    return decode(CommandInput, bytes);
  } catch {
    return undefined;
  }
}

const NOTHING = new Uint8Array(0);
const NAMES = byLength(Object.values(OPERATIONS).flatMap((operations) => Object.keys(operations)));

// Tags: the field's number, three bits, the wire type. 0 is a varint, 2 has a length.
const FIELD_1_VARINT = 0x08;
const FIELD_1 = 0x0a;
const FIELD_2_VARINT = 0x10;
const FIELD_2 = 0x12;
const FIELD_3_VARINT = 0x18;
const FIELD_3 = 0x1a;
const FIELD_4 = 0x22;
const FIELD_5 = 0x2a;

// Session commands with a service command, keep-alives and ticks; undefined for everything else.
function readQuickly(bytes: Uint8Array): CommandInput | undefined {
  const reader = new StrictReader(bytes);
  const timestamp = reader.next(FIELD_1) ? readTimestamp(reader) : undefined;
  let input: CommandInput["input"];
  if (reader.next(FIELD_5)) input = { $case: "sessionCommand", value: readSessionCommand(reader) };
  else if (reader.next(FIELD_3)) input = { $case: "keepAlive", value: readKeepAlive(reader) };
  return reader.finished() ? { timestamp, input } : undefined;
}

function readTimestamp(reader: StrictReader): Timestamp {
  const outer = reader.enter();
  const seconds = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  const nanos = reader.next(FIELD_2_VARINT) ? reader.int32() : 0;
  reader.leave(outer);
  return { seconds, nanos };
}

function readSessionCommand(reader: StrictReader): SessionCommandInput {
  const outer = reader.enter();
  const sessionId = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  let input: SessionCommandInput["input"];
  if (reader.next(FIELD_4)) input = { $case: "serviceCommand", value: readServiceCommand(reader) };
  reader.leave(outer);
  return { sessionId, input };
}

/** A ServiceCommandInput that stands here, its length first. */
export function readServiceCommand(reader: StrictReader): ServiceCommandInput {
  const outer = reader.enter();
  const serviceId = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  const sequenceNum = reader.next(FIELD_2_VARINT) ? reader.uint64() : 0n;
  const operation = reader.next(FIELD_3) ? readOperation(reader) : undefined;
  reader.leave(outer);
  return { serviceId, sequenceNum, operation };
}

function readOperation(reader: StrictReader): OperationInput {
  const outer = reader.enter();
  const name = reader.next(FIELD_1) ? reader.string(NAMES) : "";
  const payload = reader.next(FIELD_2) ? reader.bytes() : NOTHING;
  reader.leave(outer);
  return { name, payload };
}

function readKeepAlive(reader: StrictReader): KeepAliveInput {
  const outer = reader.enter();
  const sessionId = reader.next(FIELD_1_VARINT) ? reader.uint64() : 0n;
  const inputFilter = reader.next(FIELD_2) ? reader.bytes() : NOTHING;
  const lastInputSequenceNum = reader.next(FIELD_3_VARINT) ? reader.uint64() : 0n;
  const lastOutputSequenceNums = new Map<bigint, bigint>();
  while (reader.next(FIELD_4)) {
    const entry = reader.enter();
    const key = reader.next(FIELD_1_VARINT) ? reader.uint64OrZero() : 0n;
    const value = reader.next(FIELD_2_VARINT) ? reader.uint64OrZero() : 0n;
    reader.leave(entry);
    lastOutputSequenceNums.set(key, value);
  }
  reader.leave(outer);
  return { sessionId, inputFilter, lastInputSequenceNum, lastOutputSequenceNums };
}
