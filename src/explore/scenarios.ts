// Scenarios by name (those that the package ships), by path (a user's own), or built in a program. One that begins `from`
// another says only what is different.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/usage-error.js";
import { readScenario, type Repertoire, type Scenario } from "../sim/scenario.js";
import { joinedBy } from "./own.js";
import { packageRoot } from "./package.js";
import { didYouMean } from "../base/suggest.js";
import { readJson } from "../trace/disk.js";

const folder = join(packageRoot, "scenarios");

/** The names of the scenarios that the package ships. */
export function scenarioNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/**
 * A scenario by name, or by the path of a .json file. `own`: services and faults of a user's own; in a shipped scenario all
 * of them take part, in a file only those that it names.
 */
export function scenarioFrom(nameOrPath: string, own: Repertoire = {}): Scenario {
  if (nameOrPath.endsWith(".json") || /[\\/]/.test(nameOrPath)) return scenarioIn(nameOrPath, own);
  return joinedBy(readScenario(shipped(nameOrPath), own), own);
}

/** A scenario as a program writes it: whole, or what is different `from` a shipped one. Faults and weights are added by name. */
export type ScenarioDraft = { readonly from?: string } & {
  readonly [Field in keyof Scenario]?: Field extends "topology" | "length" | "sessions" | "observe"
    ? Partial<Scenario[Field]>
    : Scenario[Field];
};

/**
 * A scenario of one's own.
 *
 *     const crowded = defineScenario({
 *       from: "default",
 *       name: "crowded",
 *       about: "Many clients, and nothing but locks.",
 *       services: ["lock"],
 *       topology: { clients: [8, 12] },
 *       faults: { "network-split": { chance: 0 } },
 *     });
 *
 * `own`: services and faults of a user's own, which it may name. Throws a UsageError that names the path of what is wrong.
 */
export function defineScenario(draft: ScenarioDraft, own: Repertoire = {}): Scenario {
  return readScenario(completed(draft), own);
}

const ADDED = ["topology", "length", "sessions", "observe", "workload", "faults"];

/** What is written, upon what it begins from. What has no `from` is left as it is, whatever it is. */
function completed(json: unknown): unknown {
  if (!isRecord(json) || json["from"] === undefined) return json;
  const { from, ...different } = json;
  if (typeof from !== "string") throw new UsageError("from: not a string", "Name a shipped scenario.");
  const whole: Record<string, unknown> = { ...shipped(from) };
  for (const [field, value] of Object.entries(different)) {
    const before = whole[field];
    whole[field] = ADDED.includes(field) && isRecord(before) && isRecord(value) ? { ...before, ...value } : value;
  }
  for (const field of ["name", "about"]) {
    if (different[field] === undefined)
      throw new UsageError(`${field}: not a string`, `It differs from ${from}: say so.`);
  }
  return whole;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shipped(name: string): Record<string, unknown> {
  const names = scenarioNames();
  if (!names.includes(name)) throw new UsageError(`there is no scenario "${name}"`, didYouMean(name, names));
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Record<string, unknown>;
}

function scenarioIn(path: string, own: Repertoire): Scenario {
  const json = readJson(path, "Give a scenario's name, or the path of a .json file.", `the scenario ${path}`);
  try {
    return readScenario(completed(json), own);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${path}: ${error.message}`, error.todo) : error;
  }
}
