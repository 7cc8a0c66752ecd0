// Each format, by a few lines written by hand.
import { describe, expect, test } from "vitest";
import { UsageError } from "../../base/usage-error.js";
import { readJepsenEdn } from "./jepsen-edn.js";
import { readJepsenEtcd } from "./jepsen-etcd.js";
import { readJsonLines } from "./json-lines.js";
import { readPorcupineKv } from "./porcupine-kv.js";
import { judgeRecorded } from "./recorded-models.js";

describe("JSON Lines", () => {
  test("invoke and ok carry what was asked and answered", () => {
    const text = `{"type":"invoke","process":"a","id":7,"f":"cas","value":[1,2]}\n\n{"type":"ok","process":"a","id":7,"value":false}\n`;
    expect(readJsonLines(text)).toEqual([
      { type: "invoke", process: "a", id: 7, input: { f: "cas", value: [1, 2] } },
      { type: "ok", process: "a", id: 7, output: false },
    ]);
  });

  test.each([
    ["not JSON", "{", /line 1: not JSON/],
    ["a field that no event has", `{"type":"invoke","process":1,"f":"read","valeu":1}`, /no event has a field valeu/],
    ["a type that there is not", `{"type":"done","process":1}`, /done is no type of event/],
    ["no process", `{"type":"ok"}`, /line 1: it has no process/],
    [
      "a process of another kind",
      `{"type":"ok","process":[1]}`,
      /line 1: its process is neither a number nor a string/,
    ],
  ])("%s is refused, with its line", (_name, text, message) => {
    expect(() => readJsonLines(text)).toThrow(message);
    expect(() => readJsonLines(text)).toThrow(UsageError);
  });

  test("an answer without a question is refused, with its line", () => {
    expect(() => readJsonLines(`\n{"type":"ok","process":1,"value":1}`)).toThrow(
      /line 2: process 1 is ok, but has no operation open/,
    );
  });

  test("a second question is refused, with both lines", () => {
    const invoke = `{"type":"invoke","process":"a","f":"read"}`;
    expect(() => readJsonLines(`${invoke}\n${invoke}`)).toThrow(
      /line 2: process a has an operation open already, since line 1/,
    );
  });

  test("lines may end as Windows ends them, after a byte order mark", () => {
    expect(readJsonLines(`\uFEFF{"type":"invoke","process":1,"f":"read"}\r\n{"type":"info","process":1}\r\n`)).toEqual([
      { type: "invoke", process: 1, input: { f: "read" } },
      { type: "info", process: 1 },
    ]);
  });
});

describe("Jepsen's EDN", () => {
  const one = "{:type :invoke, :process 0, :f :write, :value 3}\n{:type :ok, :process 0, :f :write, :value 3}";
  const events = [
    { type: "invoke", process: 0, input: { f: "write", value: 3 } },
    { type: "ok", process: 0, output: 3 },
  ];
  test("maps one after the other", () => expect(readJepsenEdn(one)).toEqual(events));
  test("one vector of maps", () => expect(readJepsenEdn(`[${one}]`)).toEqual(events));
  test("records, comments, and the nemesis, who is no client", () => {
    const text = `; a comment\n#jepsen.history.Op{:type :info :process :nemesis :f :kill :value nil} ${one}`;
    expect(readJepsenEdn(text)).toEqual(events);
  });
  test("what is not EDN is refused", () => expect(() => readJepsenEdn("{:a")).toThrow(UsageError));
  test("words that are no entries are refused", () => {
    expect(() => readJepsenEdn("hello world")).toThrow(/entry 0: it has no :process/);
  });
  test("a cas that is ok took place, whatever it repeats", () => {
    const cas = "{:type :invoke :process 0 :f :cas :value [1 2]} {:type :ok :process 0 :f :cas :value [1 2]}";
    expect(readJepsenEdn(cas)).toEqual([
      { type: "invoke", process: 0, input: { f: "cas", value: [1, 2] } },
      { type: "ok", process: 0, output: true },
    ]);
  });
  test("keys of jepsen.independent are told apart", () => {
    const text = `{:type :invoke :process 0 :f :write :value [7 1]} {:type :ok :process 0 :f :write :value [7 1]}
      {:type :invoke :process 0 :f :cas :value [8 [nil 2]]} {:type :ok :process 0 :f :cas :value [8 [nil 2]]}
      {:type :invoke :process 0 :f :read :value [7 nil]} {:type :ok :process 0 :f :read :value [7 1]}`;
    const events = readJepsenEdn(text);
    expect(events[2]).toEqual({ type: "invoke", process: 0, input: { f: "cas", key: "8", value: [null, 2] } });
    expect(events.slice(3)).toEqual([
      { type: "ok", process: 0, output: true },
      { type: "invoke", process: 0, input: { f: "read", key: "7", value: null } },
      { type: "ok", process: 0, output: 1 },
    ]);
    expect(judgeRecorded("cas-register", events).answer.verdict).toBe("linearizable");
  });
});

describe("Jepsen's etcd logs", () => {
  const log = [
    "INFO  jepsen.core - something else",
    "INFO  jepsen.util - 0\t:invoke\t:cas\t[0 1]",
    "INFO  jepsen.util - 0\t:fail\t:cas\t[0 1]",
    "INFO  jepsen.util - 1\t:invoke\t:read\tnil",
    "INFO  jepsen.util - 1\t:fail\t:read\t:timed-out",
    "INFO  jepsen.util - 2\t:invoke\t:write\t4",
    "INFO  jepsen.util - 2\t:info\t:write\t:timed-out",
  ].join("\n");
  test("a refused cas is an answer, a read that timed out says nothing, a write that did is of unknown outcome", () => {
    expect(readJepsenEtcd(log).slice(1)).toEqual([
      { type: "ok", process: 0, output: false },
      { type: "invoke", process: 1, input: { f: "read", value: null } },
      { type: "fail", process: 1 },
      { type: "invoke", process: 2, input: { f: "write", value: 4 } },
      { type: "info", process: 2 },
    ]);
  });
  test("a write that failed because it timed out may have happened for all that", () => {
    const lines = ["0 :invoke :write 1", "0 :fail :write :timed-out"].map((line) => `INFO  jepsen.util - ${line}`);
    expect(readJepsenEtcd(lines.join("\r\n"))[1]).toEqual({ type: "info", process: 0 });
  });
});

describe("Porcupine's key-value histories", () => {
  test("every operation has a key", () => {
    const text = `{:process 0, :type :invoke, :f :append, :key "5", :value "x"}`;
    expect(readPorcupineKv(text)).toEqual([
      { type: "invoke", process: 0, input: { f: "append", key: "5", value: "x" } },
    ]);
    expect(() => readPorcupineKv(`{:process 0, :type :invoke, :f :append, :value "x"}`)).toThrow(
      /entry 0: it has no :key/,
    );
  });
});

describe("the models by name", () => {
  test("an operation that the object does not have is refused, with what it has", () => {
    const events = readJsonLines(`{"type":"invoke","process":1,"f":"reed","value":null}`);
    expect(() => judgeRecorded("register", events)).toThrow(/no operation "reed"/);
  });

  test("each key has an object of its own", () => {
    const events = readJsonLines(
      [
        `{"type":"invoke","process":1,"f":"write","key":"a","value":1}`,
        `{"type":"ok","process":1}`,
        `{"type":"invoke","process":1,"f":"read","key":"b"}`,
        `{"type":"ok","process":1,"value":null}`,
      ].join("\n"),
    );
    expect(judgeRecorded("register", events).answer.verdict).toBe("linearizable");
  });

  test("a text that is not there is the empty one; what is no text is refused", () => {
    const get = (value: unknown) => [
      { type: "invoke" as const, process: 1, input: { f: "get", key: "a", value: null } },
      { type: "ok" as const, process: 1, output: value },
    ];
    expect(judgeRecorded("kv", get(null)).answer.verdict).toBe("linearizable");
    expect(() => judgeRecorded("kv", get(3))).toThrow(/operation 0: get answers a text/);
  });

  test.each(["register", "kv", "counter", "queue", "stack", "set", "value", "map", "lock", "election"])(
    "no operation at all, of a %s, is linearizable",
    (model) => expect(judgeRecorded(model, []).answer.verdict).toBe("linearizable"),
  );

  test("one operation, of unknown outcome everywhere", () => {
    const events = [0, 1, 2].flatMap((process) => [
      { type: "invoke" as const, process, input: { f: process === 0 ? "read" : "write", value: process } },
      { type: "info" as const, process },
    ]);
    expect(judgeRecorded("register", events.slice(0, 1)).answer.verdict).toBe("linearizable");
    expect(judgeRecorded("cas-register", events).answer.verdict).toBe("linearizable");
  });

  test("a service's arguments are a record; its session is the process unless it says so", () => {
    const events = readJsonLines(
      [
        `{"type":"invoke","process":1,"f":"Acquire","value":{}}`,
        `{"type":"ok","process":1,"value":{"status":"OK","token":"5"}}`,
        `{"type":"invoke","process":2,"f":"Acquire","value":{}}`,
        `{"type":"ok","process":2,"value":{"status":"OK","token":"6"}}`,
      ].join("\n"),
    );
    expect(judgeRecorded("lock", events).answer.verdict).toBe("not-linearizable");
    expect(judgeRecorded("lock", events.slice(0, 3)).answer.verdict).toBe("linearizable");
  });
});
