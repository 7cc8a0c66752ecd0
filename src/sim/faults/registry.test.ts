import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { linesOf, only, planOf, shipped } from "../default-scenario.laws.js";
import { MILESTONES } from "../milestones.js";
import type { Scenario } from "../scenario.js";
import { FAULTS, faultNamed } from "./registry.js";

/** Nothing of this folder is a fault but these. */
const OTHERS = ["fault.ts", "instances.ts", "own-fault.ts", "registry.ts", "splitting.ts"];
/** What a fault needs beside itself to have anything to strike. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  "client-restart": ["client-crash"],
  "snapshot-damage": ["snapshot-install"],
  "snapshot-chunks": ["snapshot-install"],
  "log-compaction": ["snapshot-save"],
  "timestamps-on-edge": ["client-crash"],
};

const alone = (name: string): Scenario => {
  const scenario = shipped("default");
  const names = [name, ...(NEEDS[name] ?? [])];
  return { ...scenario, faults: Object.fromEntries(names.map((each) => [each, { chance: 1000 }])) };
};

describe("faults", () => {
  test("every file of the folder is one fault, listed under the file's name", () => {
    const files = readdirSync(new URL(".", import.meta.url)).filter((file) => !file.endsWith(".test.ts"));
    const names = files.filter((file) => !OTHERS.includes(file)).map((file) => file.replace(".ts", ""));
    expect(FAULTS.map((kind) => kind.name).sort()).toEqual(names.sort());
    for (const kind of FAULTS) expect(faultNamed(kind.name)).toBe(kind);
  });

  test("the default scenario has every fault", () => {
    expect(Object.keys(shipped("default").faults).sort()).toEqual(FAULTS.map((kind) => kind.name).sort());
  });

  test.each(FAULTS.map((kind) => kind.name))("%s alone strikes, within the safety phase, and is counted", (name) => {
    let struck = 0;
    for (let seed = 1; seed <= 12 && struck === 0; seed++) {
      const plan = planOf(seed, alone(name));
      for (const fault of plan.faults) {
        expect(fault.from).toBeGreaterThanOrEqual(0);
        expect(fault.until).toBeLessThan(plan.length);
        const { parameters } = faultNamed(fault.fault) ?? { parameters: {} };
        for (const each of Object.keys(fault.with)) expect(Object.keys(parameters)).toContain(each);
      }
      const { played, lines } = linesOf(plan);
      struck = played.faults[name] ?? 0;
      const others = FAULTS.filter((kind) => kind.name !== name && !(NEEDS[name] ?? []).includes(kind.name));
      for (const kind of others) expect([kind.name, played.faults[kind.name]]).toEqual([kind.name, 0]);
      for (const line of only(lines, "send"))
        if (line.by !== undefined) expect([name, ...(NEEDS[name] ?? [])]).toContain(line.by);
    }
    expect(struck).toBeGreaterThan(0);
  });

  test("without faults nothing is lost, nobody is redirected twice, and no session ends by expiry", () => {
    const plan = planOf(5, { ...shipped("default"), faults: {} });
    const calm = { ...plan, clients: plan.clients.map((each) => ({ ...each, drift: 0 })) };
    const { lines, played } = linesOf(calm);
    for (const line of only(lines, "send")) expect(line.arrives).toHaveLength(1);
    expect(Object.values(played.faults).every((many) => many === 0)).toBe(true);
    expect(only(lines, "session").filter((line) => line.change === "lost")).toEqual([]);
  });
});

describe("milestones", () => {
  test("are at least forty, with names of their own, and a run tells of each", () => {
    expect(MILESTONES.length).toBeGreaterThanOrEqual(40);
    expect(new Set(MILESTONES).size).toBe(MILESTONES.length);
    const { played } = linesOf(planOf(1));
    expect(Object.keys(played.milestones)).toEqual([...MILESTONES]);
  });
});
