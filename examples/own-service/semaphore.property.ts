// The semaphore's own promises, and what a stranger wants to see: the real one holds under all faults, the forgetful one is
// caught by a property of one's own and made small. The same through the command line: scripts/own-service.test.ts.
import {
  createMachine,
  defineScenario,
  draw,
  type Own,
  ownParts,
  plainContestant,
  reference,
  referenceParts,
  referenceWith,
  registryOf,
  type Scenario,
  scenarioFrom,
  shrink,
  simulate,
  targetOf,
  UsageError,
  worldParts,
} from "multiraft-sim";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import forgetful, * as bad from "./forgetful.js";
import machine, * as good from "./machine.js";
import { semaphoreModel } from "./model.js";

const { services, faults, properties } = good;
const own: Own = { services, faults, properties };
const repertoire = ownParts(own);
const scenario = defineScenario(
  JSON.parse(readFileSync(new URL("./scenario.json", import.meta.url), "utf8")),
  repertoire,
);
const HOLDERS = "semaphore/holders-alive";

/** The first seed of so many on which something breaks. */
function firstBroken(kind: typeof machine, what: Own, many = 20n, where: Scenario = scenario): bigint | undefined {
  for (let seed = 0n; seed < many; seed++) {
    if (simulate(where, kind, seed, what).judgement.first !== null) return seed;
  }
  return undefined;
}

describe("a service of one's own", () => {
  it("stands trial with all faults, on 20 seeds", () => {
    expect(firstBroken(machine, own)).toBeUndefined();
  });

  it("is used, struck by the own fault, and judged by the own properties", () => {
    const seeds = Array.from({ length: 5 }, (_, seed) => simulate(scenario, machine, BigInt(seed), own));
    const judged = (name: string): number =>
      seeds.reduce((sum, { judgement }) => {
        const result = judgement.properties.find(({ property }) => property === name);
        return sum + (result?.judged ?? 0);
      }, 0);
    expect(judged(HOLDERS)).toBeGreaterThan(0);
    expect(judged("semaphore/free-in-range")).toBeGreaterThan(0);
    expect(seeds.reduce((sum, { played }) => sum + (played.faults["leader-crash"] ?? 0), 0)).toBeGreaterThan(0);
  });

  it("takes part in a shipped scenario, and so does the fault", () => {
    const joined = scenarioFrom("default", repertoire);
    expect(joined.services.at(-1)).toBe("semaphore");
    expect(joined.faults["leader-crash"]).toEqual({ chance: 400 });
    expect(firstBroken(machine, own, 5n, joined)).toBeUndefined();
  });

  it("changes no draw of a scenario that names nothing of it", () => {
    const shipped = scenarioFrom("default");
    expect(draw(shipped, 7n, repertoire)).toEqual(draw(shipped, 7n));
  });
});

describe("a service that forgets what ended sessions held", () => {
  const lax: Own = { services: bad.services, faults, properties };

  it("is caught by the own property, whose witness is the first", () => {
    const seed = firstBroken(forgetful, lax) ?? -1n;
    const { first } = simulate(scenario, forgetful, seed, lax).judgement;
    expect(first?.property).toBe(HOLDERS);
    expect(first?.says).toMatch(
      /^session [0-9]+ has ended, and [0-9]+ permits of semaphore-[0-9] are still out for it$/,
    );
  });

  it("is made small: one permit taken by a client that is gone", () => {
    const seed = firstBroken(forgetful, lax) ?? -1n;
    const contestant = { ...plainContestant(forgetful), ...ownParts(lax) };
    const plan = draw(scenario, seed, contestant);
    const { after, failing } = shrink(targetOf(contestant, plan, HOLDERS), plan);
    expect(failing.witness.property).toBe(HOLDERS);
    expect(after.operations).toBe(1);
    expect(after.faults).toBeLessThanOrEqual(1);
  });

  it("is caught by the model alone, too", () => {
    const calm = defineScenario({ ...scenario, faults: {} }, repertoire);
    const models = { semaphore: semaphoreModel };
    const workloads = repertoire.workloads ?? {};
    const broken = Array.from({ length: 20 }, (_, seed) => {
      return simulate(calm, forgetful, BigInt(seed), { models, workloads }).judgement.first?.property;
    });
    expect(broken).toContain("service/as-modelled");
  });
});

describe("what clients see of a semaphore", () => {
  const LINEARIZABLE = "linearizable/semaphore";

  it("has a legal order, in the log and by a search", () => {
    // Every 20th seed is searched, whether or not anything is in dispute.
    const { judgement } = simulate(scenario, machine, 20n, own);
    const result = judgement.properties.find(({ property }) => property === LINEARIZABLE);
    expect(result?.judged).toBeGreaterThan(0);
    expect(result?.verdict).toBe("holds");
  });

  it("has none where whoever led before answers synchronous queries from an old state", () => {
    const log = { ...worldParts.log, confirmsLead: () => true };
    const gullible = { ...plainContestant(machine), parts: { log } };
    const many = { many: [3, 3], span: [4000, 7000] } as const;
    const split = defineScenario(
      {
        from: "default",
        name: "split",
        about: "Semaphores across networks that fall into two parts.",
        services: ["semaphore"],
        topology: { partitions: [1], clients: [5, 7] },
        workload: { "semaphore:Free": 14 },
        faults: { "network-split": { chance: 1000, with: many } },
      },
      repertoire,
    );
    const broken = Array.from({ length: 6 }, (_, seed) => {
      const { properties: results } = simulate(split, gullible, BigInt(seed), own).judgement;
      return results.find(({ property }) => property === LINEARIZABLE)?.broken ?? 0;
    });
    expect(broken.reduce((sum, many) => sum + many, 0)).toBeGreaterThan(0);
  });
});

describe("what lacks is said", () => {
  it("the machine has no such service", () => {
    expect(() => simulate(scenario, reference, 0n, own)).toThrow(UsageError);
    expect(() => simulate(scenario, reference, 0n, own)).toThrow("its capabilities do not name semaphore");
  });

  it("nobody defines the fault, or the kind of service, of a recorded run", () => {
    const { plan } = simulate(scenario, machine, 1n, own).record().header;
    const play = (): unknown => targetOf(plainContestant(reference), plan as never);
    expect(play).toThrow("needs the service semaphore and fault leader-crash, which reference does not bring along");
  });

  it("a machine that is put together by hand serves it all the same", () => {
    const semaphores = services.flatMap(({ part }) => part ?? []);
    const parts = { ...referenceParts, registry: registryOf(...referenceParts.registry.values(), ...semaphores) };
    const byHand = { ...referenceWith(good.service), name: "by hand", create: () => createMachine(parts) };
    expect(firstBroken(byHand, own, 5n)).toBeUndefined();
  });
});
