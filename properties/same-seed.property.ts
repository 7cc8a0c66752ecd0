// A run is a function of its seed, and a recording plays again: from its file, in another process, with other luck.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bugNamed } from "../bugs/index.js";
import {
  type Contestant,
  judgementOf,
  linesOf,
  plainContestant,
  readTrace,
  reference,
  replayAsLog,
  replayAsWorld,
  scenarioFrom,
  simulate,
  type Trace,
  writeTrace,
} from "../src/index.js";
import { scenarios, seeds } from "./arbitraries.js";

const plain = plainContestant(reference);
const VERSION = "0.0.0-test";

/** The trace, drawn with other root keys: every draw by address that the trace does not hold comes out otherwise. */
function withOtherLuck(trace: Trace): Trace {
  const plan = trace.header.plan as { readonly keys: Readonly<Record<string, number>> };
  const keys = Object.fromEntries(Object.entries(plan.keys).map(([room, key]) => [room, (key ^ 0x5bd1e995) >>> 0]));
  return { ...trace, header: { ...trace.header, plan: { ...plan, keys } } };
}

describe("the same seed", () => {
  it("gives the same run twice in one process, and two seeds give two", () => {
    fc.assert(
      fc.property(scenarios(), seeds(), (scenario, seed) => {
        const { digest } = simulate(scenario, plain, seed);
        expect(simulate(scenario, plain, seed).digest).toBe(digest);
        expect(simulate(scenario, plain, seed + 1n).digest).not.toBe(digest);
      }),
      { numRuns: 10 },
    );
  }, 120_000);
});

describe("a recording", () => {
  it("reads back from its file, plays again as a world and as a log, and is judged alike", () => {
    fc.assert(
      fc.property(scenarios(), seeds(), (scenario, seed) => {
        const recorded = simulate(scenario, plain, seed).record();
        const read = readTrace(writeTrace(recorded), "recorded");
        expect(linesOf(read)).toHaveLength(linesOf(recorded).length);
        const replayed = replayAsWorld(read, plain, VERSION);
        expect(replayed.difference).toBeUndefined();
        expect(replayed.verdict).toEqual({ recorded: null, now: null });
        expect(replayAsLog(read, reference).difference).toBeUndefined();
      }),
      { numRuns: 10 },
    );
  }, 120_000);

  const defects = ["purge-forgets", "lock-lifo", "time-goes-back"];
  it.each(defects)(
    "of %s comes to the same verdict with other generators",
    (name) => {
      const bug = bugNamed(name);
      expect(bug?.machine).toBeDefined();
      const contestant: Contestant = { ...plain, bug: name, machine: bug?.machine ?? reference };
      const scenario = scenarioFrom("default");
      const seed = [...Array(60).keys()].map(BigInt).find((one) => {
        const { first } = simulate(scenario, contestant, one).judgement;
        return first !== null && bug?.caughtBy.includes(first.property);
      });
      const recorded = simulate(scenario, contestant, seed as bigint).record();
      const then = judgementOf(recorded).first;
      const replayed = replayAsWorld(withOtherLuck(recorded), contestant, VERSION);
      expect(replayed.judgement.first?.property).toBe(then?.property);
      expect(replayed.verdict.now).toBe(replayed.verdict.recorded);
    },
    120_000,
  );
});
