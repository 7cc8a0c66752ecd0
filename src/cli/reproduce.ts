// The one line that shows a failure again: it holds everything that the failure depends on.
import { formatSeed } from "../explore/seeds.js";
import type { ContestantOptions } from "./contestants.js";
import { TOOL } from "../explore/package.js";

export function reproduceSeed(seed: bigint, scenario: string, { fsm, bug }: ContestantOptions, made: string): string {
  const words = ["npx", TOOL, "run", "--seed", formatSeed(seed), "--scenario", quoted(scenario)];
  if (fsm !== "reference") words.push("--fsm", quoted(fsm));
  if (bug !== undefined) words.push("--bug", quoted(bug));
  words.push("--made-by", made);
  return words.join(" ");
}

/** The line that makes a failure small and keeps it as a test, made from the line that shows it again. */
export function shrinkLine(reproduce: string, property: string): string {
  const shrink = reproduce.replace(" run --seed ", " shrink ").replace(" replay ", " shrink ");
  return `${shrink} --emit-test ${property.replaceAll("/", "-")}.test.ts`;
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
