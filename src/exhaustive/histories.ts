// All subjects, one after the other, for one contestant: what was covered, and what was found, each failure once. Those who
// compose (cli, tests) say who expands.
import type { Contestant } from "../explore/contestant.js";
import { Expander } from "./expander.js";
import { type Finding, judgeSuspect } from "./finding.js";
import { History, type Suspect } from "./history.js";
import type { Place } from "./place.js";
import { type Expanders, search, type Searched } from "./search.js";
import type { Subject } from "./subject.js";
import { subjects } from "./subjects/registry.js";

export interface HistoriesOptions {
  readonly contestant: Contestant;
  readonly subjects: readonly Subject[];
  readonly bound: number;
  readonly expanders: Expanders;
  readonly stop: () => boolean;
  /** Hears of each failure once; true: enough was found. */
  readonly found?: (finding: Finding) => boolean;
  readonly progress?: (subject: Subject, depth: number, share: number) => void;
}

export interface Histories {
  readonly searched: readonly Searched[];
  /** Each failure once, in the order in which they came up, with how many histories showed it. */
  readonly findings: readonly { readonly finding: Finding; readonly histories: number }[];
  /** Histories that were suspected, and of which the judge has nothing to say: our own bug. */
  readonly unexplained: readonly string[];
}

/** The subjects that a machine can be asked about. */
export function subjectsFor({ machine }: Contestant): Subject[] {
  return subjects.filter(({ service }) => machine.capabilities.services.includes(service));
}

/** Suspects of one subject that are judged; more are counted as what they look like. */
const MOST_JUDGED = 300;

/** Goes through the subjects. */
export async function goThrough(options: HistoriesOptions): Promise<Histories> {
  const { contestant, bound, expanders, stop, progress } = options;
  const searched: Searched[] = [];
  const byFingerprint = new Map<string, { finding: Finding; histories: number }>();
  const unexplained: string[] = [];
  let enough = false;
  for (const subject of options.subjects) {
    if (enough || stop()) break;
    const writer = new History(subject, contestant.machine.capabilities, contestant.models);
    let judged = 0;
    const found = (suspect: Suspect): boolean => {
      if (judged++ >= MOST_JUDGED) return enough;
      const steps = writer.logOf(suspect);
      const finding = judgeSuspect(contestant, subject.name, suspect.letters.length, steps);
      if (finding === undefined) {
        unexplained.push(JSON.stringify(steps));
        return enough;
      }
      const known = byFingerprint.get(finding.fingerprint);
      if (known !== undefined) known.histories++;
      else byFingerprint.set(finding.fingerprint, { finding, histories: 1 });
      if (options.found?.(finding) === true) enough = true;
      return enough;
    };
    const begun = { bound, expanders, stop, found };
    searched.push(await search(subject, progress === undefined ? begun : { ...begun, progress }));
  }
  return { searched, findings: [...byFingerprint.values()], unexplained };
}

/** Expanders of this thread. `place`: where they write what they are at, for whoever watches. */
export function inThisThread(contestant: Contestant, place?: Place): Expanders {
  const made = new Map<string, Expander>();
  return {
    size: 1,
    expand: async (name, batch) => {
      let expander = made.get(name);
      if (expander === undefined) {
        const subject = subjects.find((each) => each.name === name) as Subject;
        const { machine, models: kinds } = contestant;
        expander = new Expander(machine, subject, { kinds, ...(place && { place }) });
        made.set(name, expander);
      }
      // Lets the process hear an interruption.
      await new Promise((resolve) => setImmediate(resolve));
      return expander.expand(batch);
    },
  };
}
