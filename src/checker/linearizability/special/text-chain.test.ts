// The chain of texts: what it decides without a search, with orders written by hand, and that it leaves the rest to the search.
import { describe, expect, test } from "vitest";
import { check } from "../check.js";
import type { Operation } from "../history.js";
import type { KvInput } from "../models/kv.js";
import { kv } from "../models/kv.js";
import { generate, Draws } from "../oracle/generate.js";
import { replay } from "../oracle/replay.js";
import { distinctTexts } from "../oracle/subjects.js";

type KvOperation = Operation<KvInput, unknown>;

function put(value: string, call: number, end: number): KvOperation {
  return { process: call, input: { f: "put", key: "k", value }, outcome: "ok", call, return: end };
}
function append(value: string, call: number, end: number): KvOperation {
  return { process: call, input: { f: "append", key: "k", value }, outcome: "ok", call, return: end };
}
function get(output: string, call: number, end: number): KvOperation {
  return { process: call, input: { f: "get", key: "k" }, output, outcome: "ok", call, return: end };
}

describe("a chain of texts decides without a search", () => {
  test("an append that returns first goes behind the put that the read begins with", () => {
    const history = [append("x", 0, 3), put("y", 1, 6), append("z", 2, 7), get("yx", 5, 8)];
    const answer = check(kv, history);
    // append z was open at the put, and nobody reads it behind it: it stands before it.
    expect(answer).toMatchObject({ verdict: "linearizable", algorithms: ["text-chain"], order: [2, 1, 0, 3] });
  });

  test("of two puts the one that a later read sees is the last", () => {
    const history = [put("a", 0, 20), put("b", 1, 21), get("a", 3, 8), get("b", 2, 9), get("a", 15, 30)];
    expect(check(kv, history)).toMatchObject({ algorithms: ["text-chain"], order: [1, 3, 0, 2, 4] });
  });

  test("an append of unknown outcome is there if it is read, and only then", () => {
    const lost: KvOperation = { ...append("x", 0, 0), outcome: "unknown" };
    expect(check(kv, [lost, get("", 1, 2), get("x", 3, 4)])).toMatchObject({
      algorithms: ["text-chain"],
      order: [1, 0, 2],
    });
    expect(check(kv, [lost, get("", 1, 2)])).toMatchObject({ algorithms: ["text-chain"], order: [1] });
  });

  test("fifty clients, distinct values: nearly all keys, and the order holds", () => {
    const shape = { clients: 50, operations: 2000, unknown: 0, failed: 0, lies: 0, eager: 30 };
    const history = generate(distinctTexts(10), shape, new Draws(1));
    const answer = check(kv, history);
    if (answer.verdict !== "linearizable") return expect.unreachable(answer.verdict);
    expect(answer).toMatchObject({ algorithms: ["text-chain"], configurations: 0 });
    expect(replay(kv, history, answer.order)).toBeNull();
  });
});

test("an append that a read far away goes on with is used once", () => {
  const reads = Array.from({ length: 12 }, (_, i) => get(`p${i}`, 30 + 2 * i, 31 + 2 * i));
  const puts = Array.from({ length: 12 }, (_, i) => put(`p${i}`, 29 + 2 * i, 30 + 2 * i));
  const history = [append("x", 0, 3), get("x", 1, 99), ...puts, ...reads];
  expect(check(kv, history).verdict).toBe(check(kv, history, { specials: false }).verdict);
});

describe("a chain of texts leaves to the search", () => {
  test("what is not legal: it never says no", () => {
    expect(check(kv, [put("a", 0, 1), put("b", 2, 3), get("a", 4, 5)])).toMatchObject({
      verdict: "not-linearizable",
      algorithms: ["search"],
    });
  });

  test("what it is told not to decide", () => {
    expect(check(kv, [put("a", 0, 1), get("a", 2, 3)], { specials: false })).toMatchObject({ algorithms: ["search"] });
  });
});
