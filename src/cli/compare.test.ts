// The gate over real plays: every bug of the machine is flagged, with a log that shows it; of the machine against itself nothing
// is said; what is accepted opens it, and what was accepted in vain shuts it. A quick form of what `compare` does in full.
import { describe, expect, test } from "vitest";
import { bugs } from "../../bugs/index.js";
import { plainContestant } from "../explore/contestant.js";
import { scenarioFrom } from "../explore/scenarios.js";
import { installTraps } from "../explore/traps.js";
import { reference } from "../fsm/reference.js";
import type { MachineKind } from "../protocol/machine.js";
import type { Accepted } from "../compare/accepted.js";
import type { Crew } from "../compare/crew.js";
import { type GateOutcome, runGate } from "../compare/gate.js";
import { type Assignment, compareSubject, makeSubjectSmall, type Subject, type UpgradeRef } from "../compare/job.js";

// Real time, before the traps may stand in for it.
const clock = performance.now.bind(performance);
installTraps();
const scenario = scenarioFrom("default");

function* seeds(count: number, first = 0n): Generator<Subject> {
  for (let at = 0n; at < count; at++) yield { from: "seed", scenario, seed: first + at };
}

function* upgrades(count: number): Generator<Omit<UpgradeRef, "sameStates">> {
  for (let at = 0n; at < count; at++) yield { from: "upgrade", scenario, seed: at };
}

/** One hand, in this thread. */
function crewFor(candidate: MachineKind, accepted: Accepted): Crew {
  const assignment: Assignment = {
    baseline: plainContestant(reference),
    candidate: plainContestant(candidate),
    accepted: new Set(accepted.keys()),
    sizeBound: 1.5,
    timeBound: null,
    carries: true,
  };
  return {
    size: 1,
    close: async () => {},
    run: async (job) =>
      job.kind === "small"
        ? { kind: "small", small: makeSubjectSmall(assignment, job.subject, job.found, clock) }
        : { kind: "result", result: compareSubject(assignment, job.subject, clock) },
  };
}

interface Asked {
  readonly subjects?: Iterable<Subject>;
  readonly upgrades?: Iterable<Omit<UpgradeRef, "sameStates">>;
  readonly accepted?: Accepted;
  readonly mostSmall?: number;
  readonly bail?: boolean;
}

function gate(candidate: MachineKind, asked: Asked): Promise<GateOutcome> {
  const { accepted = new Map(), mostSmall = 1, bail = true } = asked;
  return runGate({
    subjects: asked.subjects ?? [],
    upgrades: asked.upgrades ?? [],
    accepted,
    crew: crewFor(candidate, accepted),
    mostSmall,
    bail,
    stop: () => false,
    progress: () => {},
    refused: ({ message }) => new Error(message),
  });
}

/** Where each bug shows itself soon: the first seed of the default scenario on which it does, if that is not among the first. */
const SEEDS = 4;

describe("the release gate", () => {
  test("of the machine against itself it says nothing", async () => {
    const outcome = await gate({ ...reference }, { subjects: seeds(25), upgrades: upgrades(5) });
    expect(outcome.differences).toEqual([]);
    expect(outcome.lost).toEqual([]);
    expect(outcome.plays).toBe(30);
    expect(outcome.calls).toBeGreaterThan(10_000);
  });

  test("it flags what the bugs of the machine change, each with the smallest log that shows it", async () => {
    const missed: string[] = [];
    const inMachine = bugs.filter(({ livesIn }) => livesIn === "fsm");
    expect(inMachine).toHaveLength(64);
    // A sample that changes with nothing: every eighth. `compare --candidate bug:<name>` tries any of them in full.
    for (const { name, machine = reference } of inMachine.filter((_, at) => at % 8 === 0)) {
      const { differences } = await gate(machine, { subjects: seeds(SEEDS * 10) });
      const [first] = differences.filter(({ small }) => typeof small === "object" && small !== null);
      if (first === undefined || typeof first.small !== "object" || (first.small?.words.length ?? 99) > 20)
        missed.push(name);
    }
    expect(missed).toEqual([]);
  }, 120_000);

  test("a difference that only an upgrade shows is judged by the properties", async () => {
    // The two save a session's time-out in different units, each its own: alone, each is right.
    const { differences } = await gate(withOwnSnapshots(), { upgrades: upgrades(12), mostSmall: 0 });
    expect(differences.map(({ kind }) => kind)).toContain("upgrade");
  });

  test("what is accepted opens it, and what was accepted in vain is named", async () => {
    const candidate = withOwnSnapshots();
    const shut = await gate(candidate, { subjects: seeds(6), bail: false, mostSmall: 0 });
    const fingerprints = shut.differences.map(({ fingerprint }) => fingerprint);
    expect(fingerprints).toEqual([
      "forward | what the baseline saved | refused",
      "back | what the candidate saved | refused",
      "snapshot bytes | unreadable",
    ]);
    const accepted = new Map([...fingerprints, "order | nothing of the kind"].map((each) => [each, "meant"]));
    const open = await gate(candidate, { subjects: seeds(6), bail: false, accepted });
    expect(open.differences.map((each) => each.accepted)).toEqual(["meant", "meant", "meant"]);
    expect(open.stale).toEqual(["order | nothing of the kind"]);
  });
});

/** The real machine, but what it saves is written backwards: only itself can read it. */
function withOwnSnapshots(): MachineKind {
  return {
    ...reference,
    name: "backwards",
    create() {
      const real = reference.create();
      return {
        apply: (entry) => real.apply(entry),
        query: (input) => real.query(input),
        snapshot: () => real.snapshot().toReversed(),
        restore: (chunks) => real.restore([Uint8Array.from(Buffer.concat([...chunks])).toReversed()]),
      };
    },
  };
}
