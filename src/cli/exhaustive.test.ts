// That short histories bite: bugs of the zoo's machines fall to them, without a seed, and for the reason that they are known by.
import { expect, it } from "vitest";
import { bugs } from "../../bugs/index.js";
import { goThrough, inThisThread, subjectsFor } from "../exhaustive/histories.js";
import type { Contestant } from "../explore/contestant.js";
import { installTraps } from "../explore/traps.js";

it("half of the machine's bugs fall to histories of one or two entries", async () => {
  installTraps();
  const inMachine = bugs.filter(({ livesIn }) => livesIn === "fsm");
  const caught: string[] = [];
  for (const { name, machine, caughtBy } of inMachine) {
    if (machine === undefined) continue;
    const contestant: Contestant = { fsm: "reference", bug: name, machine, inThisProcess: true };
    let hit = false;
    await goThrough({
      contestant,
      subjects: subjectsFor(contestant),
      bound: 2,
      expanders: inThisThread(contestant),
      stop: () => false,
      found: ({ broken }) => (hit ||= broken.some((property) => caughtBy.includes(property))),
    });
    if (hit) caught.push(name);
  }
  expect(inMachine).toHaveLength(64);
  expect(caught.length).toBeGreaterThanOrEqual(inMachine.length / 2);
  expect(caught).toEqual(expect.arrayContaining(["purge-forgets", "keepalive-no-refresh", "poison-payload"]));
}, 120_000);
