// Whoever `--fsm` names, loaded, with everything that its module brings along. The traps are set before any machine's module
// is loaded, so that one which keeps what it finds at that moment is heard all the same.
import { fileURLToPath } from "node:url";
import { type LoadOptions, machineFrom } from "../adapter/load.js";
import { kindOfSpec, pathSeenFrom } from "../adapter/spec.js";
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
 * Whoever `--fsm` names, for a test: `reference`, a module, or `exec:` and a command line. `base`: the URL of the file or
 * folder that a module's path and a command start from; without, the current folder. The URL of the test itself, and the
 * test runs from wherever it is called.
 *
 *     expect(judgePlan(await contestantFrom("../machine.ts", import.meta.url), plan).first).toBeNull();
 */
export async function contestantFrom(fsm: string, base?: string | URL): Promise<Contestant> {
  if (base === undefined) return (await loadContestant(fsm)).contestant;
  const folder = fileURLToPath(new URL(".", base));
  if (kindOfSpec(fsm) !== "module") return (await loadContestant(fsm, { folder })).contestant;
  // Named as from the current folder, like every machine that prints its name.
  return (await loadContestant(pathSeenFrom(process.cwd(), fsm, folder))).contestant;
}
