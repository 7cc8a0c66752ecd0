// determinism/same-seed: a seed played twice gives the same lines. Where it does not, both plays are recorded and the first
// line and field that differ are named, with the likely cause. Not the judge's business: it sees one run.
import type { Witness } from "../checker/verdict.js";
import { type Difference, firstDifference } from "../trace/diff.js";
import { linesOf, type Trace } from "../trace/file.js";
import type { Line } from "../trace/line.js";
import { recordTrial, type Trial } from "./trial.js";

export const SAME_SEED = "determinism/same-seed";

/** Two plays of one trial that differ. */
export interface TwoPlays {
  readonly first: Trace;
  readonly second: Trace;
  readonly witness: Witness;
}

/** Plays a trial twice, recorded; undefined where nothing differs. */
export function playTwice(trial: () => Trial): TwoPlays | undefined {
  const first = recordTrial(trial(), {}).trace;
  const second = recordTrial(trial(), {}).trace;
  const difference = firstDifference(linesOf(first), linesOf(second));
  if (difference === undefined) return undefined;
  return { first, second, witness: witnessOfDifference(difference, linesOf(first)) };
}

/** Where the second play does not show it again: what can be said without a line. */
export function unseenDifference(): Witness {
  return {
    property: SAME_SEED,
    lines: [],
    says: "two plays gave two digests, two more gave the same: something outside the run changes once",
    entry: "digest",
    expected: "the same",
    got: "another",
  };
}

function witnessOfDifference(difference: Difference, lines: readonly Line[]): Witness {
  const line = lines[difference.line - 1];
  const where = difference.field === "" ? `line ${difference.line}` : `line ${difference.line}, ${difference.field}`;
  return {
    property: SAME_SEED,
    lines: [difference.line],
    says: `${where}: ${shown(difference.left)} in the first play, ${shown(difference.right)} in the second. ${likelyCause(line)}`,
    entry: line?.e ?? "end",
    expected: "the same",
    got: difference.field.replace(/\[[0-9]+\]/g, "[]"),
  };
}

function likelyCause(line: Line | undefined): string {
  switch (line?.e) {
    case "header":
      return "The plan was drawn otherwise: a workload or a fault of yours draws with something else than its dice.";
    case "apply":
    case "answer":
    case "observe":
    case "save":
      return "The machine answers otherwise: it keeps something outside its replicas (a variable of its module, a static field), or looks at something ambient.";
    case "restore":
      return "The machine takes a saved state in one play and refuses it in the other.";
    default:
      return "The machine's earlier answers were alike, so the stage itself is suspect.";
  }
}

function shown(json: unknown): string {
  if (json === undefined) return "nothing";
  const text = JSON.stringify(json);
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}
