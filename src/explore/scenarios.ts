// Scenarios by name (those that the package ships) or by path (a user's own).
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/usage-error.js";
import { readScenario, type Scenario } from "../sim/scenario.js";
import { packageRoot } from "./package.js";
import { didYouMean } from "../base/suggest.js";

const folder = join(packageRoot, "scenarios");

/** The names of the scenarios that the package ships. */
export function scenarioNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/** A scenario by name, or by the path of a .json file. */
export function scenarioFrom(nameOrPath: string): Scenario {
  if (nameOrPath.endsWith(".json") || /[\\/]/.test(nameOrPath)) return scenarioIn(nameOrPath);
  const names = scenarioNames();
  if (!names.includes(nameOrPath)) {
    throw new UsageError(`there is no scenario "${nameOrPath}"`, didYouMean(nameOrPath, names));
  }
  return scenarioIn(join(folder, `${nameOrPath}.json`));
}

function scenarioIn(path: string): Scenario {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new UsageError(`the scenario ${path} can't be read`, "Give a scenario's name, or the path of a .json file.");
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`the scenario ${path} is not JSON: ${(error as Error).message}`);
  }
  try {
    return readScenario(json);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${path}: ${error.message}`, error.todo) : error;
  }
}
