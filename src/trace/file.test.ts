// A trace on file: what is written reads back, what was read writes back, and what is no whole trace says why.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Micros } from "../base/time.js";
import { UsageError } from "../base/usage-error.js";
import { CommandInput, CommandOutput, QueryInput, ServiceCommandOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import { Session } from "../proto/atomix/runtime/v1/session.js";
import { Status } from "../protocol/failure.js";
import { CommandNum, LogIndex, OutputNum, ServiceId, SessionId } from "../protocol/words.js";
import { firstDifference } from "./diff.js";
import { digestOf } from "./digest.js";
import { linesOf, loadTrace, readTrace, saveTrace, type Trace, writeTrace } from "./file.js";
import { TRACE_FORMAT, type EventLine, type HeaderLine } from "./line.js";
import { Recorder } from "./recorder.js";

const u64 = fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const bytes = fc.uint8Array({ maxLength: 20 });
const t = fc.nat().map(Micros);
const index = u64.map(LogIndex);
const session = u64.map(SessionId);
const onReplica = { t, partition: fc.nat(4), replica: fc.nat(7) };
const byClient = { t, partition: fc.nat(4), client: fc.string(), incarnation: fc.nat(3) };
const status = fc.constantFrom(Status.OK, Status.CONFLICT, Status.TIMEOUT, Status.UNKNOWN);
const spec = fc.record({ service: fc.string(), namespace: fc.string(), name: fc.string() });
const operation = fc.record({ name: fc.string({ unit: "binary" }), payload: bytes });

// Seconds far outside protobuf's range come up too: such an entry has no canonical JSON, and stands as bytes.
const timestamp = fc.record({
  seconds: fc.oneof(fc.bigInt(0n, 10n ** 9n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
  nanos: fc.integer({ min: -1, max: 1_000_000_000 }),
});
const commandInput = fc
  .record({
    timestamp: fc.option(timestamp, { nil: undefined }),
    input: fc.oneof(
      fc.constant(undefined),
      fc.record({ $case: fc.constant("closeSession" as const), value: fc.record({ sessionId: u64 }) }),
      fc.record({
        $case: fc.constant("keepAlive" as const),
        value: fc.record({
          sessionId: u64,
          inputFilter: bytes,
          lastInputSequenceNum: u64,
          lastOutputSequenceNums: fc.array(fc.tuple(u64, u64), { maxLength: 3 }).map((entries) => new Map(entries)),
        }),
      }),
      fc.record({
        $case: fc.constant("sessionCommand" as const),
        value: fc.record({
          sessionId: u64,
          input: fc.record({
            $case: fc.constant("serviceCommand" as const),
            value: fc.record({ serviceId: u64, sequenceNum: u64, operation }),
          }),
        }),
      }),
    ),
  })
  .map((message) => CommandInput.fromPartial(message));
const serviceOutput = fc
  .record({ sequenceNum: u64, operation: fc.record({ status, payload: bytes, message: fc.string() }) })
  .map((message) => ServiceCommandOutput.fromPartial(message));
const commandOutput = fc
  .record({
    index: u64,
    output: fc.record({
      $case: fc.constant("sessionCommand" as const),
      value: fc.record({
        output: fc.record({ $case: fc.constant("serviceCommand" as const), value: serviceOutput }),
      }),
    }),
  })
  .map((message) => CommandOutput.fromPartial(message));
const failure = fc.record({ kind: fc.constant("failure" as const), status, message: fc.string() });
const reply = fc.oneof(
  failure,
  fc.record({ kind: fc.constant("answer" as const), outputs: fc.array(commandOutput), complete: fc.boolean() }),
);
const emission = fc.record({
  sessionId: session,
  commandNum: u64.map(CommandNum),
  output: serviceOutput,
  complete: fc.boolean(),
});

/** Lines of most kinds. */
const event: fc.Arbitrary<EventLine> = fc.oneof(
  fc.record({ e: fc.constant("phase" as const), t, phase: fc.constantFrom("safety", "liveness", "end") }),
  fc.record({
    e: fc.constant("fault" as const),
    t,
    fault: fc.string(),
    change: fc.constantFrom("start", "stop", "strike"),
    what: fc.string(),
  }),
  fc.record({
    e: fc.constant("leader" as const),
    t,
    partition: fc.nat(4),
    term: fc.nat(),
    replica: fc.option(fc.nat(7)),
  }),
  fc.record({
    e: fc.constant("send" as const),
    t,
    message: fc.string(),
    from: fc.string(),
    to: fc.string(),
    what: fc.string({ unit: "binary" }),
    arrives: fc.array(t),
  }),
  fc.record(
    { e: fc.constant("deliver" as const), t, message: fc.string(), dropped: fc.string() },
    { requiredKeys: ["e", "t", "message"] },
  ),
  fc.record({
    e: fc.constant("commit" as const),
    t,
    partition: fc.nat(4),
    index,
    term: fc.nat(),
    origin: fc.string(),
    input: fc.oneof(fc.constant("undecodable" as const), commandInput),
  }),
  fc.record({
    e: fc.constant("apply" as const),
    ...onReplica,
    index,
    applied: fc.record({ reply, emissions: fc.array(emission, { maxLength: 2 }) }),
  }),
  fc.record({
    e: fc.constant("observe" as const),
    ...onReplica,
    index,
    why: fc.constantFrom("drawn", "after-query"),
    bytes,
  }),
  fc.record({
    e: fc.constant("answer" as const),
    ...onReplica,
    query: fc.string(),
    sync: fc.boolean(),
    input: u64.map((max) => QueryInput.fromPartial({ maxReceivedIndex: max })),
    index,
    answer: failure,
  }),
  fc.record(
    { e: fc.constant("session" as const), ...byClient, change: fc.constantFrom("opened", "lost"), session, index },
    { requiredKeys: ["e", "t", "partition", "client", "incarnation", "change"] },
  ),
  fc.record({
    e: fc.constant("use" as const),
    ...byClient,
    change: fc.constantFrom("opening", "closed"),
    spec,
    service: u64.map(ServiceId),
  }),
  fc.record({
    e: fc.constant("keep-alive" as const),
    ...byClient,
    session,
    lastInput: u64.map(CommandNum),
    open: fc.array(u64.map(CommandNum)),
    acknowledged: fc.array(fc.record({ command: u64.map(CommandNum), output: u64.map(OutputNum) })),
  }),
  fc.record({
    e: fc.constant("registry" as const),
    t,
    change: fc.constantFrom("moved", "compacted"),
    version: u64,
    entry: fc.string().map((name) => Session.fromPartial({ meta: { id: { name, primitive: { id: "1" } } } })),
    partition: fc.nat(4),
  }),
);

const header: HeaderLine = {
  e: "header",
  format: TRACE_FORMAT,
  tool: "multiraft-sim",
  version: "0.1.0",
  seed: "7",
  scenario: "default",
  bug: null,
  terms: {
    machine: { name: "reference", capabilities: { services: ["lock"], snapshots: "canonical", ticks: true } },
    partitions: [{ partition: 1, replicas: 3 }],
    livenessBound: Micros(60_000_000),
    played: "world",
  },
  plan: { clients: [{ client: "alice" }] },
};

function recorded(events: readonly EventLine[]): Trace {
  const recorder = new Recorder(header);
  for (const line of events) recorder.take(line);
  return recorder.finish();
}

const small = recorded([
  { e: "phase", t: Micros(0), phase: "safety" },
  { e: "deliver", t: Micros(5), message: "a" },
]);

describe("trace file", () => {
  it("what is written reads back as it was, and what was read writes back to the same bytes", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), (events) => {
        const trace = recorded(events);
        const text = writeTrace(trace);
        const read = readTrace(text, "x");
        expect(writeTrace(read)).toBe(text);
        expect(digestOf(linesOf(read))).toBe(digestOf(linesOf(trace)));
        expect(firstDifference(linesOf(read), linesOf(trace))).toBeUndefined();
      }),
    );
  });

  it("an entry whose instant has no canonical JSON stands as bytes", () => {
    const input = CommandInput.fromPartial({ timestamp: { seconds: 2n ** 62n, nanos: 0 } });
    const line: EventLine = {
      e: "commit",
      t: Micros(1),
      partition: 1,
      index: LogIndex(1n),
      term: 1,
      origin: "x",
      input,
    };
    // timestamp: field 1, length 10; seconds: field 1, varint of 2^62 (eight continued zero bytes, then 0x40).
    expect(writeTrace(recorded([line]))).toContain('"input":{"bytes":"CgoIgICAgICAgIBA"}');
  });

  it("the end line counts the lines before it", () => {
    expect(writeTrace(small).trimEnd().split("\n").at(-1)).toMatch(
      /^\{"e":"end","t":5,"lines":3,"digest":"[0-9a-f]{16}"\}$/,
    );
  });

  it("every cut is noticed", () => {
    const text = writeTrace(small);
    for (let length = 0; length < text.length - 1; length++) {
      expect(() => readTrace(text.slice(0, length), "x")).toThrow(UsageError);
    }
  });

  it("a line cut in the middle is named", () => {
    const text = writeTrace(small);
    const cut = text.slice(0, text.indexOf('"message"'));
    expect(() => readTrace(cut, "run.jsonl")).toThrow("run.jsonl is torn: line 3 is cut in the middle");
    expect(readTrace(cut, "run.jsonl", { salvage: true })).toEqual({
      header,
      events: [{ e: "phase", t: 0, phase: "safety" }],
      end: null,
    });
  });

  it("a missing end line is noticed", () => {
    const text = writeTrace(small);
    const cut = text.slice(0, text.lastIndexOf('{"e":"end"'));
    expect(() => readTrace(cut, "x")).toThrow("x is torn: it breaks off after line 3, the end line is missing");
    expect(readTrace(cut, "x", { salvage: true }).events).toHaveLength(2);
  });

  it("a newer format is refused by its first line, whatever else stands there", () => {
    const newer = `{"e":"header","tool":"multiraft-sim","format":${TRACE_FORMAT + 1},"shape":"unheard of"}\n`;
    expect(() => readTrace(newer, "x")).toThrow(`x is of trace format ${TRACE_FORMAT + 1}`);
  });

  it.each([
    ["", "x is empty"],
    ["hello\n", "x is not a trace of multiraft-sim"],
    ['{"e":"header","tool":"other","format":1}\n', "x is not a trace of multiraft-sim"],
    ["[1,2]\n", "x is not a trace of multiraft-sim"],
    ["null\n", "x is not a trace of multiraft-sim"],
    ['{"e":"header","tool":"multiraft-sim","format":0}\n', "x:1: there is no trace format 0"],
  ])("%j is refused", (text, says) => {
    expect(() => readTrace(text, "x")).toThrow(says);
  });

  it.each([
    ['{"e":"deliver","t":5,"message":7}', "x:2.message: expected a string"],
    ['{"e":"deliver","t":5}', "x:2.message: missing"],
    ['{"e":"deliver","t":5,"message":"a","massage":"b"}', "x:2.massage: there is no such field"],
    ['{"e":"dance"}', "x:2.e: expected one of header, phase"],
    [
      '{"e":"commit","t":0,"partition":1,"index":"01","term":1,"origin":"","input":"undecodable"}',
      "x:2.index: expected an integer as a string",
    ],
    ["{oops", "x:2: this line is not JSON"],
    ["3", "x:2.e: expected one of"],
  ])("the line %s is refused by its field", (line, says) => {
    const [first = ""] = writeTrace(small).split("\n");
    expect(() => readTrace(`${first}\n${line}\n{}\n`, "x")).toThrow(says);
  });

  it("a line changed by hand is noticed, and played with --salvage all the same", () => {
    const text = writeTrace(small).replace('"message":"a"', '"message":"b"');
    expect(() => readTrace(text, "x")).toThrow("x was changed after it was recorded");
    expect(readTrace(text, "x", { salvage: true }).events).toHaveLength(2);
  });

  it("a line taken out is noticed", () => {
    const text = writeTrace(small).replace(/\{"e":"phase".*\n/, "");
    expect(() => readTrace(text, "x")).toThrow("x has 2 lines before its end line, which says 3");
  });

  it("lines after the end, and a second header, are refused", () => {
    const text = writeTrace(small);
    const [first = ""] = text.split("\n");
    expect(() => readTrace(`${text}${first}\n`, "x")).toThrow("x:5: something follows the end line");
    expect(() => readTrace(`${first}\n${first}\n`, "x")).toThrow("x:2: a second header");
  });
});

describe("trace file on disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-trace-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is saved whole or not at all, and loads again", () => {
    const path = join(folder, "deep", "run.jsonl");
    saveTrace(path, small);
    expect(readdirSync(join(folder, "deep"))).toEqual(["run.jsonl"]);
    expect(writeTrace(loadTrace(path))).toBe(writeTrace(small));
  });

  it("what can't be read or written says so", () => {
    expect(() => loadTrace(join(folder, "none.jsonl"))).toThrow("there is no such file");
    expect(() => loadTrace(folder)).toThrow("it is a folder");
    writeFileSync(join(folder, "file"), "");
    expect(() => saveTrace(join(folder, "file", "run.jsonl"), small)).toThrow(UsageError);
  });
});

describe("first difference", () => {
  const other = recorded([
    { e: "phase", t: Micros(0), phase: "safety" },
    { e: "deliver", t: Micros(5), message: "b" },
  ]);

  it("is the line and the field", () => {
    expect(firstDifference(linesOf(small), linesOf(other))).toEqual({
      line: 3,
      field: "message",
      left: "a",
      right: "b",
    });
  });

  it("is the first line that only one of them has", () => {
    expect(firstDifference(linesOf(small), linesOf(small).slice(0, 3))).toMatchObject({ line: 4, field: "" });
  });

  it("passes over fields that may differ", () => {
    const skip = (_: unknown, field: string): boolean => field === "message" || field === "digest";
    expect(firstDifference(linesOf(small), linesOf(other), skip)).toBeUndefined();
  });
});
