// What a line adds to a digest. The kinds that there are most of are walked field by field, which is several times as quick;
// all others by a walk of any value. Both come to the same: digest.test.ts holds that for every line of whole runs.
import { unreachable } from "../base/assert.js";
import type {
  CommandInput,
  KeepAliveInput,
  OperationInput,
  QueryInput,
  ServiceCommandInput,
  SessionCommandInput,
} from "../proto/atomix/multiraft/v1/fsm.js";
import {
  applied,
  booleanField,
  bytesField,
  constant,
  constantField,
  fieldBegins,
  fieldEnds,
  keyHash,
  LIST,
  map,
  mix,
  numberField,
  record,
  recordBegins,
  recordEnds,
  textField,
  uint64,
  uint64Field,
  valueField,
} from "./digest-walk.js";
import type {
  AnswerLine,
  ApplyLine,
  CommitLine,
  DeliverLine,
  KeepAliveLine,
  Line,
  QueryLine,
  SendLine,
} from "./line.js";

const K = {
  t: keyHash("t"),
  message: keyHash("message"),
  from: keyHash("from"),
  to: keyHash("to"),
  what: keyHash("what"),
  arrives: keyHash("arrives"),
  by: keyHash("by"),
  dropped: keyHash("dropped"),
  partition: keyHash("partition"),
  replica: keyHash("replica"),
  index: keyHash("index"),
  applied: keyHash("applied"),
  term: keyHash("term"),
  origin: keyHash("origin"),
  input: keyHash("input"),
  bytes: keyHash("bytes"),
  timestamp: keyHash("timestamp"),
  seconds: keyHash("seconds"),
  nanos: keyHash("nanos"),
  value: keyHash("value"),
  sessionId: keyHash("sessionId"),
  inputFilter: keyHash("inputFilter"),
  lastInputSequenceNum: keyHash("lastInputSequenceNum"),
  lastOutputSequenceNums: keyHash("lastOutputSequenceNums"),
  serviceId: keyHash("serviceId"),
  sequenceNum: keyHash("sequenceNum"),
  operation: keyHash("operation"),
  name: keyHash("name"),
  payload: keyHash("payload"),
  maxReceivedIndex: keyHash("maxReceivedIndex"),
  query: keyHash("query"),
  sync: keyHash("sync"),
  parked: keyHash("parked"),
  answer: keyHash("answer"),
  client: keyHash("client"),
  incarnation: keyHash("incarnation"),
  session: keyHash("session"),
  lastInput: keyHash("lastInput"),
  open: keyHash("open"),
  acknowledged: keyHash("acknowledged"),
};

const E = {
  send: constant("e", "send"),
  deliver: constant("e", "deliver"),
  apply: constant("e", "apply"),
  commit: constant("e", "commit"),
  query: constant("e", "query"),
  answer: constant("e", "answer"),
  keepAlive: constant("e", "keep-alive"),
};

const CASE = {
  keepAlive: constant("$case", "keepAlive"),
  sessionCommand: constant("$case", "sessionCommand"),
  serviceCommand: constant("$case", "serviceCommand"),
  sessionQuery: constant("$case", "sessionQuery"),
  serviceQuery: constant("$case", "serviceQuery"),
};

/** Takes in a line of a trace, or any other record. */
export function wholeLine(line: object): void {
  const known = line as Line;
  switch (known.e) {
    case "apply":
      return applyLine(known);
    case "deliver":
      return deliverLine(known);
    case "send":
      return sendLine(known);
    case "commit":
      return commitLine(known);
    case "query":
      return queryLine(known);
    case "answer":
      return answerLine(known);
    case "keep-alive":
      return keepAliveLine(known);
    default:
      return record(line as Readonly<Record<string, unknown>>);
  }
}

function applyLine(line: ApplyLine): void {
  recordBegins();
  constantField(E.apply);
  numberField(K.t, line.t);
  numberField(K.partition, line.partition);
  numberField(K.replica, line.replica);
  uint64Field(K.index, line.index);
  fieldBegins(K.applied);
  applied(line.applied);
  fieldEnds();
  recordEnds();
}

function deliverLine(line: DeliverLine): void {
  recordBegins();
  constantField(E.deliver);
  numberField(K.t, line.t);
  textField(K.message, line.message);
  if (line.dropped !== undefined) textField(K.dropped, line.dropped);
  recordEnds();
}

function sendLine(line: SendLine): void {
  recordBegins();
  constantField(E.send);
  numberField(K.t, line.t);
  textField(K.message, line.message);
  textField(K.from, line.from);
  textField(K.to, line.to);
  textField(K.what, line.what);
  valueField(K.arrives, line.arrives);
  if (line.by !== undefined) textField(K.by, line.by);
  recordEnds();
}

function queryLine(line: QueryLine): void {
  recordBegins();
  constantField(E.query);
  numberField(K.t, line.t);
  numberField(K.partition, line.partition);
  numberField(K.replica, line.replica);
  textField(K.query, line.query);
  booleanField(K.sync, line.sync);
  queryInput(line.input);
  uint64Field(K.index, line.index);
  booleanField(K.parked, line.parked);
  recordEnds();
}

function answerLine(line: AnswerLine): void {
  recordBegins();
  constantField(E.answer);
  numberField(K.t, line.t);
  numberField(K.partition, line.partition);
  numberField(K.replica, line.replica);
  textField(K.query, line.query);
  booleanField(K.sync, line.sync);
  queryInput(line.input);
  uint64Field(K.index, line.index);
  valueField(K.answer, line.answer);
  recordEnds();
}

function keepAliveLine(line: KeepAliveLine): void {
  recordBegins();
  constantField(E.keepAlive);
  numberField(K.t, line.t);
  textField(K.client, line.client);
  numberField(K.incarnation, line.incarnation);
  numberField(K.partition, line.partition);
  uint64Field(K.session, line.session);
  uint64Field(K.lastInput, line.lastInput);
  fieldBegins(K.open);
  mix(LIST ^ line.open.length);
  for (const number of line.open) uint64(number);
  fieldEnds();
  valueField(K.acknowledged, line.acknowledged);
  recordEnds();
}

function commitLine(line: CommitLine): void {
  recordBegins();
  constantField(E.commit);
  numberField(K.t, line.t);
  numberField(K.partition, line.partition);
  uint64Field(K.index, line.index);
  numberField(K.term, line.term);
  textField(K.origin, line.origin);
  if (line.input === "undecodable") textField(K.input, line.input);
  else {
    fieldBegins(K.input);
    commandInput(line.input);
    fieldEnds();
  }
  if (line.bytes !== undefined) bytesField(K.bytes, line.bytes);
  recordEnds();
}

// --- messages

function commandInput({ timestamp, input }: CommandInput): void {
  recordBegins();
  if (timestamp !== undefined) {
    fieldBegins(K.timestamp);
    recordBegins();
    uint64Field(K.seconds, timestamp.seconds);
    numberField(K.nanos, timestamp.nanos);
    recordEnds();
    fieldEnds();
  }
  if (input !== undefined) {
    fieldBegins(K.input);
    commandCase(input);
    fieldEnds();
  }
  recordEnds();
}

function commandCase(input: NonNullable<CommandInput["input"]>): void {
  switch (input.$case) {
    case "openSession":
    case "closeSession":
      return record(input as unknown as Readonly<Record<string, unknown>>);
    case "keepAlive":
      recordBegins();
      constantField(CASE.keepAlive);
      fieldBegins(K.value);
      keepAliveInput(input.value);
      break;
    case "sessionCommand":
      recordBegins();
      constantField(CASE.sessionCommand);
      fieldBegins(K.value);
      sessionCommandInput(input.value);
      break;
    default:
      return unreachable(input);
  }
  fieldEnds();
  recordEnds();
}

function keepAliveInput(input: KeepAliveInput): void {
  recordBegins();
  uint64Field(K.sessionId, input.sessionId);
  bytesField(K.inputFilter, input.inputFilter);
  uint64Field(K.lastInputSequenceNum, input.lastInputSequenceNum);
  fieldBegins(K.lastOutputSequenceNums);
  map(input.lastOutputSequenceNums);
  fieldEnds();
  recordEnds();
}

function sessionCommandInput({ sessionId, input }: SessionCommandInput): void {
  recordBegins();
  uint64Field(K.sessionId, sessionId);
  if (input?.$case === "serviceCommand") {
    fieldBegins(K.input);
    recordBegins();
    constantField(CASE.serviceCommand);
    fieldBegins(K.value);
    serviceCommandInput(input.value);
    fieldEnds();
    recordEnds();
    fieldEnds();
  } else valueField(K.input, input);
  recordEnds();
}

function serviceCommandInput({ serviceId, sequenceNum, operation }: ServiceCommandInput): void {
  recordBegins();
  uint64Field(K.serviceId, serviceId);
  uint64Field(K.sequenceNum, sequenceNum);
  if (operation !== undefined) operationField(operation);
  recordEnds();
}

function operationField({ name, payload }: OperationInput): void {
  fieldBegins(K.operation);
  recordBegins();
  textField(K.name, name);
  bytesField(K.payload, payload);
  recordEnds();
  fieldEnds();
}

// The field "input" of a line about a query.
function queryInput({ maxReceivedIndex, input }: QueryInput): void {
  fieldBegins(K.input);
  recordBegins();
  uint64Field(K.maxReceivedIndex, maxReceivedIndex);
  if (input !== undefined) {
    const { sessionId, input: inner } = input.value;
    fieldBegins(K.input);
    recordBegins();
    constantField(CASE.sessionQuery);
    fieldBegins(K.value);
    recordBegins();
    uint64Field(K.sessionId, sessionId);
    if (inner !== undefined) {
      fieldBegins(K.input);
      recordBegins();
      constantField(CASE.serviceQuery);
      fieldBegins(K.value);
      recordBegins();
      uint64Field(K.serviceId, inner.value.serviceId);
      if (inner.value.operation !== undefined) operationField(inner.value.operation);
      recordEnds();
      fieldEnds();
      recordEnds();
      fieldEnds();
    }
    recordEnds();
    fieldEnds();
    recordEnds();
    fieldEnds();
  }
  recordEnds();
  fieldEnds();
}
