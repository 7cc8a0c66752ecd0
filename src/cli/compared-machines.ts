// Who is compared, from what the command line says: what `--fsm` takes, and also `bug:<name>` and `git:<ref>`. What takes long
// (a build) is done once, before any worker loads the machine.
import { bugNamed } from "../../bugs/index.js";
import { isRevision, type Revision, revisionMachine, revisionOf } from "../adapter/revision.js";
import { UsageError } from "../base/usage-error.js";
import type { Contestant } from "../explore/contestant.js";
import type { LoadedContestant } from "../explore/load-contestant.js";
import { contestantFrom } from "./contestants.js";

/** A machine, ready to be loaded by any worker. Plain data. */
export interface MachineSource {
  /** As it was asked for. */
  readonly spec: string;
  /** How it was given: "--candidate". */
  readonly option: string;
  readonly fsm: string;
  readonly bug?: string;
  readonly revision?: Revision;
}

const BUG = "bug:";

/** Finds what was asked for. Throws a UsageError or an UnfitError where that can't be compared. */
export function sourceOf(spec: string, option: string): MachineSource {
  if (spec.startsWith(BUG)) {
    const name = spec.slice(BUG.length);
    const bug = bugNamed(name);
    if (bug !== undefined && bug.livesIn !== "fsm") {
      throw new UsageError(
        `${option} ${spec}: that bug lives in the ${bug.livesIn}, not in the state machine`,
        "`run --bug` plays with it; `compare` compares state machines.",
      );
    }
    return { spec, option, fsm: "reference", bug: name };
  }
  if (isRevision(spec)) return { spec, option, fsm: spec, revision: revisionOf(spec, option) };
  return { spec, option, fsm: spec };
}

/** Loads it. `job`: which of several workers asks. */
export async function loadSource(source: MachineSource, job: number): Promise<LoadedContestant> {
  const { spec, option, fsm, bug, revision } = source;
  try {
    if (revision === undefined) {
      const loaded = await contestantFrom(bug === undefined ? { fsm } : { fsm, bug }, { job });
      return { ...loaded, contestant: named(loaded.contestant, spec) };
    }
    if (revision.module !== undefined) {
      const loaded = await contestantFrom({ fsm: revision.module }, { job, folder: revision.folder });
      return { ...loaded, contestant: named(loaded.contestant, spec) };
    }
    const machine = await revisionMachine(revision);
    return { contestant: { fsm, bug: null, machine, inThisProcess: true }, close: () => undefined };
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.message.replace(/^--fsm /, `${option} `), error.todo);
    throw error;
  }
}

function named(contestant: Contestant, spec: string): Contestant {
  return { ...contestant, fsm: spec, machine: { ...contestant.machine, name: spec } };
}
