// What a machine lacks is not judged, and said; the rest is judged all the same. A machine that shows itself by observe() is
// judged in full, whatever it saves.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reference } from "../fsm/reference.js";
import type { Capabilities, MachineKind, StateMachine } from "../protocol/machine.js";
import { MachineBroke } from "../protocol/machine-errors.js";
import { readScenario } from "../sim/scenario.js";
import { plainContestant } from "./contestant.js";
import { packageRoot } from "./package.js";
import { runTrial } from "./trial.js";

const scenario = readScenario(JSON.parse(readFileSync(join(packageRoot, "scenarios", "default.json"), "utf8")));

/** The reference machine, which says less of itself, and with calls replaced. */
function kind(
  capabilities: Partial<Capabilities>,
  replace: (honest: StateMachine) => Partial<StateMachine> = () => ({}),
): MachineKind {
  const create = (): StateMachine => {
    const honest = reference.create();
    return {
      apply: (entry) => honest.apply(entry),
      query: (input) => honest.query(input),
      snapshot: () => honest.snapshot(),
      restore: (chunks) => honest.restore(chunks),
      ...replace(honest),
    };
  };
  return { name: "lacking", capabilities: { ...reference.capabilities, ...capabilities }, create };
}

/** Its snapshots are turned around: nobody but itself can read them. */
const opaque = (honest: StateMachine): Partial<StateMachine> => ({
  snapshot: () => honest.snapshot().toReversed(),
  restore: (chunks) => {
    const whole = [...chunks].flatMap((chunk) => [...chunk]);
    return honest.restore([Uint8Array.from(whole.toReversed())]);
  },
});

function results(machine: MachineKind, seeds = 3) {
  const all = Array.from({ length: seeds }, (_, seed) =>
    runTrial(scenario, BigInt(seed), plainContestant(machine), "test"),
  );
  const broken = all.flatMap(({ judgement }) => (judgement.first === null ? [] : [judgement.first]));
  const judged = (property: string): number =>
    all.reduce(
      (sum, { judgement }) => sum + (judgement.properties.find((one) => one.property === property)?.judged ?? 0),
      0,
    );
  return { broken, judged, all };
}

describe("a machine that lacks something", () => {
  it("opaque snapshots: what is said of states is not judged, what is said of answers is", () => {
    const { broken, judged } = results(kind({ snapshots: "opaque" }, opaque));
    expect(broken).toEqual([]);
    expect(judged("snapshot/canonical")).toBe(0);
    expect(judged("replica/same-state")).toBe(0);
    expect(judged("service/as-modelled")).toBeGreaterThan(100);
  });

  it("opaque snapshots, and observe(): everything is judged", () => {
    const shows = (honest: StateMachine): Partial<StateMachine> => ({
      ...opaque(honest),
      observe: () => honest.snapshot(),
    });
    const { broken, judged } = results(kind({ snapshots: "opaque", observations: "canonical" }, shows));
    expect(broken).toEqual([]);
    expect(judged("snapshot/canonical")).toBeGreaterThan(10);
    expect(judged("time/never-goes-back")).toBeGreaterThan(10);
  });

  it("readable snapshots: read, but not compared by their bytes", () => {
    const { broken, judged } = results(kind({ snapshots: "readable" }));
    expect(broken).toEqual([]);
    expect(judged("snapshot/canonical")).toBe(0);
    expect(judged("time/never-goes-back")).toBeGreaterThan(10);
  });

  it("ticks: none is proposed, and nothing is promised of the liveness phase", () => {
    const { broken, judged, all } = results(kind({ ticks: false }));
    expect(broken).toEqual([]);
    expect(judged("liveness/expiry")).toBe(0);
    expect(all.every(({ played }) => played.entries > 20)).toBe(true);
  });

  it("services: their makings are refused, and the rest is judged", () => {
    const few = kind({ services: ["counter", "value"] }, (honest) => ({
      apply: (entry) => {
        const { input } = entry;
        if (input === "undecodable" || input.input?.$case !== "sessionCommand") return honest.apply(entry);
        const inner = input.input.value.input;
        if (inner?.$case !== "createService") return honest.apply(entry);
        const { service = "" } = inner.value.spec ?? {};
        if (service === "counter" || service === "value") return honest.apply(entry);
        // As a machine without that kind answers: the spec names one that nobody knows.
        const spec = { service: "teapot", namespace: "", name: "" };
        const value = { ...input.input.value, input: { $case: "createService" as const, value: { spec } } };
        return honest.apply({ ...entry, input: { ...input, input: { $case: "sessionCommand", value } } });
      },
    }));
    const { broken, judged } = results(few);
    expect(broken).toEqual([]);
    expect(judged("lock/exclusive")).toBe(0);
    expect(judged("linearizable/counter")).toBeGreaterThan(10);
  });
});

describe("a machine that breaks", () => {
  it.each(["threw", "hung", "silent"] as const)("%s: breaks apply/total, and the line says how", (how) => {
    const breaks = kind({}, (honest) => ({
      apply: (entry) => {
        if (entry.index === 20n) throw new MachineBroke(how, `apply of entry 20: it ${how}`);
        return honest.apply(entry);
      },
    }));
    const { broken } = results(breaks, 1);
    expect(broken[0]?.property).toBe("apply/total");
    expect(broken[0]?.says).toContain(`it ${how}`);
  });
});
