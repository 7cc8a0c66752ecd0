// A rolling upgrade, as it is done: the replicas of a partition change from the baseline to the candidate one by one, while
// clients work and leaders change; sometimes all the way, sometimes back from half-way, sometimes there and back. A replica
// that changes goes down and comes up as the other machine, with the saved state that it had. All properties are judged.
import { fingerprint, type Judgement, type Witness } from "../checker/verdict.js";
import type { Contestant } from "../explore/contestant.js";
import { version } from "../explore/package.js";
import { headerOf, recordTrial, runUntil, type Trial } from "../explore/trial.js";
import type { MachineKind } from "../protocol/machine.js";
import { shrink, type Shrunk } from "../shrink/shrinker.js";
import type { FaultPlan, PartitionPlan, Plan } from "../sim/plan.js";
import { Dice } from "../sim/random.js";
import { draw, type FaultKind, type Repertoire, type Scenario } from "../sim/scenario.js";
import type { Trace } from "../trace/file.js";
import { jointCapabilities, withCapabilities } from "./plays.js";

/** The two versions of a rolling upgrade. */
export interface Versions {
  readonly baseline: Contestant;
  readonly candidate: Contestant;
  /** Whether both save equal states as equal bytes: else states of different replicas are not compared. */
  readonly sameStates: boolean;
}

const CHANGE = "version-change";
const BASELINE = 0;
const CANDIDATE = 1;

/** A plan with an upgrade in it. What the scenario draws by itself is as in every run. */
export function upgradePlan(scenario: Scenario, seed: bigint, own: Repertoire): Plan {
  const plan = draw(scenario, seed, own);
  const dice = new Dice(`upgrade ${scenario.name} ${seed}`);
  const faults = plan.partitions.flatMap((partition) => changesOf(plan, partition, dice));
  return { ...plan, faults: [...plan.faults, ...faults] };
}

/** A replica and the version that it is to have. */
type Change = readonly [replica: number, version: number];

function changesOf({ length }: Plan, { partition, replicas }: PartitionPlan, dice: Dice): FaultPlan[] {
  const order = shuffled(
    replicas.map(({ replica }) => replica),
    dice,
  );
  const up = order.map((replica): Change => [replica, CANDIDATE]);
  const half = up.slice(0, Math.ceil(up.length / 2));
  const back = (changes: readonly Change[]): Change[] =>
    changes.map(([replica]): Change => [replica, BASELINE]).toReversed();
  const changes = dice.pick([up, [...half, ...back(half)], [...up, ...back(up)]]);
  const slot = Math.floor((length * 0.9) / changes.length);
  return changes.flatMap(([replica, to], at): FaultPlan[] => {
    const from = Math.floor(length * 0.05) + at * slot + dice.between(0, slot >> 2);
    const until = from + dice.between(1, slot >> 2);
    const numbers = { to, saves: dice.happens(600) ? 1 : 0, installs: dice.happens(400) ? 1 : 0 };
    const name = `p${partition}.${at + 1}`;
    const change = { id: `${CHANGE}.${name}`, fault: CHANGE, from, until, partition, replica, with: numbers };
    const when = until + dice.between(1, slot >> 2);
    const elect = { id: `leader-change.${name}`, fault: "leader-change", from: when, until: when, partition, with: {} };
    return [change, elect];
  });
}

function shuffled(items: readonly number[], dice: Dice): number[] {
  const left = [...items];
  return items.map(() => left.splice(dice.between(0, left.length - 1), 1)[0] as number);
}

/** Whoever stands trial in an upgrade: each replica is, at any time, one of the two. */
export function upgrading({ baseline, candidate, sameStates }: Versions): Contestant {
  const joint = jointCapabilities(baseline.machine, candidate.machine);
  const { observations: _, ...others } = joint;
  const capabilities = sameStates ? joint : { ...others, snapshots: "opaque" as const };
  const [one, other] = [baseline, candidate].map(({ machine }) => withCapabilities(machine, capabilities));
  const name = `${baseline.machine.name} → ${candidate.machine.name}`;
  const machine: MachineKind = {
    ...(one as MachineKind),
    name,
    begin: () => {
      baseline.machine.begin?.();
      candidate.machine.begin?.();
    },
  };
  const models = { ...baseline.models, ...candidate.models };
  const properties = candidate.properties ?? baseline.properties;
  return {
    fsm: name,
    bug: null,
    machine,
    inThisProcess: baseline.inThisProcess && candidate.inThisProcess,
    ...(Object.keys(models).length === 0 ? {} : { models }),
    ...(properties && { properties }),
    ...(baseline.workloads && { workloads: baseline.workloads }),
    // By its name; the one that is played knows the versions of its run.
    faults: [...(baseline.faults ?? []), versionChange(new Map())],
    roles: () => {
      const versions = new Map<string, number>();
      const kindOf = (partition: number, replica: number): MachineKind => ({
        ...machine,
        create: () => {
          const kind = versions.get(`${partition}.${replica}`) === CANDIDATE ? other : one;
          return (kind as MachineKind).create();
        },
      });
      return { machine: kindOf, faults: [...(baseline.faults ?? []), versionChange(versions)] };
    },
  };
}

function versionChange(versions: Map<string, number>): FaultKind {
  return {
    name: CHANGE,
    models: "a replica that is stopped and started again with another version of the state machine",
    counts: "a replica that changes its version",
    parameters: {},
    draw: () => [],
    start(world, fault) {
      for (const replica of world.replicasOf(fault)) {
        if (fault.with["saves"] === 1 && replica.isUp) replica.save();
        versions.set(`${replica.partition}.${replica.replica}`, fault.with["to"] ?? BASELINE);
        const to = fault.with["to"] === CANDIDATE ? "the candidate" : "the baseline";
        world.strike(fault, `replica ${replica.replica} of partition ${replica.partition} becomes ${to}`);
        replica.crash();
      }
    },
    stop(world, fault) {
      for (const replica of world.replicasOf(fault)) {
        replica.restart();
        if (fault.with["installs"] === 1 && replica.isUp) replica.installNow();
      }
    },
  };
}

/** A property that breaks in an upgrade. */
export interface Upgraded {
  readonly witness: Witness;
  readonly fingerprint: string;
  /** Whether it also breaks where every replica is the candidate, on the same plan. */
  readonly alone: boolean;
}

/** Plays one upgrade. What the baseline breaks by itself is nobody's change. */
export function playUpgrade(versions: Versions, scenario: Scenario, seed: bigint): Upgraded[] {
  const plan = upgradePlan(scenario, seed, versions.baseline);
  const { judgement } = runUntil(trialOf(upgrading(versions), plan, seed), () => false);
  if (judgement.first === null) return [];
  const { baseline, candidate } = versions;
  const before = fingerprintsOf(judged({ ...versions, candidate: baseline }, plan, seed));
  const after = fingerprintsOf(judged({ ...versions, baseline: candidate }, plan, seed));
  const witnesses = judgement.properties
    .flatMap((each) => each.witnesses)
    .sort((a, b) => (a.lines.at(-1) ?? 0) - (b.lines.at(-1) ?? 0));
  return witnesses.flatMap((witness) => {
    const name = fingerprint(witness);
    return before.has(name) ? [] : [{ witness, fingerprint: name, alone: after.has(name) }];
  });
}

function judged(versions: Versions, plan: Plan, seed: bigint): Judgement {
  return runUntil(trialOf(upgrading(versions), plan, seed), () => false).judgement;
}

function fingerprintsOf({ properties }: Judgement): Set<string> {
  return new Set(properties.flatMap((each) => each.witnesses.map(fingerprint)));
}

function trialOf(contestant: Contestant, plan: Plan, seed: bigint | null): Trial {
  return { contestant, plan, header: headerOf(plan, contestant, version(), seed === null ? null : seed.toString()) };
}

/** The smallest upgrade that breaks the same, and its trace. */
export function smallUpgrade(
  versions: Versions,
  scenario: Scenario,
  seed: bigint,
  wanted: string,
  stop: () => boolean,
): { readonly shrunk: Shrunk; readonly trace: Trace } {
  const contestant = upgrading(versions);
  const plan = upgradePlan(scenario, seed, versions.baseline);
  const { first } = runUntil(trialOf(contestant, plan, null), () => false).judgement;
  const isFirst = first !== null && fingerprint(first) === wanted;
  const target = { contestant, version: version(), fingerprint: wanted, first: isFirst };
  const shrunk = shrink(target, plan, {}, stop);
  const { trace } = recordTrial(trialOf(contestant, shrunk.failing.plan, null), {});
  return { shrunk, trace };
}
