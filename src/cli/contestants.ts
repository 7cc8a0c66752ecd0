// Who stands trial, from what the command line says: `--fsm` and `--bug`. The traps are set before any machine's module is
// loaded, so every module of a machine is loaded from here, and late.
import { bugNamed, bugs } from "../../bugs/index.js";
import { type LoadedMachine, machineFrom } from "../adapter/load.js";
import { UsageError } from "../base/usage-error.js";
import { models } from "../checker/models/registry.js";
import type { ModelRegistry } from "../checker/models/service.js";
import type { Contestant } from "../explore/contestant.js";
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
  const contestant: Contestant = {
    fsm,
    bug: bug?.name ?? null,
    machine: bug?.machine ?? loaded.kind,
    // A machine in another process touches its own clocks, where nobody sees it.
    inThisProcess: !fsm.startsWith("exec:"),
    ...modelsOf(fsm, loaded.exported),
    ...(bug?.parts === undefined ? {} : { parts: bug.parts }),
    ...(bug?.registry === undefined ? {} : { registry: bug.registry }),
  };
  return { contestant, close: () => loaded.close() };
}

/** A module may export, as `models`, what the judge is to know of its services; those that the judge knows are kept. */
function modelsOf(fsm: string, { models: own }: LoadedMachine["exported"]): Pick<Contestant, "models"> {
  if (own === undefined) return {};
  if (typeof own !== "object" || own === null) {
    throw new UsageError(
      `${fsm}: its \`models\` are no record`,
      "Export one model for each kind of service, by its name.",
    );
  }
  return { models: { ...models, ...(own as ModelRegistry) } };
}
