// The faces of the zoo's table, read by hand.
import { expect, test } from "vitest";
import type { ZooRow } from "../../explore/zoo.js";
import { printZoo, type ZooOutcome } from "./zoo.js";

const caught: ZooRow = {
  name: "lock-lifo",
  livesIn: "fsm",
  caughtBy: ["lock/fifo"],
  seeds: 3,
  worst: 11,
  operations: 4,
  faults: 0,
  shrinkSeconds: 1.5,
  besides: ["output/gapless"],
  falseCauses: [],
  starts: 5,
  escapes: 0,
};
const free: ZooRow = {
  ...caught,
  name: "no-dedup",
  caughtBy: [],
  seeds: null,
  worst: null,
  operations: null,
  faults: null,
  shrinkSeconds: null,
  besides: [],
  falseCauses: ["ttl/exact"],
  escapes: 2,
};

function outcome(rows: readonly ZooRow[]): ZooOutcome {
  const properties = ["output/gapless", "lock/fifo", "apply/total"];
  return { rows, properties, ourBugs: [], whole: true, quick: false, starts: 5, seeds: 300, wallSeconds: 20 };
}

test("JSON is an object with the rows, each number under the name that scripts read", () => {
  const { bugs } = JSON.parse(printZoo(outcome([caught, free]), "json")) as { bugs: ZooRow[] };
  expect(bugs[0]).toMatchObject({ name: "lock-lifo", livesIn: "fsm", caughtBy: ["lock/fifo"], seeds: 3, worst: 11 });
  expect(bugs[0]).toMatchObject({ operations: 4, faults: 0 });
  expect(bugs[1]).toMatchObject({ seeds: null, worst: null });
});

test("a bug that escaped says what broke instead, and the page ends with the line that hunts it again", () => {
  const page = printZoo(outcome([caught, free]), "pretty");
  expect(page).toContain("2 of 5 starts without a catch; there only ttl/exact");
  expect(page).toContain("1 of 2 bugs escaped");
  expect(page.trimEnd().endsWith("see it again:  npx multiraft-sim zoo no-dedup --seeds 300")).toBe(true);
});

test("a property that no bug breaks is named", () => {
  expect(printZoo(outcome([caught]), "pretty")).toContain("no bug breaks: apply/total");
});

test("Markdown has the table both ways: a row for each bug, a row for each property", () => {
  const page = printZoo(outcome([caught, free]), "markdown");
  expect(page).toContain("| [lock-lifo](../../bugs/lock-lifo.ts) | fsm | lock/fifo | 3 | 11 | 4 | 0 |");
  expect(page).toContain("| [no-dedup](../../bugs/no-dedup.ts) | fsm | **escaped** | – | – | – | – |");
  expect(page).toContain("| output/gapless | besides others: lock-lifo |");
  expect(page).toContain("| lock/fifo | lock-lifo |");
  expect(page).toContain("| apply/total |  |");
});
