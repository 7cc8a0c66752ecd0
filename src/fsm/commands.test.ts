// SPEC 2.3: exactly once.
import { describe, expect, test } from "vitest";
import type { SessionCommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { CounterOutput, SetInput as CounterSet } from "../proto/multiraft_sim/counter/v1/counter.js";
import { AcquireInput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { SetInput } from "../proto/multiraft_sim/value/v1/value.js";
import { payload, replied, say, Script } from "./script.laws.js";

const MOST = 2n ** 64n - 1n;

function counting(): Script {
  const script = new Script().at(0);
  script.open(1000);
  script.create(1n, "counter");
  return script;
}

function valueOf(script: Script): bigint {
  const answer = script.query(1n, 2n, "Get");
  if (typeof answer === "string") throw new Error(answer);
  return CounterOutput.decode(answer.payload).value;
}

// Every claim of this page holds before and after a restore.
describe.each([
  ["as it is", (script: Script) => script],
  ["restored", (script: Script) => script.restored(3)],
])("2.3 %s", (_, between) => {
  test("2.3: a dead session is the first refusal: NOT_FOUND even for number 0", () => {
    const script = between(counting());
    expect(script.run(9n, 2n, 0n, "Increment")).toBe("NOT_FOUND!");
  });

  test("2.3: number 0 is INVALID, and nothing of it is remembered", () => {
    const script = between(counting());
    const before = script.snapshot();
    expect(script.run(1n, 2n, 0n, "Increment")).toBe("INVALID!");
    expect(script.snapshot().length).toBe(before.length);
    expect(valueOf(script)).toBe(0n);
  });

  test("2.3: a forgotten number is CANCELED, whatever the input, and never runs again", () => {
    let script = counting();
    script.run(1n, 2n, 1n, "Increment");
    script.keepAlive(1n, 2n, []);
    script = between(script);
    expect(script.run(1n, 2n, 1n, "Increment")).toBe("CANCELED!"); // ran once
    expect(script.run(1n, 2n, 2n, "Increment")).toBe("CANCELED!"); // never arrived
    expect(script.run(1n, 2n, 2n, "Nonsense")).toBe("CANCELED!");
    expect(script.run(1n, 99n, 1n, "Decrement")).toBe("CANCELED!");
    expect(valueOf(script)).toBe(1n);
  });

  test("2.3: a number that first came without an operation is a CONFLICT with one, and itself again without", () => {
    let script = counting();
    const without: SessionCommandInput["input"] = {
      $case: "serviceCommand",
      value: { serviceId: 2n, sequenceNum: 1n, operation: undefined },
    };
    const bare = (): string => say(script.apply({ $case: "sessionCommand", value: { sessionId: 1n, input: without } }));
    expect(bare()).toBe("1:NOT_SUPPORTED done");
    script = between(script);
    expect(script.run(1n, 2n, 1n, "Increment")).toBe("CONFLICT!");
    expect(bare()).toBe("1:NOT_SUPPORTED done");
  });

  test("2.3: a remembered number with another input is a CONFLICT, field by field", () => {
    let script = new Script().at(0);
    script.open(1000);
    script.create(1n, "counter", "a"); // 2
    script.create(1n, "counter", "b"); // 3
    const bytes = payload(CounterSet, { value: 5n });
    script.run(1n, 2n, 1n, "Set", bytes);
    script = between(script);
    expect(script.run(1n, 3n, 1n, "Set", bytes)).toBe("CONFLICT!");
    expect(script.run(1n, 2n, 1n, "Increment", bytes)).toBe("CONFLICT!");
    expect(script.run(1n, 2n, 1n, "Set", payload(CounterSet, { value: 6n }))).toBe("CONFLICT!");
    const without: SessionCommandInput["input"] = {
      $case: "serviceCommand",
      value: { serviceId: 2n, sequenceNum: 1n, operation: undefined },
    };
    expect(say(script.apply({ $case: "sessionCommand", value: { sessionId: 1n, input: without } }))).toBe("CONFLICT!");
    expect(script.run(1n, 2n, 1n, "Set", bytes.slice())).toBe("1:OK done");
  });

  test("2.3: a retry of a complete command repeats its answer, and runs nothing", () => {
    let script = counting();
    const first = replied(script.command(1n, 2n, 1n, "Increment"));
    script.run(1n, 2n, 2n, "Increment");
    script = between(script);
    expect(replied(script.command(1n, 2n, 1n, "Increment"))).toEqual(first);
    expect(valueOf(script)).toBe(2n);
  });

  test("2.3: a retry repeats the outputs that were not acknowledged, and says that it is open; later ones follow", () => {
    let script = new Script().at(0);
    script.open(1000);
    script.create(1n, "value");
    script.run(1n, 2n, 1n, "Events");
    script.run(1n, 2n, 2n, "Set");
    script.run(1n, 2n, 3n, "Set");
    script.keepAlive(1n, 1n, [1n], { 1: 1n });
    script = between(script);
    expect(script.run(1n, 2n, 1n, "Events")).toBe("2:OK 3:OK open");
    expect(script.run(1n, 2n, 4n, "Set")).toBe("1:OK done | 1/1 4:OK");
    script.keepAlive(1n, 1n, [1n], { 1: 4n });
    expect(between(script).run(1n, 2n, 1n, "Events")).toBe("open");
  });

  test("2.3: a retry of a complete command whose outputs are all acknowledged answers nothing, complete", () => {
    let script = counting();
    script.run(1n, 2n, 1n, "Increment");
    script.keepAlive(1n, 1n, [1n], { 1: 1n });
    script = between(script);
    expect(script.run(1n, 2n, 1n, "Increment")).toBe("done");
    expect(valueOf(script)).toBe(1n);
  });

  test("2.3: a retry of a waiting command is open, and the answer follows as an emission", () => {
    let script = new Script().at(0);
    script.open(1000);
    script.open(1000);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(1n, 3n, 1n, "Acquire");
    script.run(2n, 3n, 1n, "Acquire");
    script = between(script);
    expect(script.run(2n, 3n, 1n, "Acquire")).toBe("open");
    expect(script.run(1n, 3n, 2n, "Release")).toBe("1:OK done | 2/1 1:OK done");
    expect(script.run(2n, 3n, 1n, "Acquire")).toBe("1:OK done");
  });

  test("2.3: a retry of a cancelled command is complete", () => {
    let script = new Script().at(0);
    script.open(1000);
    script.create(1n, "value");
    script.run(1n, 2n, 1n, "Events");
    expect(script.closeService(1n, 2n)).toBe("closed service | 1/1 2:CANCELED done");
    script = between(script);
    expect(script.run(1n, 2n, 1n, "Events")).toBe("1:OK 2:CANCELED done");
  });

  test("2.3: a listed number runs once, and is not listed any more", () => {
    let script = counting();
    script.keepAlive(1n, 2n, [1n, 2n]);
    script = between(script);
    expect(script.run(1n, 2n, 2n, "Increment")).toBe("1:OK done");
    script = between(script);
    expect(script.run(1n, 2n, 2n, "Increment")).toBe("1:OK done");
    expect(valueOf(script)).toBe(1n);
    script.keepAlive(1n, 2n, [1n]);
    expect(script.run(1n, 2n, 2n, "Increment")).toBe("CANCELED!");
  });

  test("2.3: a number never runs after a keep-alive that no longer listed it", () => {
    let script = counting();
    script.keepAlive(1n, 1n, [1n]);
    script.keepAlive(1n, 1n, []);
    script = between(script);
    expect(script.run(1n, 2n, 1n, "Increment")).toBe("CANCELED!");
  });

  test("2.3: a number above the mark runs, in any order, up to the end of uint64", () => {
    const script = between(counting());
    for (const number of [MOST, 7n, 3n]) expect(script.run(1n, 2n, number, "Increment")).toBe("1:OK done");
    expect(valueOf(between(script))).toBe(3n);
    expect(between(script).run(1n, 2n, MOST, "Increment")).toBe("1:OK done");
  });

  test("2.3: numbers are per session", () => {
    const script = between(counting());
    script.open(1000);
    script.create(3n, "counter");
    expect(script.run(1n, 2n, 1n, "Increment")).toBe("1:OK done");
    expect(script.run(3n, 2n, 1n, "Increment")).toBe("1:OK done");
    expect(valueOf(script)).toBe(2n);
  });

  test.each([
    ["an unknown service", 99n, "Increment", "", "NOT_FOUND"],
    ["a service not open in this session", 4n, "Increment", "", "FORBIDDEN"],
    ["an operation that the service lacks", 2n, "Acquire", "", "NOT_SUPPORTED"],
    ["a query's name", 2n, "Get", "", "NOT_SUPPORTED"],
    ["a name that every object has", 2n, "constructor", "", "NOT_SUPPORTED"],
    ["a payload cut short", 2n, "Set", "0880", "INVALID"],
  ])("2.3: %s is the command's own output, numbered and remembered", (__, service, name, hex, status) => {
    let script = counting();
    script.open(1000);
    script.create(3n, "counter", "another's"); // 4
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    expect(script.run(1n, service, 1n, name, bytes)).toBe(`1:${status} done`);
    script = between(script);
    // What was refused stays refused, though it would be answered now.
    if (service === 4n) script.create(1n, "counter", "another's");
    expect(script.run(1n, service, 1n, name, bytes)).toBe(`1:${status} done`);
  });

  test("2.3: a command without an operation is an unknown operation", () => {
    const script = between(counting());
    const input: SessionCommandInput["input"] = {
      $case: "serviceCommand",
      value: { serviceId: 2n, sequenceNum: 1n, operation: undefined },
    };
    for (let time = 0; time < 2; time++) {
      const applied = script.apply({ $case: "sessionCommand", value: { sessionId: 1n, input } });
      expect(say(applied)).toBe("1:NOT_SUPPORTED done");
    }
  });

  test("2.3: a stream's outputs are numbered from 1 without a gap, also across a restore with everything acknowledged", () => {
    let script = new Script().at(0);
    script.open(1000);
    script.create(1n, "value");
    expect(script.run(1n, 2n, 1n, "Events")).toBe("1:OK open");
    for (let number = 2n; number <= 5n; number++) {
      script = between(script);
      expect(script.run(1n, 2n, number, "Set", payload(SetInput, { value: Uint8Array.of(1), ttl: undefined }))).toBe(
        `1:OK done | 1/1 ${number}:OK`,
      );
      script.keepAlive(1n, number, [1n], { 1: number });
    }
  });

  test("2.3: nothing comes after complete", () => {
    let script = new Script().at(0);
    script.open(1000);
    script.open(1000);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(1n, 3n, 1n, "Acquire");
    script.run(2n, 3n, 1n, "Acquire", payload(AcquireInput, { timeout: { seconds: 5n, nanos: 0 } }));
    expect(script.at(5).tick()).toBe("tick | 2/1 1:TIMEOUT done");
    script = between(script);
    expect(script.run(1n, 3n, 2n, "Release")).toBe("1:OK done");
    expect(script.run(2n, 3n, 1n, "Acquire", payload(AcquireInput, { timeout: { seconds: 5n, nanos: 0 } }))).toBe(
      "1:TIMEOUT done",
    );
  });
});
