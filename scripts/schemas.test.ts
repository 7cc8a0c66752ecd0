// The schemas are what the registries and the commands say, and the shipped scenarios fit theirs.
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { checkCommand } from "../src/cli/check.js";
import { compareCommand } from "../src/cli/compare.js";
import { conformanceCommand } from "../src/cli/conformance.js";
import { replayCommand } from "../src/cli/replay.js";
import { runCommand } from "../src/cli/run.js";
import { shrinkCommand } from "../src/cli/shrink.js";
import { viewCommand } from "../src/cli/view.js";
import { zooCommand } from "../src/cli/zoo.js";
import { scenarioFrom, scenarioNames } from "../src/explore/scenarios.js";
import { FAULTS } from "../src/sim/faults/registry.js";
import { configSchema, profileSchema, scenarioSchema } from "./schemas.js";

const commands = [
  runCommand,
  replayCommand,
  shrinkCommand,
  checkCommand,
  zooCommand,
  conformanceCommand,
  compareCommand,
  viewCommand,
];

test.each([
  ["scenario", scenarioSchema()],
  ["profile", profileSchema()],
  ["config", configSchema(commands.map((make) => make()))],
])("schemas/%s.schema.json is fresh", async (name, schema) => {
  const page = await format(JSON.stringify(schema), { parser: "json", printWidth: 120 });
  await expect(page).toMatchFileSnapshot(`../schemas/${name}.schema.json`);
});

describe("the schema of scenarios", () => {
  const schema = scenarioSchema() as {
    readonly properties: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>;
  };

  test.each(scenarioNames())("has every field of %s", (name) => {
    const scenario = scenarioFrom(name);
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(scenario)));
    for (const part of ["topology", "length", "sessions", "observe", "faults"] as const) {
      expect(Object.keys(schema.properties[part]?.properties ?? {})).toEqual(
        expect.arrayContaining(Object.keys(scenario[part])),
      );
    }
  });

  test("has every fault", () => {
    expect(Object.keys(schema.properties["faults"]?.properties ?? {})).toEqual(FAULTS.map(({ name }) => name));
  });
});
