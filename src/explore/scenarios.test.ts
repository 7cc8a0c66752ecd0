// The scenarios that the package ships name only milestones that there are.
import { describe, expect, test } from "vitest";
import { judgeMilestones } from "../checker/milestones.js";
import { MILESTONES } from "../sim/milestones.js";
import { scenarioFrom, scenarioNames } from "./scenarios.js";

const known: readonly string[] = [...MILESTONES, ...judgeMilestones];

describe("shipped scenarios", () => {
  test.each(scenarioNames())("%s calls rare only what is a milestone", (name) => {
    const { rarely = [] } = scenarioFrom(name);
    expect(rarely.filter((milestone) => !known.includes(milestone))).toEqual([]);
  });

  test("default comes by every milestone", () => {
    expect(scenarioFrom("default").rarely).toBeUndefined();
  });
});
