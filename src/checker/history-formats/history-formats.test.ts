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
    ["no process", `{"type":"ok"}`, /numbers or strings/],
  ])("%s is refused, with its line", (_name, text, message) => {
    expect(() => readJsonLines(text)).toThrow(message);
    expect(() => readJsonLines(text)).toThrow(UsageError);
  });

  test("an answer without a question is refused", () => {
    const events = readJsonLines(`{"type":"ok","process":1,"value":1}`);
    expect(() => judgeRecorded("register", events)).toThrow(/has none open/);
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
});

describe("Porcupine's key-value histories", () => {
  test("every operation has a key", () => {
    const text = `{:process 0, :type :invoke, :f :append, :key "5", :value "x"}`;
    expect(readPorcupineKv(text)).toEqual([
      { type: "invoke", process: 0, input: { f: "append", key: "5", value: "x" } },
    ]);
    expect(() => readPorcupineKv(`{:process 0, :type :invoke, :f :append, :value "x"}`)).toThrow(/no key/);
  });
});

describe("the models by name", () => {
  test("an operation that the object does not have is refused, with what it has", () => {
    const events = readJsonLines(`{"type":"invoke","process":1,"f":"reed","value":null}`);
    expect(() => judgeRecorded("register", events)).toThrow(/no operation "reed"/);
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
