// A hunt ends with the first catch, and a machine without a defect is never caught.
import { expect, test } from "vitest";
import { reference } from "../fsm/reference.js";
import { createMachine, referenceParts } from "../fsm/session-machine.js";
import { plainContestant } from "./contestant.js";
import { huntDown } from "./hunt.js";
import { scenarioFrom } from "./scenarios.js";

const scenario = scenarioFrom("default");
const forgetful = {
  ...reference,
  name: "forgetful",
  create: () =>
    createMachine({
      ...referenceParts,
      commands: { ...referenceParts.commands, isForgotten: () => false, find: () => undefined },
    }),
};
const hunt = { bug: "forgetful", from: 7n, seeds: 4 };

test("a defect is caught by the property that it is known to break, and the hunt ends there", () => {
  let tried = 0;
  const quarry = { contestant: plainContestant(forgetful), caughtBy: ["command/at-most-once"], scenario, version: "0" };
  const { caught } = huntDown(quarry, hunt, () => tried++);
  expect(caught?.by).toEqual(["command/at-most-once"]);
  expect(caught?.after).toBe(tried);
  expect(caught?.seed).toBe(7n + BigInt(tried - 1));
});

test("what breaks other properties only is a false cause, named with the first seed that has it", () => {
  const quarry = { contestant: plainContestant(forgetful), caughtBy: ["session/id-is-index"], scenario, version: "0" };
  const { caught, falseCauses } = huntDown(quarry, hunt, () => undefined);
  expect(caught).toBeNull();
  expect(Object.keys(falseCauses)).toContain("command/at-most-once");
});

test("the machine without a defect gets away, and breaks nothing", () => {
  const quarry = { contestant: plainContestant(reference), caughtBy: ["command/at-most-once"], scenario, version: "0" };
  expect(huntDown(quarry, hunt, () => undefined)).toEqual({ hunt, caught: null, falseCauses: {} });
});
