// Where calls come from: a seed of a scenario that is played on the baseline, a trace, or a log as it was recorded in
// production. The candidate is asked along with the baseline; only where something differs, both play the calls once more,
// side by side (comparison.ts).
import { UsageError } from "../base/usage-error.js";
import { withTraps } from "../explore/traps.js";
import type { Capabilities, Entry, MachineKind } from "../protocol/machine.js";
import { sameBytes } from "../protocol/wire.js";
import { entryOf } from "../replay/as-log.js";
import { draw, type Repertoire, type Scenario } from "../sim/scenario.js";
import { play } from "../sim/world.js";
import { loadTrace } from "../trace/file.js";
import type { EventLine } from "../trace/line.js";
import { sameAnswer, sameApplied } from "./answers.js";
import { type Compared, compareCalls, type ComparisonOptions } from "./comparison.js";
import { type Found, fingerprintOf } from "./difference.js";
import { Labels } from "./labels.js";
import { type Outcome, Player, type Side } from "./player.js";
import { linesOfLog } from "./recorded-log.js";

/** A play, by what it comes from. */
export type PlayRef =
  | { readonly from: "seed"; readonly scenario: Scenario; readonly seed: bigint }
  | { readonly from: "trace"; readonly path: string }
  | { readonly from: "log"; readonly path: string };

export function playInWords(ref: PlayRef): string {
  return ref.from === "seed" ? `seed ${ref.seed} of ${ref.scenario.name}` : ref.path;
}

/** Whoever is compared. The world is the baseline's, with whatever it brings along. */
export interface Pair {
  readonly baseline: Side & Repertoire;
  readonly candidate: Side;
}

const SAME: Compared = { found: [], accepted: new Map(), calls: 0 };

/** Compares the two over one play. */
export function comparePlay(ref: PlayRef, pair: Pair, options: ComparisonOptions): Compared {
  if (ref.from !== "seed") return compareCalls(callsOf(ref, pair), pair.baseline, pair.candidate, options);
  const echo = new Echo(pair);
  playSeed(ref, pair, (line) => echo.take(line));
  if (echo.same) return { ...SAME, calls: echo.calls };
  // Side by side it would hang once more.
  if (echo.hung !== undefined && !options.accepted(echo.hung.fingerprint)) return { ...SAME, found: [echo.hung] };
  return compareCalls(echo.lines, pair.baseline, pair.candidate, options);
}

/** Every call of a play, as lines. */
export function callsOf(ref: PlayRef, pair: Pair): EventLine[] {
  if (ref.from === "log") return linesOfLog(ref.path);
  if (ref.from === "trace") {
    const { events } = loadTrace(ref.path);
    if (!events.some((line) => line.e === "apply")) throw new UsageError(`${ref.path} applies no entry`);
    return events.filter(isCall);
  }
  const lines: EventLine[] = [];
  playSeed(ref, pair, (line) => {
    if (isCall(line)) lines.push(line);
  });
  return lines;
}

const CALLS: readonly EventLine["e"][] = [
  "commit",
  "apply",
  "answer",
  "observe",
  "save",
  "restore",
  "replica",
  "broke",
];

function isCall(line: EventLine): boolean {
  return CALLS.includes(line.e);
}

type SeedRef = Extract<PlayRef, { readonly from: "seed" }>;

/** The world is played on the baseline: what its clients do next follows from its answers. */
function playSeed({ scenario, seed }: SeedRef, { baseline, candidate }: Pair, listen: (line: EventLine) => void): void {
  const machine = withCapabilities(baseline.machine, jointCapabilities(baseline.machine, candidate.machine));
  baseline.machine.begin?.();
  const { faults } = baseline;
  const cast = faults === undefined ? { machine } : { machine, faults };
  const playIt = (): unknown => play(draw(scenario, seed, baseline), cast, listen);
  if (baseline.inThisProcess) withTraps(() => undefined, playIt);
  else playIt();
}

/** What may be asked of both. */
export function jointCapabilities(
  { capabilities: one }: MachineKind,
  { capabilities: other }: MachineKind,
): Capabilities {
  const own = one.codec === "own" || other.codec === "own";
  return {
    ...one,
    services: one.services.filter((kind) => other.services.includes(kind)),
    ticks: one.ticks && other.ticks,
    ...(own ? { codec: "own" as const } : {}),
  };
}

export function withCapabilities(machine: MachineKind, capabilities: Capabilities): MachineKind {
  return { ...machine, capabilities, create: () => machine.create() };
}

/** The candidate behind the baseline: makes the same calls, and sees whether the same comes of them. */
class Echo {
  same = true;
  calls = 0;
  /** The candidate did not answer at all. */
  hung: Found | undefined;
  readonly lines: EventLine[] = [];
  readonly #player: Player;

  constructor({ candidate }: Pair) {
    this.#player = new Player(candidate);
  }

  take(line: EventLine): void {
    if (!isCall(line)) return;
    this.lines.push(line);
    if (!this.same) return;
    const outcome = this.#player.play(line);
    if (line.e === "broke") this.same = false;
    if (outcome === undefined) return;
    this.calls += 1;
    if (outcome.did === "broke" && outcome.how === "hung") this.hung = hungAt(this.lines, outcome.message);
    if (outcome.touched.length > 0 || !answersAlike(line, outcome)) this.same = false;
  }
}

/** What did not come back, with the words that it would have side by side. */
function hungAt(lines: readonly EventLine[], message: string): Found | undefined {
  const line = lines.at(-1);
  if (line === undefined || !("replica" in line) || line.replica === null || !("index" in line)) return undefined;
  const about = aboutLast(lines);
  const how = "the candidate hung";
  const finding = { kind: "broke", about, how, baseline: "an answer", candidate: message } as const;
  const { partition, replica } = line;
  const index = BigInt(line.index ?? 0n);
  return { ...finding, fingerprint: fingerprintOf(finding), partition, replica, index, call: lines.length - 1 };
}

function aboutLast(lines: readonly EventLine[]): string {
  const labels = new Labels();
  const entries = new Map<string, Entry>();
  let about = "";
  for (const line of lines) {
    if (line.e === "commit") entries.set(`${line.partition}:${line.index}`, entryOf(line));
    else if (line.e === "answer") about = labels.query(line.partition, line.input);
    else if (line.e === "apply") {
      const entry = entries.get(`${line.partition}:${line.index}`);
      if (entry === undefined) continue;
      about = labels.entry(line.partition, entry);
      labels.learn(line.partition, entry, line.applied);
    } else about = line.e;
  }
  return about;
}

function answersAlike(line: EventLine, outcome: Outcome): boolean {
  if (line.e === "apply" && outcome.did === "apply") return sameApplied(line.applied, outcome.applied);
  if (line.e === "answer" && outcome.did === "answer") return sameAnswer(line.answer, outcome.answer);
  if (line.e === "restore" && outcome.did === "restore") return line.result.kind === outcome.result.kind;
  if (line.e === "observe" && outcome.did === "observe") return sameBytes(line.bytes, outcome.bytes);
  if (line.e === "save" && outcome.did === "save") return sameBytes(line.bytes, outcome.bytes);
  return false;
}
