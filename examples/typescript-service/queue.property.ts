// The queue's own promises, as properties of its own, and the whole trial on a few seeds: the same that `run` does on many.
import fc from "fast-check";
import {
  createMachine,
  defineScenario,
  type MachineKind,
  models,
  plainContestant,
  referenceParts,
  registryOf,
  services,
  simulate,
  Status,
  type Witness,
} from "multiraft-sim";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import machine, { models as own } from "./machine.js";
import { queue, type Queue, type QueueState } from "./queue.js";

const scenario = defineScenario(JSON.parse(readFileSync(new URL("./scenario.json", import.meta.url), "utf8")));
const texts = fc.array(fc.string(), { maxLength: 20 });

function filled(items: readonly string[]): QueueState {
  const state = queue.empty();
  for (const item of items) queue.push(state, item);
  return state;
}

/** As it is saved and loaded. */
function reloaded(state: QueueState): QueueState {
  const check = (condition: boolean): void => expect(condition).toBe(true);
  const around = { check } as unknown as Parameters<typeof queue.load>[1];
  const at = {} as Parameters<typeof queue.save>[1];
  return queue.load(queue.save(state, at), around);
}

describe("a queue", () => {
  it("gives back what was pushed, in order, and is empty then", () => {
    fc.assert(
      fc.property(texts, (items) => {
        const state = filled(items);
        const popped = items.map(() => new TextDecoder().decode(queue.pop(state).output?.payload));
        expect(popped).toEqual(items);
        expect(queue.pop(state).output?.status).toBe(Status.NOT_FOUND);
      }),
    );
  });

  it("is, loaded, what was saved", () => {
    fc.assert(
      fc.property(texts, (items) => {
        expect(reloaded(filled(items))).toEqual(filled(items));
      }),
    );
  });

  it("stands trial with all faults, on 20 seeds", () => {
    expect(firstBroken(machine)).toBeUndefined();
  });

  it("that gives back what came last is caught by its model", () => {
    const stack: Queue = { ...queue, pop: (state) => queue.pop({ items: state.items.splice(-1) }) };
    const parts = { ...referenceParts, registry: registryOf(...services.values(), stack) };
    const broken = firstBroken({ ...machine, name: "with a stack", create: () => createMachine(parts) });
    expect(broken?.property).toBe("service/as-modelled");
    expect(broken?.entry).toContain("Pop");
  });
});

/** The first claim that breaks on 20 seeds. */
function firstBroken(kind: MachineKind): Witness | undefined {
  const contestant = { ...plainContestant(kind), models: { ...models, ...own } };
  for (let seed = 0n; seed < 20n; seed++) {
    const { first } = simulate(scenario, contestant, seed).judgement;
    if (first !== null) return first;
  }
  return undefined;
}
