// What defineFault refuses, and how the instances of a fault that says whom it strikes are drawn.
import { expect, test } from "vitest";
import { UsageError } from "../../base/usage-error.js";
import { readFileSync } from "node:fs";
import { draw, readScenario } from "../scenario.js";
import { lasting, striking } from "./instances.js";
import { defineFault, type FaultDefinition } from "./own-fault.js";

const quake: FaultDefinition = {
  name: "quake",
  models: "the ground",
  on: "partition",
  parameters: striking([2, 2]),
  start: (world, fault) => world.strike(fault, "shaken"),
};

test.each([
  ["Quake!", { name: "Quake!" }, 'the fault\'s name "Quake!"'],
  ["a name that is taken", { name: "message-loss" }, "there is a fault message-loss already"],
  ["nothing modelled", { models: "" }, "does not say what it models"],
  ["a range the wrong way round", { parameters: striking([3, 1]) }, "the range of many is [3, 1]"],
  ["a chance of more than all", { chance: 1001 }, "has the chance 1001"],
  ["nothing done", { start: undefined }, "the fault quake does nothing"],
])("%s is refused, and what is wrong is said", (_, change, says) => {
  const define = (): unknown => defineFault({ ...quake, ...change } as FaultDefinition);
  expect(define).toThrow(UsageError);
  expect(define).toThrow(says);
});

test("instances are drawn by `many` and `span`, each with a target, within the safety phase", () => {
  const shipped = JSON.parse(
    readFileSync(new URL("../../../scenarios/default.json", import.meta.url), "utf8"),
  ) as object;
  const fault = defineFault({ ...quake, on: "replica", parameters: { ...lasting([3, 3], [500, 500]) } });
  const own = { faults: [fault] };
  const scenario = readScenario({ ...shipped, faults: { quake: { chance: 1000 } } }, own);
  const { faults, length, partitions } = draw(scenario, 3n, own);
  expect(faults.map(({ id }) => id)).toEqual(["quake.1", "quake.2", "quake.3"]);
  for (const each of faults) {
    expect(each.until - each.from).toBe(500_000);
    expect(each.until).toBeLessThan(length);
    const home = partitions.find(({ partition }) => partition === each.partition);
    expect(home?.replicas.map(({ replica }) => replica)).toContain(each.replica);
  }
});

test("what a strike is has a name of its own, or a plain one", () => {
  expect(defineFault(quake).counts).toBe("a strike");
  expect(defineFault({ ...quake, counts: "a house that falls" }).counts).toBe("a house that falls");
});
