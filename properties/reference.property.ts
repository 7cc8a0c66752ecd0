// The promise that everything else is for: whatever the scenario and the seed, the real machine breaks no claim.
import fc from "fast-check";
import { expect, it } from "vitest";
import { reference, simulate } from "../src/index.js";
import { scenarios, seeds } from "./arbitraries.js";

it("no claim is broken, whatever the scenario", () => {
  fc.assert(
    fc.property(scenarios(), seeds(), (scenario, seed) => {
      expect(simulate(scenario, reference, seed).judgement.first).toBeNull();
    }),
    { numRuns: 25 },
  );
}, 120_000);
