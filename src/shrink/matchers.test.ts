// Matchers say what was seen, and don't take silence for a pass.
import { expect, test } from "vitest";
import { reference } from "../fsm/reference.js";
import { judgeLog } from "./log-play.js";
import { matchers } from "./matchers.js";

const held = judgeLog(reference, [
  { at: "0s", open: "5s" },
  { at: "5s", tick: true },
]);
const rude = { ...reference, create: () => ({ ...reference.create(), apply: (): never => fail() }) };
const broken = judgeLog(rude, [{ at: "0s", tick: true }]);

function fail(): never {
  throw new Error("no");
}

test("toHold passes where every claim holds, and takes what has a judgement", () => {
  expect(matchers.toHold(held).pass).toBe(true);
  expect(matchers.toHold({ judgement: held }, "session/never-late").pass).toBe(true);
});

test("toHold names what is broken and what was seen", () => {
  const { pass, message } = matchers.toHold(broken);
  expect(pass).toBe(false);
  expect(message()).toContain("apply/total: ");
  expect(matchers.toHold(broken, "lock/fifo").pass).toBe(true);
});

test("toHold refuses a property that there is not", () => {
  expect(matchers.toHold(held, "lock/fif").pass).toBe(false);
});

test("toHaveJudged tells a pass from silence", () => {
  expect(matchers.toHaveJudged(held, "session/never-late").pass).toBe(true);
  const silent = matchers.toHaveJudged(held, "lock/fifo");
  expect(silent.pass).toBe(false);
  expect(silent.message()).toContain("nothing came up to judge");
});
