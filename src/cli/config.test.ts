import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { describe, expect, test } from "vitest";
import { UsageError } from "../base/usage-error.js";
import { type Config, CONFIG_FILE, configIn, configured } from "./config.js";

function folderWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-config-"));
  writeFileSync(join(folder, CONFIG_FILE), text);
  return folder;
}

const read = (json: unknown): Config => configIn(folderWith(JSON.stringify(json)));

/** The options that a command would act with. */
function options(config: Config, ...args: string[]): Record<string, unknown> {
  let acted: Record<string, unknown> = {};
  const command = new Command("run")
    .option("--seed <seed>")
    .option("--seeds <count>")
    .option("--first-seed <seed>")
    .option("--jobs <count>", "", "2")
    .option("--bail")
    .option("--no-ledger")
    .option("--fsm <machine>", "", "reference")
    .option("--bug <name>")
    .addOption(new Option("--format <format>").choices(["pretty", "json"]).default("pretty"))
    .action((given: Record<string, unknown>) => {
      acted = given;
    })
    .exitOverride();
  configured(command, ["run", "replay"], () => config).parse(args, { from: "user" });
  return acted;
}

describe("settings of a project", () => {
  test("stand for what the command line leaves open, and for nothing else", () => {
    const config = read({
      fsm: "./mine.ts",
      run: { seeds: 7, "first-seed": "99", jobs: 1, bail: true, ledger: false, format: "json" },
      replay: { print: true },
    });
    expect(options(config)).toEqual({
      fsm: "./mine.ts",
      seeds: "7",
      firstSeed: "99",
      jobs: "1",
      bail: true,
      ledger: false,
      format: "json",
    });
    expect(options(config, "--jobs", "4", "--fsm", "reference", "--seeds", "1")).toMatchObject({
      jobs: "4",
      fsm: "reference",
      seeds: "1",
      firstSeed: "99",
    });
  });

  test("give way where the command line asks for something that they would contradict", () => {
    const config = read({ fsm: "./mine.ts", run: { seeds: 7, firstSeed: 3 } });
    expect(options(config, "--seed", "5")).toEqual({
      seed: "5",
      fsm: "./mine.ts",
      jobs: "2",
      ledger: true,
      format: "pretty",
    });
    expect(options(config, "--bug", "no-dedup")).toMatchObject({ fsm: "reference", seeds: "7" });
  });

  test("are none where there is no file", () => {
    expect(configIn(mkdtempSync(join(tmpdir(), "multiraft-sim-config-")))).toEqual({ profiles: {}, commands: {} });
  });

  test("have profiles", () => {
    const { profiles } = read({ profiles: { nightly: { for: "8h", firstSeed: "random" }, pull: { seeds: 2000 } } });
    expect(profiles).toEqual({ nightly: { for: "8h", firstSeed: "random" }, pull: { seeds: 2000 } });
  });

  test.each([
    [`{"run":`, "is not JSON"],
    [`{"run":[]}`, "run: not an object"],
    [`{"run":{"seeds":[1]}}`, "run.seeds: not a text, a number, true or false"],
    [`{"profiles":{"nightly":{"fro":"8h"}}}`, 'profiles.nightly: has no field "fro"'],
    [`{"profiles":{"nightly":{"for":"long"}}}`, "profiles.nightly.for: long: not a span of time"],
    [`{"profiles":{"nightly":{"seeds":0}}}`, "profiles.nightly.seeds: 0 is not between 1"],
    [`{"fsm":1}`, "fsm: not a string"],
  ])("%s is refused, and why is said", (text, message) => {
    const reading = (): unknown => configIn(folderWith(text));
    expect(reading).toThrow(UsageError);
    expect(reading).toThrow(message);
  });

  test.each([
    [{ rum: {} }, 'there is no command "rum"'],
    [{ run: { sedes: 1 } }, "run.sedes: there is no such option"],
    [{ run: { format: "yaml" } }, "run.format: Allowed choices are pretty, json."],
    [{ run: { bail: "yes" } }, "run.bail: not true or false"],
    [{ run: { seeds: true } }, "run.seeds: neither a text nor a number"],
  ])("%j is refused when a command is about to act", (json, message) => {
    expect(() => options(read(json))).toThrow(message);
  });
});
