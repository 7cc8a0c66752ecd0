// Time per entry: what is many times slower is told, what is the same is not, also where the machine is busy.
import { describe, expect, test } from "vitest";
import { scenarioFrom } from "../explore/scenarios.js";
import { reference } from "../fsm/reference.js";
import type { MachineKind } from "../protocol/machine.js";
import { logsOf, slowerThan } from "./cost.js";
import { callsOf, type Pair } from "./plays.js";

const side = (machine: MachineKind) => ({ machine, inThisProcess: true });
const pair = (machine: MachineKind): Pair => ({ baseline: side(reference), candidate: side(machine) });
const play = { from: "seed", scenario: scenarioFrom("counter-only"), seed: 1n } as const;
const logs = logsOf(callsOf(play, pair(reference)));
const clock = performance.now.bind(performance);

describe("time per entry", () => {
  test("a machine is not slower than itself", () => {
    expect(slowerThan(logs, pair({ ...reference }), 3, clock)).toBeUndefined();
  });

  test("one that applies each entry to ten machines is", () => {
    const ten: MachineKind = {
      ...reference,
      create() {
        const [real, ...others] = Array.from({ length: 10 }, () => reference.create()) as [never];
        const one: ReturnType<MachineKind["create"]> = real;
        return {
          ...one,
          apply(entry) {
            for (const other of others as (typeof one)[]) other.apply(entry);
            return one.apply(entry);
          },
        };
      },
    };
    expect(slowerThan(logs, pair(ten), 3, clock)?.fingerprint).toBe(
      "cost | time per entry | more than 3 times as long",
    );
  });
});
