// What defineWorkload refuses, and that its payloads are drawn with the plan: by the plan's dice, into the plan.
import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { UsageError } from "../base/usage-error.js";
import { defineWorkload, type WorkloadDefinition } from "./own-workload.js";
import { readPlan } from "./plan.js";
import { draw, readScenario } from "./scenario.js";

const shipped = JSON.parse(readFileSync(new URL("../../scenarios/default.json", import.meta.url), "utf8")) as object;

test.each([
  ["no operations", {}, "a workload has no operations"],
  ["an unknown way of asking", { Push: { as: "shout" } }, 'Push is asked for as "shout"'],
  ["half a weight", { Push: { as: "command", weight: 0.5 } }, "Push has the weight 0.5"],
])("%s is refused, and what is wrong is said", (_, operations, says) => {
  const define = (): unknown => defineWorkload({ operations } as unknown as WorkloadDefinition);
  expect(define).toThrow(UsageError);
  expect(define).toThrow(says);
});

test("payloads are drawn by the plan's dice and stand in the plan, which can be read back", () => {
  const stack = defineWorkload({
    operations: {
      Push: { as: "command", weight: 3, payload: (dice) => Uint8Array.of(dice.between(1, 4)) },
      Peek: { as: "query" },
    },
  });
  const own = { workloads: { stack } };
  const scenario = readScenario({ ...shipped, services: ["stack"], workload: { "stack:Peek": 2 }, faults: {} }, own);
  const plan = draw(scenario, 5n, own);
  const operations = plan.clients.flatMap(({ lives }) => lives.flatMap((life) => life.operations));
  const pushes = operations.filter(({ operation }) => operation === "Push");
  // The bytes 1 to 4 in base64; nobody pushes anything else, and everything comes up.
  expect(new Set(pushes.map((each) => each.with.payload))).toEqual(new Set(["AQ==", "Ag==", "Aw==", "BA=="]));
  expect(operations.filter(({ operation }) => operation === "Peek").every((each) => each.with.payload === "")).toBe(
    true,
  );
  expect(draw(scenario, 5n, own)).toEqual(plan);
  expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

test("weight 0 is never, and a workload of a built-in kind stands in the place of the built-in one", () => {
  const quiet = { Set: { as: "command", weight: 0 }, Get: { as: "query" } } as const;
  const own = { workloads: { counter: defineWorkload({ operations: quiet }) } };
  const scenario = readScenario({ ...shipped, services: ["counter"], faults: {} }, own);
  const { clients } = draw(scenario, 1n, own);
  const names = clients.flatMap(({ lives }) => lives.flatMap((life) => life.operations.map((each) => each.operation)));
  expect(new Set(names)).toEqual(new Set(["Get", ""]));
});
