// What one worker does in one go, as plain data in and out: plays, upgrades, saved states, or making a difference small. A play
// in which a machine hangs is played again up to the call that is known to hang.
import type { Contestant } from "../explore/contestant.js";
import { runTrial } from "../explore/trial.js";
import { version } from "../explore/package.js";
import { type Pulse, watched } from "../explore/watch.js";
import type { Scenario } from "../sim/scenario.js";
import type { ComparisonOptions } from "./comparison.js";
import { logsOf, slowerThan } from "./cost.js";
import { fingerprintOf, type Found } from "./difference.js";
import { callsOf, comparePlay, playInWords, type PlayRef } from "./plays.js";
import { callsOfSnapshot, compareSnapshot } from "./released-snapshots.js";
import { brokenIn, judgeBoth, makeSmall, type Small, type Telling, telling } from "./small.js";
import { playUpgrade, smallUpgrade, type Versions } from "./upgrade.js";

/** A rolling upgrade. */
export interface UpgradeRef {
  readonly from: "upgrade";
  readonly scenario: Scenario;
  readonly seed: bigint;
  /** Whether both save equal states as equal bytes: else states of different replicas are not compared. */
  readonly sameStates: boolean;
}

/** One thing that is played on both. */
export type Subject =
  | PlayRef
  | UpgradeRef
  | { readonly from: "snapshot"; readonly path: string }
  | { readonly from: "time"; readonly plays: readonly PlayRef[] };

export function subjectInWords(subject: Subject): string {
  if (subject.from === "upgrade") return `an upgrade, seed ${subject.seed} of ${subject.scenario.name}`;
  if (subject.from === "time") return "measured";
  return subject.from === "snapshot" ? subject.path : playInWords(subject);
}

/** Who is compared, and how: told once. */
export interface Assignment {
  readonly baseline: Contestant;
  readonly candidate: Contestant;
  readonly accepted: ReadonlySet<string>;
  readonly sizeBound: number;
  /** The candidate may take so many times as long for an entry; null: nobody measures. */
  readonly timeBound: number | null;
  /** Whether the two ever share a partition: what the one saved is given to the other. */
  readonly carries: boolean;
}

export type Job =
  | { readonly kind: "compare"; readonly subject: Subject; readonly hung?: Hung }
  | { readonly kind: "small"; readonly subject: Subject; readonly found: Found };

/** A call that does not return: the so-and-so-manieth of that machine in the play. */
export interface Hung {
  readonly who: "baseline" | "candidate";
  readonly call: number;
}

/** What a comparison came to. */
export interface Result {
  readonly found: readonly Found[];
  readonly accepted: ReadonlyMap<string, number>;
  readonly calls: number;
}

/** A difference made small, and what the judge says of it. */
export interface SmallResult extends Small {
  readonly telling: Telling;
}

/** Where another thread watches how far it is. */
export interface Pulses {
  readonly baseline: Pulse;
  readonly candidate: Pulse;
}

/** Real time, in milliseconds: taken before traps may stand in for it. */
export type Clock = () => number;

export function compareSubject(all: Assignment, subject: Subject, clock: Clock, hung?: Hung, pulses?: Pulses): Result {
  const assignment = pulses === undefined ? all : underWatch(all, pulses, hung);
  const options = optionsOf(assignment);
  switch (subject.from) {
    case "upgrade":
      return compareUpgrade(assignment, subject);
    case "snapshot":
      return compareSnapshot(subject.path, assignment, options);
    case "time":
      return compareTimes(assignment, subject.plays, clock);
    default:
      return comparePlay(subject, assignment, options);
  }
}

function underWatch(assignment: Assignment, pulses: Pulses, hung: Hung | undefined): Assignment {
  const side = (who: Hung["who"]): Contestant => {
    const contestant = assignment[who];
    const at = hung?.who === who ? hung.call : undefined;
    return { ...contestant, machine: watched(contestant.machine, pulses[who], at) };
  };
  return { ...assignment, baseline: side("baseline"), candidate: side("candidate") };
}

function optionsOf({ accepted, sizeBound, carries }: Assignment): ComparisonOptions {
  return { accepted: (fingerprint) => accepted.has(fingerprint), sizeBound, carries };
}

function versionsOf({ baseline, candidate }: Assignment, { sameStates }: UpgradeRef): Versions {
  return { baseline, candidate, sameStates };
}

function compareUpgrade(assignment: Assignment, ref: UpgradeRef): Result {
  const { scenario, seed } = ref;
  const versions = versionsOf(assignment, ref);
  const accepted = new Map<string, number>();
  for (const { witness, fingerprint: about, alone } of playUpgrade(versions, scenario, seed)) {
    const where = alone ? ", also where every replica is the candidate" : "";
    const finding = { kind: "upgrade", about, how: "" } as const;
    const words = { baseline: `expected ${witness.expected}`, candidate: `${witness.says}${where}` };
    const fingerprint = fingerprintOf({ ...finding, ...words });
    if (assignment.accepted.has(fingerprint)) {
      accepted.set(fingerprint, (accepted.get(fingerprint) ?? 0) + 1);
      continue;
    }
    const place = { partition: 0, replica: 0, index: 0n, call: (witness.lines.at(-1) ?? 2) - 2 };
    return { found: [{ ...finding, ...words, fingerprint, ...place }], accepted, calls: 1 };
  }
  return { found: [], accepted, calls: 1 };
}

function compareTimes(assignment: Assignment, plays: readonly PlayRef[], clock: Clock): Result {
  if (assignment.timeBound === null) return { found: [], accepted: new Map(), calls: 0 };
  const logs = plays.flatMap((ref) => logsOf(callsOf(ref, assignment)));
  const found = slowerThan(logs, assignment, assignment.timeBound, clock);
  if (found === undefined) return { found: [], accepted: new Map(), calls: 1 };
  if (!assignment.accepted.has(found.fingerprint)) return { found: [found], accepted: new Map(), calls: 1 };
  return { found: [], accepted: new Map([[found.fingerprint, 1]]), calls: 1 };
}

/** Nobody waits longer for one difference to become small. */
const SMALL_MILLIS = 20_000;
const UPGRADE_MILLIS = 10_000;

/** Makes a difference small; undefined where no single log shows it. */
export function makeSubjectSmall(
  all: Assignment,
  subject: Subject,
  found: Found,
  clock: Clock,
  pulses?: Pulses,
): SmallResult | undefined {
  const assignment = pulses === undefined ? all : underWatch(all, pulses, undefined);
  const begin = clock();
  const within = (millis: number) => (): boolean => clock() - begin > millis;
  if (subject.from === "time") return undefined;
  if (subject.from === "upgrade") return smallOfUpgrade(assignment, subject, found, within(UPGRADE_MILLIS));
  const stop = within(SMALL_MILLIS);
  const calls = subject.from === "snapshot" ? callsOfSnapshot(subject.path) : callsOf(subject, assignment);
  const small = makeSmall(calls, found, assignment, optionsOf(assignment), stop);
  if (small === undefined) return undefined;
  const { baseline, candidate } = assignment;
  const onLog = small.steps === null ? NOBODY : judgeBoth(small.steps, baseline, candidate);
  const shown = onLog.baseline.length + onLog.candidate.length > 0 || subject.from !== "seed";
  return { ...small, telling: shown ? onLog : judgeSeed(subject.scenario, subject.seed, baseline, candidate) };
}

const NOBODY: Telling = { baseline: [], candidate: [] };

function judgeSeed(scenario: Scenario, seed: bigint, one: Contestant, other: Contestant): Telling {
  const broken = (contestant: Contestant): string[] =>
    brokenIn(runTrial(scenario, seed, contestant, version()).judgement);
  return telling(broken(one), broken(other));
}

function smallOfUpgrade(
  assignment: Assignment,
  ref: UpgradeRef,
  { about, baseline }: Found,
  stop: () => boolean,
): SmallResult {
  const { scenario, seed } = ref;
  const { shrunk, trace } = smallUpgrade(versionsOf(assignment, ref), scenario, seed, about, stop);
  const { plan, witness } = shrunk.failing;
  const operations = plan.clients.flatMap(({ client, lives }) =>
    lives.flatMap((life) =>
      life.operations.map(({ at, operation, kind, service }) => ({
        at,
        words: `${client} ${operation === "" ? kind : operation} on ${service}`,
      })),
    ),
  );
  const faults = plan.faults.map((fault) => {
    const to = fault.with["to"];
    const what =
      to === undefined ? fault.fault : `replica ${fault.replica} becomes the ${to === 1 ? "candidate" : "baseline"}`;
    return { at: fault.from, words: what };
  });
  const words = [...operations, ...faults]
    .sort((a, b) => a.at - b.at)
    .map(({ at, words: what }) => `+${(at / 1_000_000).toFixed(3)}  ${what}`);
  const broken: Telling = { baseline: [], candidate: [witness.property] };
  const entries = trace.events.filter((line) => line.e === "commit").length;
  return { words, entries, since: null, steps: null, baseline, candidate: witness.says, trace, telling: broken };
}
