// What `shrink` says: how small it got, which faults it takes, the log that shows it, and where everything was put.
import { basename, dirname, isAbsolute, relative, resolve } from "node:path";
import type { Shrunk } from "../../shrink/shrinker.js";
import type { Smallest } from "../../shrink/smallest.js";
import type { Size } from "../../shrink/size.js";
import { inline } from "../../shrink/written.js";
import { counted, span } from "../numbers.js";
import { quoted } from "../reproduce.js";

export interface ShrinkOutcome {
  readonly smallest: Smallest;
  /** Where it was written. */
  readonly trace: string;
  readonly test?: string;
  /** What `replay` has to be told of the machine. */
  readonly who: string;
  readonly seconds: number;
  readonly tool: string;
}

export function shrunkInWords(outcome: ShrinkOutcome): string {
  const { smallest, trace, test, who, seconds, tool } = outcome;
  const { shrunk, witness, log } = smallest;
  const { before, after, trials, finished, necessary, beside } = shrunk;
  const lines = [
    smallest.fingerprint,
    witness.says,
    "",
    `before   ${sizeInWords(before)}`,
    `now      ${sizeInWords(after)}`,
    `         after ${counted(trials, "play")}, ${span(seconds)}${finished ? "" : "; stopped, so there may be less"}`,
    `faults   ${faultsInWords(necessary, beside)}`,
  ];
  if (beside.length > 0) lines.push(`         no matter: ${kinds(beside)}`);
  for (const operation of operationsOf(shrunk)) lines.push(`         ${operation}`);
  if (log !== undefined) {
    lines.push("", `On a bare machine ${counted(log.steps.length, "step")} break it:`);
    for (const step of log.steps) lines.push(`  ${inline(step)}`);
  }
  lines.push("", `trace    ${trace}`);
  if (test !== undefined) lines.push(`test     ${test}`, `run it   ${vitestLine(test)}`);
  lines.push(`again    npx ${tool} replay ${quoted(trace)}${who} --print`);
  return `${lines.join("\n")}\n`;
}

// vitest looks for files of some names only, and below the folder in which it is called.
function vitestLine(test: string): string {
  if (!/\.(test|spec)\.[cm]?[jt]sx?$/.test(test)) return "give it a name that ends in .test.ts: vitest takes no other";
  const seen = relative(process.cwd(), resolve(test));
  const elsewhere = seen.startsWith("..") || isAbsolute(seen);
  return elsewhere
    ? `npx vitest run --root ${quoted(dirname(resolve(test)))} ${quoted(basename(test))}`
    : `npx vitest run ${quoted(seen)}`;
}

export function shrunkJson({ smallest, trace, test, seconds }: ShrinkOutcome): string {
  const { shrunk, witness, fingerprint, log } = smallest;
  const { before, after, trials, finished, necessary, beside } = shrunk;
  const steps = log === undefined ? null : log.steps;
  const found = { fingerprint, says: witness.says, before, after, trials, seconds, finished, necessary, beside };
  return `${JSON.stringify({ ...found, log: steps, trace, test: test ?? null }, null, 2)}\n`;
}

function sizeInWords({ operations, faults, clients, replicas, partitions }: Size): string {
  return [
    counted(operations, "operation"),
    counted(faults, "fault"),
    counted(clients, "client"),
    `${counted(replicas, "replica")} of ${counted(partitions, "partition")}`,
  ].join(", ");
}

function faultsInWords(necessary: readonly string[], beside: readonly string[]): string {
  const all = necessary.length + beside.length;
  if (all === 0) return "none were drawn";
  if (necessary.length === 0) return `none of ${all} is needed`;
  return `${necessary.length} of ${all} ${necessary.length === 1 ? "is" : "are"} needed: ${necessary.join(", ")}`;
}

function kinds(ids: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const kind = id.replace(/\.[0-9]+$/, "");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => (count === 1 ? kind : `${kind} ×${count}`)).join(", ");
}

function operationsOf({ failing }: Shrunk): string[] {
  const all = failing.plan.clients.flatMap(({ client, lives }) =>
    lives.flatMap(({ incarnation, operations }) =>
      operations.map((op) => ({ at: op.at, what: `${client}.${incarnation}  ${nameOf(op)} on ${op.service}` })),
    ),
  );
  return all.sort((a, b) => a.at - b.at).map(({ at, what }) => `+${(at / 1_000_000).toFixed(3)}  ${what}`);
}

function nameOf({ operation, kind }: { readonly operation: string; readonly kind: string }): string {
  return operation === "" ? kind : operation;
}
