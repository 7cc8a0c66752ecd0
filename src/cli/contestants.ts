// Who stands trial, from what the command line says: `--fsm` and `--bug`. The traps are set before any machine's module is
// loaded, so every module of a machine is loaded from here, and late.
import { bugNamed, bugs } from "../../bugs/index.js";
import { machineFrom } from "../adapter/load.js";
import { UsageError } from "../base/usage-error.js";
import type { Contestant } from "../explore/contestant.js";
import { mustServe, ownIn, ownParts } from "../explore/own.js";
import { reference } from "../fsm/reference.js";
import { didYouMean } from "../base/suggest.js";

/** The two options as they were given. */
export interface ContestantOptions {
  readonly fsm: string;
  readonly bug?: string;
}

/** A contestant, and what is to be done when it is not needed any more. */
export interface LoadedContestant {
  readonly contestant: Contestant;
  close(): void;
}

/** Loads whoever is asked for. `job`: which of several workers asks. */
export async function contestantFrom({ fsm, bug: name }: ContestantOptions, job?: number): Promise<LoadedContestant> {
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
  const loaded = await machineFrom(fsm, { reference, ...(job === undefined ? {} : { job }) });
  const own = ownParts(ownIn(fsm, loaded.exported));
  mustServe(loaded.kind, own);
  const contestant: Contestant = {
    fsm,
    bug: bug?.name ?? null,
    machine: bug?.machine ?? loaded.kind,
    // A machine in another process touches its own clocks, where nobody sees it.
    inThisProcess: !fsm.startsWith("exec:"),
    ...own,
    ...(bug?.parts === undefined ? {} : { parts: bug.parts }),
    ...(bug?.registry === undefined ? {} : { registry: bug.registry }),
  };
  return { contestant, close: () => loaded.close() };
}
