// A failing run gets small, fails all the while in the same way, and the same run gets small in the same way again.
import { describe, expect, test } from "vitest";
import type { UsageError } from "../base/usage-error.js";
import { fingerprint } from "../checker/verdict.js";
import { type Contestant, plainContestant } from "../explore/contestant.js";
import { scenarioFrom } from "../explore/scenarios.js";
import { runTrial } from "../explore/trial.js";
import { commands } from "../fsm/commands.js";
import { reference } from "../fsm/reference.js";
import { createMachine, type MachineParts, referenceParts } from "../fsm/session-machine.js";
import { type Plan, readPlan } from "../sim/plan.js";
import { draw } from "../sim/scenario.js";
import { mend } from "./mend.js";
import { judgePlan } from "./plan-play.js";
import { shrink, Shrinker } from "./shrinker.js";
import { sizeOf } from "./size.js";
import { smallestOf, targetOf } from "./smallest.js";

const scenario = scenarioFrom("default");

function broken(name: string, parts: Partial<MachineParts>): Contestant {
  return plainContestant({ ...reference, name, create: () => createMachine({ ...referenceParts, ...parts }) });
}

const forgetful = broken("forgetful", { commands: { ...commands, isForgotten: () => false } });

/** The first seed on which it fails. */
function failingPlan(contestant: Contestant): Plan {
  for (let seed = 0n; seed < 40n; seed++) {
    if (runTrial(scenario, seed, contestant, "test").judgement.first !== null) return draw(scenario, seed);
  }
  throw new Error("no seed of forty fails");
}

describe("shrinking", () => {
  const plan = failingPlan(forgetful);
  const target = targetOf(forgetful, plan);
  const shrunk = shrink(target, plan);

  test("ends with at most 8 operations and 3 faults", () => {
    expect(sizeOf(plan).operations).toBeGreaterThan(50);
    expect(shrunk.after.operations).toBeLessThanOrEqual(8);
    expect(shrunk.after.faults).toBeLessThanOrEqual(3);
    expect(shrunk.finished).toBe(true);
  });

  test("keeps the fingerprint, also when the small plan is read again and played whole", () => {
    const { first } = judgePlan(forgetful, JSON.parse(JSON.stringify(shrunk.failing.plan)));
    expect(first && fingerprint(first)).toBe(target.fingerprint);
  });

  test("of a property that is mistyped, or not broken, says what is, and which is near", () => {
    const [property = ""] = target.fingerprint.split(" | ");
    const todo = (asked: string): string => {
      try {
        targetOf(forgetful, plan, asked);
      } catch (error) {
        return (error as UsageError).todo;
      }
      return "";
    };
    expect(todo(property.slice(0, -1))).toMatch(
      new RegExp(`^Did you mean "${property}"\\? What is broken: .*${property}`),
    );
    expect(todo("x")).toMatch(new RegExp(`^What is broken: .*${property}`));
  });

  test("leaves a plan that the real machine passes", () => {
    expect(judgePlan(reference, shrunk.failing.plan).first).toBeNull();
  });

  test("says of every fault whether it is needed", () => {
    const ids = plan.faults.map(({ id }) => id);
    expect([...shrunk.necessary, ...shrunk.beside].sort()).toEqual(ids.sort());
    expect(shrunk.failing.plan.faults.map(({ id }) => id)).toEqual(shrunk.necessary);
  });

  test("comes to the same plan again", () => {
    expect(shrink(target, plan).failing.plan).toEqual(shrunk.failing.plan);
  });

  test("stopped early, has the smallest so far, which fails alike", () => {
    let plays = 0;
    const early = shrink(target, plan, {}, () => ++plays >= 5);
    expect(early.finished).toBe(false);
    expect(early.trials).toBe(5);
    const { first } = judgePlan(forgetful, early.failing.plan);
    expect(first && fingerprint(first)).toBe(target.fingerprint);
  });

  test("gives a log for a bare machine, which the real machine passes", () => {
    const { log, trace, witness } = smallestOf(target, new Shrinker(target, shrunk.failing.plan));
    expect(log?.steps.length).toBeLessThan(10);
    expect(log?.witness.property).toBe(witness.property);
    expect(trace.end).not.toBeNull();
  });

  test("refuses a run that does not fail so", () => {
    expect(() => new Shrinker({ ...target, fingerprint: "lock/fifo | x | y | z" }, plan)).toThrow("does not fail with");
    expect(() => targetOf(plainContestant(reference), plan)).toThrow("nothing is broken");
  });
});

describe("a plan out of which something was taken", () => {
  const plan = failingPlan(forgetful);

  test("loses what leaned on it, and can be read", () => {
    const [gone] = plan.clients;
    const mended = mend({ ...plan, clients: plan.clients.slice(1), services: plan.services.slice(1) });
    expect(() => readPlan(JSON.parse(JSON.stringify(mended)))).not.toThrow();
    expect(mended.faults.filter(({ client }) => client === gone?.client)).toEqual([]);
    const first = plan.services[0]?.name;
    const used = mended.clients.flatMap(({ lives }) =>
      lives.flatMap((life) => life.operations.map((op) => op.service)),
    );
    expect(used).not.toContain(first);
  });

  test("without partitions has no services, clients or targets left", () => {
    const { services, clients, faults } = mend({ ...plan, partitions: [] });
    expect({ services, clients }).toEqual({ services: [], clients: [] });
    expect(faults.filter(({ partition, client }) => partition !== undefined || client !== undefined)).toEqual([]);
  });
});
