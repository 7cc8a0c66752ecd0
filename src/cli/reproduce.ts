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
export function shrinkLine(reproduce: string, { property, seed }: { property: string; seed: string }): string {
  const shrink = reproduce.replace(" run --seed ", " shrink ").replace(" replay ", " shrink ");
  return `${shrink} --emit-test ${property.replaceAll("/", "-")}-seed-${seed}.test.ts`;
}

/**
 * What a line that plays a trace has to say of the machine, led by a space; "" where the trace says it: the reference, with a
 * bug or without. Nobody else is started because a trace names him.
 */
export function whoOf({ fsm, bug }: { readonly fsm: string; readonly bug?: string | null | undefined }): string {
  if (fsm === "reference") return "";
  return ` --fsm ${quoted(fsm)}${bug == null ? "" : ` --bug ${quoted(bug)}`}`;
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
