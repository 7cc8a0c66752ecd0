// The matchers as a test has them: registered by one import, and known to the compiler.
import { expect, it } from "vitest";
import { judgeLog, type Judgement, reference, scenarioFrom, simulate } from "../src/index.js";
import "./vitest.js";

const held = judgeLog(reference, [{ at: "0s", open: "5s" }]);

it("expect takes what simulate and judgeLog give", () => {
  expect(simulate(scenarioFrom("default"), reference, 7n)).toHold();
  expect(held).toHold("session/never-late");
  expect(held).toHaveJudged("session/never-late");
  expect(held).not.toHaveJudged("lock/fifo");
});

it("what is broken is said", () => {
  const says = "a lock was handed on out of turn";
  const witness = { property: "lock/fifo", lines: [], says, entry: "", expected: "", got: "" };
  const counts = { judged: 1, broken: 1, undecided: 0, notJudged: 0, witnesses: [witness] };
  const properties = [{ property: "lock/fifo", verdict: "broken", ...counts }] as const;
  const judged: Judgement = { properties, first: witness, reached: {} };
  expect(() => expect(judged).toHold()).toThrow(says);
});

it("what has no judgement is refused by the compiler", () => {
  // @ts-expect-error a number was not judged
  expect(() => expect(5).toHold()).toThrow();
});
