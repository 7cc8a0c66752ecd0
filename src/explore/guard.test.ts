// Whoever asks a thread that hangs in a call of its machine is answered all the same, by another thread that knows the call.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { UsageError } from "../base/usage-error.js";
import { Guard } from "./guard.js";

const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-guard-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Play 0 has calls 1, 2 and 3; those that the question names hang unless they are known to. Answers what was known.
const script = join(folder, "thread.mjs");
writeFileSync(
  script,
  `import { workerData } from "node:worker_threads";
const { pulse, signal, port, data } = workerData;
const cells = new Int32Array(pulse), answers = new Int32Array(signal);
port.on("message", ({ question, hangs }) => {
  Atomics.store(cells, 0, 1);
  if (question === "exit") process.exit(3);
  const say = (said) => { port.postMessage(said); Atomics.add(answers, 0, 1); Atomics.notify(answers, 0); };
  if (question === "woken") {
    const end = performance.now() + 300;
    while (performance.now() < end) Atomics.notify(answers, 0);
  }
  if (question === "wrong") return say({ kind: "threw", what: "usage", message: "no", todo: "ask otherwise" });
  for (const call of [1, 2, 3]) {
    Atomics.store(cells, 1, call);
    if (Array.isArray(question) && question.includes(call) && !(hangs.get(0) ?? []).includes(call)) for (;;);
    Atomics.store(cells, 1, -call);
  }
  say({ kind: "answer", answer: [data, hangs.get(0) ?? []] });
});
process.on("exit", () => { Atomics.store(answers, 0, -1); Atomics.notify(answers, 0); });
Atomics.store(answers, 1, 1);`,
);

const guard = new Guard({ file: pathToFileURL(script), data: "mine" });
afterAll(() => guard.close());

describe("a guard", { timeout: 60_000 }, () => {
  test("hands on what the thread answers", () => {
    expect(guard.ask([], 100)).toEqual(["mine", []]);
  });

  test("finds each call that hangs, and goes on behind it", () => {
    expect(guard.ask([2, 3], 100)).toEqual(["mine", [2, 3]]);
  });

  test("waits once for what is played under one name", () => {
    expect(guard.ask([1], 100, "a plan")).toEqual(["mine", [1]]);
    expect(guard.ask([], 100, "a plan")).toEqual(["mine", [1]]);
    expect(guard.ask([], 100, "another plan")).toEqual(["mine", []]);
  });

  test("throws what the thread threw", () => {
    expect(() => guard.ask("wrong", 100)).toThrow(new UsageError("no", "ask otherwise"));
  });

  test("waits for the answer, whatever else wakes it", () => {
    expect(guard.ask("woken", 100)).toEqual(["mine", []]);
  });

  test("says so where the thread ends", () => {
    expect(() => guard.ask("exit", 100)).toThrow("ended the thread");
    expect(guard.ask([], 100)).toEqual(["mine", []]);
  });
});
