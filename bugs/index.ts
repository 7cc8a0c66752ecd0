// Every bug of the zoo, in the order in which they are listed. One line a bug; the bugs themselves live in files of their own.
import type { Bug } from "./bug.js";

export const bugs: readonly Bug[] = [];

/** The bug of that name; undefined where the zoo has none. */
export function bugNamed(name: string): Bug | undefined {
  return bugs.find((bug) => bug.name === name);
}
