// What a user brings along, joined with what is built in; and what is said where something is not what it should be.
import { describe, expect, test } from "vitest";
import { UsageError } from "../base/usage-error.js";
import { defineProperty } from "../checker/own-property.js";
import { defineModel } from "../checker/models/own-model.js";
import { models } from "../checker/models/registry.js";
import { reference } from "../fsm/reference.js";
import { defineFault } from "../sim/faults/own-fault.js";
import { striking } from "../sim/faults/instances.js";
import { defineWorkload } from "../sim/own-workload.js";
import { defineService, joinedBy, mustServe, ownIn, ownInWords, ownParts, referenceWith } from "./own.js";
import { defineScenario, scenarioFrom } from "./scenarios.js";

const none = new Uint8Array(0);
const model = defineModel<null>({ empty: null, commands: {}, save: () => none, load: () => null });
const workload = defineWorkload({ operations: { Look: { as: "query" } } });
const rock = defineService({ kind: "rock", model, workload });
const rain = defineFault({ name: "rain", models: "weather", on: "world", parameters: striking([1, 1]), start() {} });
const wet = defineProperty({ name: "rock/wet", claim: "Rocks are wet.", watch: () => ({}) });

describe("what a user brings along", () => {
  test("is joined: models beside the judge's, workloads by kind, faults, properties", () => {
    const parts = ownParts({ services: [rock], faults: [rain], properties: [wet] });
    expect(parts).toEqual({
      models: { ...models, rock: model },
      workloads: { rock: workload },
      faults: [rain],
      properties: [wet],
    });
    expect(ownInWords(parts)).toBe("service rock, fault rain, property rock/wet");
    expect(ownParts({})).toEqual({});
    expect(ownInWords({})).toBe("");
  });

  test("takes part in a shipped scenario, by its chance; a scenario of one's own names what it wants", () => {
    const parts = ownParts({ services: [rock], faults: [rain] });
    const joined = scenarioFrom("counter-only", parts);
    expect(joined.services).toEqual(["counter", "rock"]);
    expect(joined.faults["rain"]).toEqual({ chance: 300 });
    const draft = { from: "counter-only", name: "mine", about: "rocks", services: ["rock"] };
    expect(defineScenario(draft, parts).services).toEqual(["rock"]);
    expect(defineScenario(draft, parts).faults["rain"]).toBeUndefined();
    expect(() => defineScenario(draft)).toThrow("services[0]: not one of counter");
    const shipped = scenarioFrom("default");
    expect(joinedBy(shipped, {})).toBe(shipped);
  });

  test("must be served by the machine", () => {
    const parts = ownParts({ services: [rock] });
    expect(() => mustServe(reference, parts)).toThrow("reference: its capabilities do not name rock");
    const capabilities = { ...reference.capabilities, services: [...reference.capabilities.services, "rock"] };
    expect(() => mustServe({ ...reference, capabilities }, parts)).not.toThrow();
  });

  test.each([
    ["services", [{}], "its `services` are no list of what defineService makes"],
    ["services", rock, "its `services` are no list of what defineService makes"],
    ["models", [model], "its `models` are no record of what defineModel makes"],
    ["models", { rock: {} }, "its `models` are no record of what defineModel makes"],
    ["workloads", { rock: model }, "its `workloads` are no record of what defineWorkload makes"],
    ["faults", [wet], "its `faults` are no list of what defineFault makes"],
    ["properties", [rain], "its `properties` are no list of what defineProperty makes"],
  ])("a module whose %s are something else is refused", (name, value, says) => {
    const read = (): unknown => ownIn("./mine.ts", { [name]: value });
    expect(read).toThrow(UsageError);
    expect(read).toThrow(`./mine.ts: ${says}`);
  });

  test("two of one name are refused, and so are names that are none", () => {
    expect(() => ownParts({ faults: [rain, rain] })).toThrow("two fault definitions with the name rain");
    expect(() => ownParts({ properties: [wet, wet] })).toThrow("two property definitions with the name rock/wet");
    expect(() => defineService({ kind: "My Rock" })).toThrow('the kind of service "My Rock"');
    expect(() => referenceWith(rock)).toThrow("the service rock has no machine");
  });
});

describe("a scenario that begins from another", () => {
  test("keeps what it does not say, and adds faults and weights by name", () => {
    const shipped = scenarioFrom("default");
    const mine = defineScenario({
      from: "default",
      name: "mine",
      about: "as the default one, without splits",
      topology: { clients: [2, 2] },
      workload: { "lock:Acquire": 1 },
      faults: { "network-split": { chance: 0 } },
    });
    expect(mine).toEqual({
      ...shipped,
      name: "mine",
      about: "as the default one, without splits",
      topology: { ...shipped.topology, clients: [2, 2] },
      workload: { ...shipped.workload, "lock:Acquire": 1 },
      faults: { ...shipped.faults, "network-split": { chance: 0 } },
    });
  });

  test("says its own name, and names one that there is", () => {
    expect(() => defineScenario({ from: "default", about: "x" })).toThrow("name: not a string");
    expect(() => defineScenario({ from: "defualt", name: "x", about: "x" })).toThrow('there is no scenario "defualt"');
  });
});
