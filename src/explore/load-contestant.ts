// Whoever `--fsm` names, loaded, with everything that its module brings along. The traps are set before any machine's module
// is loaded, so that one which keeps what it finds at that moment is heard all the same.
import { type LoadOptions, machineFrom } from "../adapter/load.js";
import { reference } from "../fsm/reference.js";
import type { Contestant } from "./contestant.js";
import { mustServe, ownIn, ownParts } from "./own.js";
import { installTraps } from "./traps.js";

/** A contestant, and what is to be done when it is not needed any more. */
export interface LoadedContestant {
  readonly contestant: Contestant;
  /** Ends its process, where it has one. */
  close(): void;
}

/** Loads it. Throws a UsageError or an UnfitError that says what to mend. */
export async function loadContestant(
  fsm: string,
  options: Omit<LoadOptions, "reference"> = {},
): Promise<LoadedContestant> {
  installTraps();
  const loaded = await machineFrom(fsm, { reference, ...options });
  const own = ownParts(ownIn(fsm, loaded.exported));
  mustServe(loaded.kind, own);
  // A machine in another process touches its own clocks, where nobody sees it.
  const inThisProcess = !fsm.startsWith("exec:");
  const contestant: Contestant = { fsm, bug: null, machine: loaded.kind, inThisProcess, ...own };
  return { contestant, close: () => loaded.close() };
}

/**
 * Whoever `--fsm` names, for a test: `reference`, a module from the current folder, or `exec:` and a command line.
 *
 *     expect(judgePlan(await contestantFrom("./machine.ts"), plan).first).toBeNull();
 */
export async function contestantFrom(fsm: string): Promise<Contestant> {
  return (await loadContestant(fsm)).contestant;
}
