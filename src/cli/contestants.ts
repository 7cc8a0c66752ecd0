// Who stands trial, from what the command line says: `--fsm` and `--bug`. The traps are set before any machine's module is
// loaded, so every module of a machine is loaded from here, and late.
import { bugNamed, bugs } from "../../bugs/index.js";
import type { LoadOptions } from "../adapter/load.js";
import { UsageError } from "../base/usage-error.js";
import { loadContestant, type LoadedContestant } from "../explore/load-contestant.js";
import { didYouMean } from "../base/suggest.js";

/** The two options as they were given. */
export interface ContestantOptions {
  readonly fsm: string;
  readonly bug?: string;
}

/**
 * Loads whoever is asked for. `job`: which of several workers asks; `folder`: where its path starts from; `answerWithin`: how
 * long another process may take for an answer.
 */
export async function contestantFrom(
  { fsm, bug: name }: ContestantOptions,
  options: Omit<LoadOptions, "reference" | "startWithin"> = {},
): Promise<LoadedContestant> {
  const bug = name === undefined ? undefined : bugNamed(name);
  if (name !== undefined && bug === undefined) {
    throw new UsageError(
      `the zoo has no bug "${name}"`,
      didYouMean(
        name,
        bugs.map((one) => one.name),
      ),
    );
  }
  if (bug?.machine !== undefined && fsm !== "reference") {
    throw new UsageError(`the bug ${bug.name} lives in the reference machine`, `Leave --fsm ${fsm} away.`);
  }
  const { contestant, close } = await loadContestant(fsm, options);
  if (bug === undefined) return { contestant, close };
  const { name: put, machine = contestant.machine, parts, registry } = bug;
  return {
    contestant: { ...contestant, bug: put, machine, ...(parts && { parts }), ...(registry && { registry }) },
    close,
  };
}
