// What the public face promises, on histories small enough to be judged by hand.
import { describe, expect, test } from "vitest";
import { UsageError } from "../../base/usage-error.js";
import { check } from "./check.js";
import type { HistoryEvent, Operation } from "./history.js";
import type { Model } from "./model.js";
import type { CounterInput } from "./models/counter.js";
import { counter } from "./models/counter.js";
import { electionService } from "./models/election-service.js";
import { kv } from "./models/kv.js";
import { lockService } from "./models/lock-service.js";
import { mapService } from "./models/map-service.js";
import type { RegisterInput } from "./models/register.js";
import { casRegister, register } from "./models/register.js";
import { setService } from "./models/set-service.js";
import { valueService } from "./models/value-service.js";

type RegisterOperation = Operation<RegisterInput, unknown>;

function write(process: number, value: number, call: number, end: number): RegisterOperation {
  return { process, input: { f: "write", value }, outcome: "ok", call, return: end };
}
function read(process: number, value: number | null, call: number, end: number): RegisterOperation {
  return { process, input: { f: "read" }, output: value, outcome: "ok", call, return: end };
}
function unknown(operation: RegisterOperation): RegisterOperation {
  return { ...operation, outcome: "unknown" };
}

describe("verdicts", () => {
  test("an empty history is linearizable", () => {
    expect(check(register, []).verdict).toBe("linearizable");
  });

  test("a read may see a write that overlaps it, or the value before", () => {
    expect(check(register, [write(0, 1, 0, 3), read(1, 1, 1, 2)]).verdict).toBe("linearizable");
    expect(check(register, [write(0, 1, 0, 3), read(1, null, 1, 2)]).verdict).toBe("linearizable");
  });

  test("intervals are closed: a call at the instant of a return overlaps it", () => {
    expect(check(register, [write(0, 1, 0, 2), read(1, null, 2, 3)]).verdict).toBe("linearizable");
    expect(check(register, [write(0, 1, 0, 2), read(1, null, 2.5, 3)]).verdict).toBe("not-linearizable");
  });

  test("an operation of unknown outcome may take effect late, or never, but not early", () => {
    const late = unknown(write(0, 1, 0, 0));
    expect(check(register, [late, read(1, null, 5, 6), read(1, 1, 7, 8)]).verdict).toBe("linearizable");
    expect(check(register, [late, read(1, null, 5, 6)]).verdict).toBe("linearizable");
    expect(check(register, [read(1, 1, 0, 1), unknown(write(0, 1, 2, 2))]).verdict).toBe("not-linearizable");
  });

  test("a failed operation did not happen", () => {
    const failed: RegisterOperation = { ...write(0, 1, 0, 1), outcome: "fail" };
    expect(check(register, [failed, read(1, 1, 2, 3)]).verdict).toBe("not-linearizable");
  });

  test("events say the same as operations", () => {
    const events: HistoryEvent<RegisterInput, unknown>[] = [
      { type: "invoke", process: "a", input: { f: "write", value: 1 } },
      { type: "invoke", process: "b", input: { f: "read" } },
      { type: "ok", process: "b", output: 1 },
      { type: "info", process: "a" },
    ];
    expect(check(register, events).verdict).toBe("linearizable");
  });

  test("keys are independent, and the order respects time over all of them", () => {
    const history: Operation<{ f: "put" | "get"; key: string; value: string }, unknown>[] = [
      { process: 0, input: { f: "put", key: "x", value: "1" }, outcome: "ok", call: 0, return: 1 },
      { process: 0, input: { f: "put", key: "y", value: "2" }, outcome: "ok", call: 2, return: 3 },
      { process: 1, input: { f: "get", key: "x", value: "" }, output: "1", outcome: "ok", call: 4, return: 5 },
    ];
    const answer = check(kv, history);
    expect(answer).toMatchObject({ verdict: "linearizable", order: [0, 1, 2] });
  });

  test("more than 32 operations may be open at once", () => {
    const adds = Array.from({ length: 70 }, (_, process): Operation<CounterInput, unknown> => {
      return {
        process,
        input: { f: "add", value: 2 },
        outcome: "ok",
        call: process,
        return: 1000 + process,
      };
    });
    const reads = (value: number): Operation<CounterInput, unknown> => {
      return { process: 99, input: { f: "read" }, output: value, outcome: "ok", call: 500, return: 600 };
    };
    expect(check(counter, [...adds, reads(70)])).toMatchObject({ verdict: "linearizable", keyBits: 96 });
    expect(check(counter, [...adds, reads(71)]).verdict).toBe("not-linearizable");
  });

  test("who returns before he was called is a mistake of the recorder", () => {
    expect(() => check(register, [write(0, 1, 5, 4)])).toThrow(UsageError);
  });
});

describe("session-ordered queries", () => {
  const query = (process: number, value: number | null, call: number, end: number): RegisterOperation => {
    return { ...read(process, value, call, end), sessionOrdered: true };
  };
  const writes = [write(0, 1, 0, 1), write(0, 2, 2, 3)];

  test("another session may lag behind", () => {
    expect(check(register, [...writes, query(1, 1, 4, 5)]).verdict).toBe("linearizable");
    expect(check(register, [...writes, query(1, null, 4, 5)]).verdict).toBe("linearizable");
  });
  test("a session sees what it wrote", () => {
    expect(check(register, [...writes, query(0, 1, 4, 5)]).verdict).toBe("not-linearizable");
    expect(check(register, [...writes, query(0, 2, 4, 5)]).verdict).toBe("linearizable");
  });
  test("a session never goes back", () => {
    expect(check(register, [...writes, query(1, 2, 4, 5), query(1, 1, 6, 7)]).verdict).toBe("not-linearizable");
    expect(check(register, [...writes, query(1, 1, 4, 5), query(1, 2, 6, 7)]).verdict).toBe("linearizable");
  });
  test("nobody sees the future", () => {
    expect(check(register, [query(1, 1, 0, 1), write(0, 1, 2, 3)]).verdict).toBe("not-linearizable");
  });
});

describe("budgets", () => {
  // Concurrent adds of multiples of three, all different, and a read that is none: 2^27 selections to try.
  const hard: Operation<CounterInput, unknown>[] = [
    ...Array.from({ length: 28 }, (_, process): Operation<CounterInput, unknown> => {
      return {
        process,
        input: { f: "add", value: 3 * (process + 1) },
        outcome: "ok",
        call: process,
        return: 1000,
      };
    }),
    { process: 99, input: { f: "read" }, output: 601, outcome: "ok", call: 500, return: 600 },
  ];

  test("configurations: undecided, and the same every time", () => {
    const once = check(counter, hard, { configurations: 5000 });
    expect(once).toMatchObject({ verdict: "undecided", exhausted: "configurations", configurations: 5000 });
    expect(check(counter, hard, { configurations: 5000 })).toEqual(once);
  });
  test("time, by the clock that is passed in", () => {
    let now = 0;
    expect(check(counter, hard, { time: 10, now: () => now++ })).toMatchObject({
      verdict: "undecided",
      exhausted: "time",
    });
  });
  test("memory", () => {
    expect(check(counter, hard, { memory: 100_000 })).toMatchObject({ verdict: "undecided", exhausted: "memory" });
  });
  test("a signal", () => {
    let asked = 0;
    const answer = check(counter, hard, { stopped: () => ++asked > 3 });
    expect(answer).toMatchObject({ verdict: "undecided", exhausted: "stopped" });
  });
  test("a signal inside a step that takes long", () => {
    const slow: Model<number, RegisterInput, unknown> = {
      name: "slow",
      init: () => 0,
      step(state, _input, _output, patience) {
        for (;;) {
          patience.check();
          if (state < 0) return state;
        }
      },
    };
    let asked = 0;
    expect(check(slow, [write(0, 1, 0, 1)], { stopped: () => ++asked > 1000 })).toMatchObject({ exhausted: "stopped" });
  });
});

describe("explanations", () => {
  test("a stale read: the write that hid the value, and the read", () => {
    const history = [write(0, 1, 0, 1), write(0, 2, 2, 3), read(1, 2, 4, 5), read(1, 1, 6, 7), write(0, 3, 8, 9)];
    const answer = check(casRegister, history, { specials: false });
    if (answer.verdict !== "not-linearizable") return expect.unreachable(answer.verdict);
    const { explanation } = answer;
    expect(explanation.blocked).toBe(3);
    expect(explanation.longestPrefix).toEqual([0, 1, 2]);
    expect(explanation.minimal).toContain(3);
    expect(explanation.minimal.length).toBe(2);
    expect(explanation.reached[0]).toMatchObject({
      state: "2",
      candidates: [{ operation: 3, what: "read 1", why: "the register holds 2" }],
    });
    expect(explanation.nearMisses).toContainEqual(expect.objectContaining({ operation: 0 }));
  });
});

describe("debug", () => {
  test("a wrong hint is found", () => {
    const wrong = { ...register, readOnly: () => true };
    expect(() => check(wrong, [write(0, 1, 0, 1)], { debug: true })).toThrow(/readOnly/);
  });
});

describe("the services' models", () => {
  const one = <Input, Output>(at: number, input: Input, output: Output): Operation<Input, Output> => {
    return { process: 0, input, output, outcome: "ok", call: 2 * at, return: 2 * at + 1 };
  };
  type Of<M> = M extends Model<infer _S, infer I, infer O> ? Operation<I, O> : never;

  test("value: a version that is not the current one is a conflict", () => {
    const history: Of<typeof valueService>[] = [
      one(0, { f: "Set", value: "a" }, { status: "OK", version: 5n }),
      one(1, { f: "Update", value: "b", version: 4n }, { status: "CONFLICT" }),
      one(2, { f: "Get" }, { status: "OK", value: "a", version: 5n }),
    ];
    expect(check(valueService, history, { debug: true }).verdict).toBe("linearizable");
    const lost: Of<typeof valueService>[] = [...history, one(3, { f: "Get" }, { status: "NOT_FOUND" })];
    expect(check(valueService, lost).verdict).toBe("not-linearizable");
  });

  test("value: with a TTL it may be gone, and then it stays gone", () => {
    const history: Of<typeof valueService>[] = [
      one(0, { f: "Set", value: "a", ttl: true }, { status: "OK", version: 5n }),
      one(1, { f: "Get" }, { status: "NOT_FOUND" }),
    ];
    expect(check(valueService, history, { debug: true }).verdict).toBe("linearizable");
    const back: Of<typeof valueService>[] = [...history, one(2, { f: "Get" }, { status: "OK", value: "a" })];
    expect(check(valueService, back).verdict).toBe("not-linearizable");
  });

  test("map: Size ties the keys together", () => {
    const history: Parameters<typeof mapService>[0] = [
      one(0, { f: "Put", key: "x", value: 1 }, { status: "OK" }),
      one(1, { f: "Put", key: "y", value: 1 }, { status: "OK" }),
      one(2, { f: "Size" }, { status: "OK", size: 2 }),
      one(3, { f: "Remove", key: "x" }, { status: "OK", value: 1 }),
      one(4, { f: "Entries" }, { status: "OK", entries: [{ key: "y", value: 1 }] }),
    ];
    expect(check(mapService(history), history, { debug: true }).verdict).toBe("linearizable");
    const wrong: Parameters<typeof mapService>[0] = [...history, one(5, { f: "Size" }, { status: "OK", size: 2 })];
    expect(check(mapService(wrong), wrong).verdict).toBe("not-linearizable");
  });

  test("set: an element is added once", () => {
    const history: Parameters<typeof setService>[0] = [
      one(0, { f: "Add", element: "x" }, { changed: true }),
      one(1, { f: "Add", element: "x" }, { changed: false }),
    ];
    expect(check(setService(history), history, { debug: true }).verdict).toBe("linearizable");
    const wrong: Parameters<typeof setService>[0] = [...history, one(2, { f: "Add", element: "x" }, { changed: true })];
    expect(check(setService(wrong), wrong).verdict).toBe("not-linearizable");
  });

  test("lock: two sessions do not hold it at once", () => {
    const history: Of<typeof lockService>[] = [
      one(0, { f: "Acquire", session: 1 }, { status: "OK", token: 10 }),
      one(1, { f: "Acquire", session: 2 }, { status: "TIMEOUT" }),
      one(2, { f: "Release", session: 2 }, { status: "CONFLICT" }),
    ];
    expect(check(lockService, history, { debug: true }).verdict).toBe("linearizable");
    const both: Of<typeof lockService>[] = [
      ...history,
      one(3, { f: "Acquire", session: 2 }, { status: "OK", token: 12 }),
    ];
    expect(check(lockService, both).verdict).toBe("not-linearizable");
    // A session whose end nobody heard of may have given it back.
    const end: Of<typeof lockService> = {
      process: 9,
      input: { f: "End", session: 1 },
      outcome: "unknown",
      call: 4,
      return: 4,
    };
    expect(check(lockService, [...both, end]).verdict).toBe("linearizable");
  });

  test("election: the term rises when the leader changes", () => {
    const history: Of<typeof electionService>[] = [
      one(0, { f: "Enter", candidate: "a", session: 1 }, { status: "OK", term: 1, leader: "a", candidates: [] }),
      one(1, { f: "Enter", candidate: "b", session: 2 }, { status: "OK", term: 1, leader: "a", candidates: ["b"] }),
      one(2, { f: "Promote", candidate: "b", session: 2 }, { status: "OK", term: 2, leader: "b", candidates: ["a"] }),
      one(3, { f: "Withdraw", candidate: "b", session: 1 }, { status: "CONFLICT" }),
    ];
    expect(check(electionService, history, { debug: true }).verdict).toBe("linearizable");
    const wrong: Of<typeof electionService>[] = [...history, one(4, { f: "GetTerm" }, { status: "OK", term: 3 })];
    expect(check(electionService, wrong).verdict).toBe("not-linearizable");
  });
});
