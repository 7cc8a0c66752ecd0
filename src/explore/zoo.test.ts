// A row of the zoo's table, from hunts written by hand, and the table read the other way round.
import { expect, test } from "vitest";
import type { Catch, Hunted } from "./hunt.js";
import { bites, rowOf, type ZooRow } from "./zoo.js";

const inmate = { name: "lock-lifo", livesIn: "fsm", caughtBy: ["lock/fifo", "service/as-modelled"] };

function hunted(caught: Partial<Catch> | null, falseCauses: Hunted["falseCauses"] = {}): Hunted {
  const hunt = { bug: "lock-lifo", from: 0n, seeds: 300 };
  const whole: Catch = { seed: 0n, after: 1, by: ["lock/fifo"], besides: [], operations: 9, faults: 9, ...caught };
  return { hunt, caught: caught === null ? null : whole, falseCauses };
}

test("a row has the median of the starts and the worst, whatever their order", () => {
  const row = rowOf(
    inmate,
    [40, 2, 300, 7, 11].map((after) => hunted({ after })),
  );
  expect([row.seeds, row.worst, row.escapes, row.starts]).toEqual([11, 300, 0, 5]);
});

test("a row names the properties that were to break and did, in the order in which they are known", () => {
  const row = rowOf(inmate, [
    hunted({ by: ["service/as-modelled"], besides: ["output/gapless"] }),
    hunted({ by: ["lock/fifo"], besides: ["events/complete"] }),
  ]);
  expect(row.caughtBy).toEqual(["lock/fifo", "service/as-modelled"]);
  expect(row.besides).toEqual(["events/complete", "output/gapless"]);
});

test("a bug that got away on one start has escaped, and nobody says after how many seeds it was caught", () => {
  const row = rowOf(inmate, [hunted({ after: 3 }), hunted(null, { "state/bounded": 17n })]);
  expect([row.escapes, row.seeds, row.worst]).toEqual([1, null, null]);
  expect(row.falseCauses).toEqual(["state/bounded"]);
});

test("how small it gets is what was made small, the smallest of it; nothing where nobody did", () => {
  const row = rowOf(inmate, [
    hunted({ operations: 5, faults: 2, shrinkSeconds: 4 }),
    hunted({ operations: 3, faults: 1, shrinkSeconds: 6 }),
    hunted({ operations: 1, faults: 1 }),
  ]);
  expect([row.operations, row.faults, row.shrinkSeconds]).toEqual([3, 1, 6]);
  expect(rowOf(inmate, [hunted({})]).operations).toBeNull();
});

test("read the other way round, a property has the bugs that are to break it, and those that do besides", () => {
  const row = (name: string, caughtBy: string[], besides: string[]): ZooRow => ({
    ...rowOf({ ...inmate, name }, []),
    caughtBy,
    besides,
  });
  const rows = [row("a", ["lock/fifo"], ["output/gapless"]), row("b", ["lock/fifo", "output/gapless"], [])];
  expect(bites(rows, ["output/gapless", "lock/fifo", "apply/total"])).toEqual([
    { property: "output/gapless", named: ["b"], besides: ["a"] },
    { property: "lock/fifo", named: ["a", "b"], besides: [] },
    { property: "apply/total", named: [], besides: [] },
  ]);
});
