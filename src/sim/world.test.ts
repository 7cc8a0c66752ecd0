import { describe, expect, test } from "vitest";
import { reference } from "../fsm/reference.js";
import type { MachineKind } from "../protocol/machine.js";
import type { EventLine, SendLine } from "../trace/line.js";
import { linesOf, only, planOf, textOf } from "./default-scenario.laws.js";
import type { Plan } from "./plan.js";
import { scheduleOf } from "./world.js";

const SEEDS = [1, 2, 3, 4, 5, 6];

describe("world", () => {
  test.each(SEEDS)("the same plan gives the same lines (seed %i)", (seed) => {
    const plan = planOf(seed);
    expect(textOf(linesOf(plan).lines)).toEqual(textOf(linesOf(plan).lines));
  });

  test.each(SEEDS)("a plan that went through JSON plays alike (seed %i)", (seed) => {
    const plan = planOf(seed);
    const again = JSON.parse(JSON.stringify(plan)) as Plan;
    expect(textOf(linesOf(again).lines)).toEqual(textOf(linesOf(plan).lines));
  });

  test.each(SEEDS)("time never goes back from line to line (seed %i)", (seed) => {
    let t = 0;
    for (const line of linesOf(planOf(seed)).lines) {
      expect(line.t).toBeGreaterThanOrEqual(t);
      t = line.t;
    }
  });

  test.each(SEEDS)("every message's id is its own (seed %i)", (seed) => {
    const ids = only(linesOf(planOf(seed)).lines, "send").map((line) => line.message);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(SEEDS)("a shadow changes nothing for the accused (seed %i)", (seed) => {
    const plan = planOf(seed);
    const plain = textOf(linesOf(plan).lines);
    const shadowed = linesOf(plan, {}, { shadow: true }).lines;
    const accused = shadowed.filter((line) => !("replica" in line) || line.replica !== 0);
    expect(textOf(accused)).toEqual(plain);
    const commits = only(shadowed, "commit").length;
    const shadow = only(shadowed, "observe").filter((line) => line.replica === 0);
    expect(shadow.length).toBe(commits);
    expect(shadow.every((line) => line.why === "shadow")).toBe(true);
  });

  test.each(SEEDS)("a trace's schedule brings the same lines about under other root keys (seed %i)", (seed) => {
    const plan = planOf(seed);
    const { lines } = linesOf(plan);
    const { network, replica, log, client } = plan.keys;
    const keys = { network: network ^ 5, replica: replica ^ 5, log: log ^ 5, client: client ^ 5 };
    // What a hostile sender calls its message is known to nobody but itself, unless it was committed.
    const said = (all: EventLine[]): string[] =>
      textOf(all.map((line) => (line.e === "send" && line.from.startsWith("hostile") ? { ...line, what: "" } : line)));
    const others: Plan = { ...plan, keys };
    expect(said(linesOf(others, {}, { schedule: scheduleOf(lines) }).lines)).toEqual(said(lines));
    expect(said(linesOf(others).lines)).not.toEqual(said(lines));
  });

  test("a machine that throws ends the run, and is asked nothing more", () => {
    let asked = 0;
    const throwing: MachineKind = {
      ...reference,
      create() {
        const machine = reference.create();
        let broken = false;
        const count = (): void => {
          if (broken) asked++;
        };
        return {
          apply(entry) {
            count();
            if (entry.index === 40n) {
              broken = true;
              throw new Error("entry 40 is too much");
            }
            return machine.apply(entry);
          },
          query: (input) => (count(), machine.query(input)),
          snapshot: () => (count(), machine.snapshot()),
          restore: (chunks) => (count(), machine.restore(chunks)),
        };
      },
    };
    const { lines } = linesOf(planOf(7), { machine: throwing });
    const broke = only(lines, "broke");
    expect(broke[0]).toMatchObject({ during: "apply", index: 40n, how: "threw", message: "entry 40 is too much" });
    expect(asked).toBe(0);
    expect(lines.at(-1)).toMatchObject({ e: "phase", phase: "end" });
    expect((lines.at(-1)?.t ?? 0) - (broke[0]?.t ?? 0)).toBeLessThanOrEqual(100_000);
  });
});

describe("luck", () => {
  const removals = (plan: Plan): { without: Plan; gone: string }[] =>
    plan.clients.flatMap((client, i) => {
      const operations = client.lives[0]?.operations ?? [];
      const at = Math.floor(operations.length / 2);
      const without = structuredClone(plan) as unknown as { clients: { lives: { operations: unknown[] }[] }[] };
      without.clients[i]?.lives[0]?.operations.splice(at, 1);
      return [{ without: without as unknown as Plan, gone: `${client.client}.0/op${operations[at]?.op ?? 0}/` }];
    });
  const sendsOf = (plan: Plan): Map<string, SendLine> =>
    new Map(only(linesOf(plan).lines, "send").map((line) => [line.message, line]));
  const fateOf = (line: SendLine): string =>
    `${line.arrives.map((at) => at - line.t).join()} ${line.by ?? ""} ${line.to}`;

  test.each([1, 2, 3])(
    "taking one operation away leaves delay and fate of all other messages as they were (seed %i)",
    (seed) => {
      // Faults that last as long as the run, so that who sends a little later meets the same ones.
      const drawn = planOf(seed);
      const faults = drawn.faults.map((each) =>
        each.until > each.from ? { ...each, from: 0, until: drawn.length - 1 } : each,
      );
      const plan: Plan = { ...drawn, faults: faults.filter((each) => each.fault !== "clogged-link") };
      const before = sendsOf(plan);
      for (const { without, gone } of removals(plan)) {
        const after = sendsOf(without);
        let both = 0;
        for (const [id, line] of after) {
          expect(id.startsWith(gone)).toBe(false);
          const was = before.get(id);
          // Outputs queue behind one another on their stream; to whom is asked depends on who is known to lead.
          if (was === undefined || was.to !== line.to || /output|reply/.test(id)) continue;
          both++;
          expect(`${id} ${fateOf(line)}`).toBe(`${id} ${fateOf(was)}`);
        }
        expect(both).toBeGreaterThan(100);
      }
    },
  );
});
