import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { UsageError } from "../base/usage-error.js";
import { linesOf, only, shipped } from "./default-scenario.laws.js";
import type { FaultKind } from "./faults/fault.js";
import { readPlan } from "./plan.js";
import { draw, readScenario } from "./scenario.js";

const folder = new URL("../../scenarios/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(".json", ""));

type Json = Record<string, unknown>;
const json = (name: string): Json => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Json;
const changed = (change: (scenario: Json) => void): (() => unknown) => {
  const scenario = json("default");
  change(scenario);
  return () => readScenario(scenario);
};

describe("scenarios", () => {
  test.each(names)("%s is whole, says its own name, and draws plans that can be read", (name) => {
    const scenario = shipped(name);
    expect(scenario.name).toBe(name);
    const plan = draw(scenario, 3n);
    expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test("one seed draws one plan, another seed another", () => {
    expect(draw(shipped("default"), 9n)).toEqual(draw(shipped("default"), 9n));
    expect(draw(shipped("default"), 9n)).not.toEqual(draw(shipped("default"), 10n));
  });

  test("what is wrong is named by its path", () => {
    const wrong: [string, (scenario: Json) => void][] = [
      ["length.seconds: 9 is more than 3", (s) => ((s["length"] as Json)["seconds"] = [9, 3])],
      ["topology.replicas[1]: not an integer", (s) => ((s["topology"] as Json)["replicas"] = [3, "three"])],
      ["services[0]: not one of", (s) => (s["services"] = ["teapot"])],
      ["services: empty", (s) => (s["services"] = [])],
      ["faults.rain: there is no such fault", (s) => ((s["faults"] as Json)["rain"] = { chance: 1 })],
      [
        "faults.message-loss.with: has no field",
        (s) => ((s["faults"] as Json)["message-loss"] = { chance: 1, with: { wetness: [1, 2] } }),
      ],
      ["faults.message-loss.chance: 1001 is not", (s) => ((s["faults"] as Json)["message-loss"] = { chance: 1001 })],
      ["services[1]: lock stands there twice", (s) => (s["services"] = ["lock", "lock"])],
      ["workload.lock:Borrow: there is no such operation", (s) => (s["workload"] = { "lock:Borrow": 1 })],
      ["rarely[0]: ", (s) => (s["rarely"] = [7])],
      ['has no field "colour"', (s) => (s["colour"] = "red")],
    ];
    for (const [message, change] of wrong) {
      expect(changed(change), message).toThrow(UsageError);
      expect(changed(change)).toThrow(message);
    }
  });

  test("a fault of one's own is drawn, strikes and is counted", () => {
    const rain: FaultKind = {
      name: "rain",
      models: "weather",
      counts: "a shower",
      parameters: { drops: { about: "how many", unit: "", range: [2, 2] } },
      draw: (_dice, _draft, numbers) => [{ from: 1_000_000, until: 1_000_000, with: numbers() }],
      start(world, fault) {
        world.strike(fault, `${fault.with["drops"]} drops`);
      },
    };
    const scenario = readScenario({ ...json("default"), faults: { rain: { chance: 1000 } } }, { faults: [rain] });
    const plan = draw(scenario, 1n, { faults: [rain] });
    expect(plan.faults).toEqual([
      { id: "rain.1", fault: "rain", from: 1_000_000, until: 1_000_000, with: { drops: 2 } },
    ]);
    const { lines, played } = linesOf(plan, { faults: [rain] });
    expect(played.faults["rain"]).toBe(1);
    expect(only(lines, "fault")).toEqual([
      { e: "fault", t: 1_000_000, fault: "rain", change: "strike", what: "2 drops" },
    ]);
  });
});

describe("plans", () => {
  const plan = (): Json => JSON.parse(JSON.stringify(draw(shipped("default"), 1n))) as Json;

  test("what could not be played is refused, by its path", () => {
    const wrong: [string, (plan: Json) => void][] = [
      ["plan: 2 is not between 1 and 1", (p) => (p["plan"] = 2)],
      ["partitions[0].replicas: empty", (p) => (((p["partitions"] as Json[])[0] as Json)["replicas"] = [])],
      [
        "clients: c1 stands there twice",
        (p) => (p["clients"] = [(p["clients"] as Json[])[0], (p["clients"] as Json[])[0]]),
      ],
      ["services[0]: partition 77 is not there", (p) => (((p["services"] as Json[])[0] as Json)["partition"] = 77)],
      ["is not there", (p) => (p["services"] = (p["services"] as Json[]).slice(0, 1))],
    ];
    for (const [message, change] of wrong) {
      const broken = plan();
      change(broken);
      expect(() => readPlan(broken), message).toThrow(UsageError);
      expect(() => readPlan(broken)).toThrow(message);
    }
  });

  test("a service lives where FNV-1a of its name says, mod the number of partitions", () => {
    const hash = (name: string): bigint => {
      let value = 2_166_136_261n;
      for (const letter of name) value = ((value ^ BigInt(letter.charCodeAt(0))) * 16_777_619n) % 2n ** 32n;
      return value;
    };
    const scenario = shipped("default");
    const four = draw({ ...scenario, topology: { ...scenario.topology, partitions: [4] } }, 1n);
    expect(four.services).toHaveLength(6);
    for (const { name, partition } of four.services) expect(BigInt(partition - 1)).toBe(hash(name) % 4n);
  });
});
