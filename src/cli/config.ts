// The project's settings, multiraft-sim.config.json: what stands there is what an option is when the command line leaves it
// open. Says what is wrong by its path, and never guesses. Read once, when a command is about to act.
import { existsSync } from "node:fs";
import type { Command, Option } from "commander";
import { UsageError } from "../base/usage-error.js";
import { didYouMean } from "../base/suggest.js";
import { Reader } from "../sim/reader.js";
import { type Profile, readProfile } from "./profiles.js";
import { readJson } from "../trace/disk.js";

export const CONFIG_FILE = "multiraft-sim.config.json";
const ADVICE = "docs/reference/config.md has a whole one.";

/** Settings of a project. */
export interface Config {
  /** Profiles of the project's own, by name. */
  readonly profiles: Readonly<Record<string, Profile>>;
  /** Who stands trial, for every command that has --fsm. */
  readonly fsm?: string;
  /** By command, then by the option's name without its dashes. */
  readonly commands: Readonly<Record<string, Readonly<Record<string, Setting>>>>;
}

type Setting = string | number | boolean;

const NOTHING: Config = { profiles: {}, commands: {} };

/** Options of the command line that make settings of others meaningless. */
const STANDS_INSTEAD: Readonly<Record<string, readonly string[]>> = {
  seed: ["seeds", "firstSeed", "for", "shard"],
  seeds: ["for", "seed"],
  for: ["seeds", "seed"],
  profile: ["seeds", "firstSeed", "for"],
  bug: ["fsm"],
};

/** The settings that stand in the folder, or none. Throws a UsageError where the file can't be understood. */
export function configIn(folder: string): Config {
  const path = `${folder}/${CONFIG_FILE}`;
  if (!existsSync(path)) return NOTHING;
  const json = readJson(path, ADVICE, CONFIG_FILE);
  try {
    return readConfig(json);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${CONFIG_FILE}: ${error.message}`, error.todo) : error;
  }
}

function readConfig(json: unknown): Config {
  const at = new Reader(json, "", ADVICE);
  const profiles = at.field("profiles");
  const fsm = at.field("fsm");
  const rest = at.entries().filter(([name]) => !["$schema", "profiles", "fsm"].includes(name));
  return {
    profiles: profiles.absent
      ? {}
      : Object.fromEntries(profiles.entries().map(([name, each]) => [name, readProfile(each)])),
    ...(fsm.absent ? {} : { fsm: fsm.text() }),
    commands: Object.fromEntries(rest.map(([command, options]) => [command, readSettings(options)])),
  };
}

function readSettings(at: Reader): Record<string, Setting> {
  return Object.fromEntries(
    at.entries().map(([name, each]) => {
      if (!["string", "number", "boolean"].includes(typeof each.value))
        each.fail("not a text, a number, true or false");
      return [name, each.value as Setting];
    }),
  );
}

/** Lets the settings of `config()` stand for what the command line leaves open, once the command is about to act. */
export function configured(command: Command, known: readonly string[], config: () => Config): Command {
  return command.hook("preAction", (_, acting) => {
    const { fsm, commands } = config();
    const stranger = Object.keys(commands).find((name) => !known.includes(name));
    if (stranger !== undefined) {
      throw new UsageError(`${CONFIG_FILE}: there is no command "${stranger}"`, didYouMean(stranger, known));
    }
    if (fsm !== undefined) settle(acting, optionOf(acting, "fsm"), fsm, "fsm");
    for (const [name, setting] of Object.entries(commands[command.name()] ?? {})) {
      const option = optionOf(acting, name);
      const path = `${command.name()}.${name}`;
      if (option === undefined && acting === command) {
        const names = command.options.map(({ long }) => (long ?? "").replace(/^--(no-)?/, ""));
        throw new UsageError(`${CONFIG_FILE}: ${path}: there is no such option`, didYouMean(name, names));
      }
      settle(acting, option, setting, path);
    }
  });
}

function optionOf(command: Command, name: string): Option | undefined {
  return command.options.find((one) => one.long?.replace(/^--(no-)?/, "") === name || one.attributeName() === name);
}

function settle(command: Command, option: Option | undefined, setting: Setting, path: string): void {
  if (option === undefined) return;
  const attribute = option.attributeName();
  if (command.getOptionValueSource(attribute) === "cli" || isMeaningless(command, attribute)) return;
  const flag = option.isBoolean() || option.negate;
  if (flag !== (typeof setting === "boolean")) {
    throw new UsageError(
      `${CONFIG_FILE}: ${path}: ${flag ? "not true or false" : "neither a text nor a number"}`,
      ADVICE,
    );
  }
  command.setOptionValueWithSource(attribute, flag ? setting : parsed(option, String(setting), path), "config");
}

function isMeaningless(command: Command, attribute: string): boolean {
  return Object.entries(STANDS_INSTEAD).some(
    ([given, others]) => others.includes(attribute) && command.getOptionValueSource(given) === "cli",
  );
}

function parsed(option: Option, text: string, path: string): unknown {
  try {
    return option.parseArg === undefined ? text : option.parseArg(text, undefined as never);
  } catch (error) {
    throw new UsageError(`${CONFIG_FILE}: ${path}: ${(error as Error).message}`, ADVICE);
  }
}
