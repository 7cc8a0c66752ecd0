// The recording of a failing seed: also where the machine does not come to an end any more.
import { expect, test } from "vitest";
import { reference } from "../fsm/reference.js";
import { plainContestant } from "./contestant.js";
import { NoRecording, recordFailure } from "./failure.js";
import { scenarioFrom } from "./scenarios.js";

const scenario = scenarioFrom("counter-only");
const witness = { property: "apply/total", lines: [], says: "seen before", entry: "none", expected: "", got: "" };
const failed = { seed: 3n, fingerprint: "any", witness };

test("a seed is recorded with what was seen, where nothing is seen this time", () => {
  const recorded = recordFailure({ contestant: plainContestant(reference), scenario, version: "0" }, failed);
  expect(recorded.witness.says).toBe("seen before");
  expect(recorded.trace.header.seed).toBe("3");
});

test("a machine that hangs by what it keeps outside its replicas is waited for no longer than the patience", () => {
  let applied = 0;
  const tired = {
    ...reference,
    name: "tired",
    create: () => {
      const machine = reference.create();
      const apply: typeof machine.apply = (entry) => {
        while (++applied > 50);
        return machine.apply(entry);
      };
      return { ...machine, apply, query: machine.query, snapshot: machine.snapshot, restore: machine.restore };
    },
  };
  const task = { contestant: plainContestant(tired), scenario, version: "0" };
  expect(() => recordFailure(task, failed, 500)).toThrow(NoRecording);
  expect(applied).toBeGreaterThan(50);
});
