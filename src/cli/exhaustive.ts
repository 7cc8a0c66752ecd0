// What `run --exhaustive` does: every history of each subject up to a bound, on the bare machine, without a seed. Failures are
// recorded as logs that `replay` plays; the report says what was covered, and what stands for what.
import { join } from "node:path";
import { UsageError } from "../base/usage-error.js";
import { didYouMean } from "../base/suggest.js";
import { crewOf } from "../exhaustive/crew.js";
import type { Finding } from "../exhaustive/finding.js";
import { goThrough, type Histories, subjectsFor } from "../exhaustive/histories.js";
import type { Subject } from "../exhaustive/subject.js";
import type { Contestant } from "../explore/contestant.js";
import { commit, TOOL, version } from "../explore/package.js";
import { lineInWords } from "../replay/words.js";
import { linesOf, saveTrace } from "../trace/file.js";
import { type ContestantOptions, contestantFrom } from "./contestants.js";
import type { ExpanderTask } from "./exhaustive-worker.js";
import { ExitCode, worst } from "./exit-codes.js";
import { hearInterruption } from "./interruption.js";
import { quoted } from "./reproduce.js";
import type { ExhaustiveFailure, ExhaustiveOutcome } from "./report/exhaustive.js";
import { printExhaustive } from "./report/exhaustive.js";
import type { Format } from "./report/format.js";
import { makeFolder, writeText } from "../trace/disk.js";

/** What is asked of an exhaustive run, checked. */
export interface ExhaustiveSettings {
  /** A subject's name; undefined: all. */
  readonly subject: string | undefined;
  readonly bound: number;
  readonly forMillis: number | undefined;
  readonly jobs: number;
  readonly report: string | undefined;
  readonly format: Format;
  readonly bail: boolean;
  readonly known: ReadonlyMap<string, string>;
  readonly contestant: ContestantOptions;
}

/** A history takes a millisecond; one that takes so long never ends. Milliseconds. */
const PATIENCE = { history: 10_000, start: 120_000 };

/** Goes through every history, prints the report, and says what it came to. */
export async function runExhaustive(settings: ExhaustiveSettings): Promise<ExitCode> {
  const loaded = await contestantFrom(settings.contestant);
  const { contestant } = loaded;
  const begin = performance.now();
  const interruption = hearInterruption();
  const cpu = process.cpuUsage();
  const task: ExpanderTask = { contestant: settings.contestant };
  const crew = crewOf({
    size: settings.jobs,
    file: new URL("./exhaustive-worker.js", import.meta.url),
    data: task,
    patience: PATIENCE,
  });
  if (settings.report !== undefined) makeFolder(settings.report, `the report folder ${settings.report}`);
  const timeIsUp = (): boolean => settings.forMillis !== undefined && performance.now() - begin >= settings.forMillis;
  const bar = progressBar();
  try {
    const histories = await goThrough({
      contestant,
      subjects: subjectsAsked(settings.subject, contestant),
      bound: settings.bound,
      expanders: crew,
      stop: () => interruption.heard || timeIsUp(),
      found: () => settings.bail,
      progress: (subject, depth, share) => bar.show(subject.name, depth, share),
    });
    bar.close();
    const { user, system } = process.cpuUsage(cpu);
    const outcome = outcomeOf(settings, contestant, histories, {
      wallSeconds: (performance.now() - begin) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    });
    if (settings.report !== undefined) {
      writeText(join(settings.report, "report.json"), printExhaustive(outcome, "json"));
    }
    process.stdout.write(printExhaustive(outcome, settings.format));
    return exitCodeOf(outcome, interruption.heard);
  } finally {
    interruption.forget();
    await crew.close();
    loaded.close();
  }
}

function subjectsAsked(name: string | undefined, contestant: Contestant): Subject[] {
  const all = subjectsFor(contestant);
  if (all.length === 0) throw new UsageError("the machine has none of the services that histories are made of");
  if (name === undefined) return all;
  const subject = all.find((each) => each.name === name);
  if (subject !== undefined) return [subject];
  const names = all.map((each) => each.name);
  throw new UsageError(`there is no subject "${name}"`, didYouMean(name, names));
}

function outcomeOf(
  settings: ExhaustiveSettings,
  { fsm, bug }: Contestant,
  { searched, findings, unexplained }: Histories,
  cost: Pick<ExhaustiveOutcome, "wallSeconds" | "cpuSeconds" | "peakMegabytes">,
): ExhaustiveOutcome {
  const folder = settings.report ?? join(".multiraft-sim", "traces");
  return {
    version: version(),
    commit: commit(),
    fsm,
    bug,
    asked: settings.bound,
    searched,
    failures: findings.map(({ finding, histories }) => failureOf(settings, folder, finding, histories)),
    unexplained,
    ...cost,
  };
}

function failureOf(
  { known, contestant }: ExhaustiveSettings,
  folder: string,
  finding: Finding,
  histories: number,
): ExhaustiveFailure {
  const { subject, entries, witness, trace: recorded } = finding;
  const trace = join(
    folder,
    `${witness.property.replaceAll("/", "-")}-${subject}-${hashOf(finding.fingerprint)}.jsonl`,
  );
  saveTrace(trace, recorded);
  const lines = linesOf(recorded);
  const fsm = contestant.fsm === "reference" ? "" : ` --fsm ${quoted(contestant.fsm)}`;
  const reason = known.get(finding.fingerprint);
  return {
    subject,
    entries,
    histories,
    witness,
    fingerprint: finding.fingerprint,
    steps: finding.steps,
    trace,
    reproduce: `npx ${TOOL} replay ${quoted(trace)}${fsm}`,
    lines: witness.lines.flatMap((number) => {
      const line = lines[number - 1];
      return line === undefined ? [] : [`${number}: ${lineInWords(line)}`];
    }),
    ...(reason === undefined ? {} : { known: reason }),
  };
}

/** Tells two failures of one property apart in a file's name. */
function hashOf(fingerprint: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < fingerprint.length; i++) hash = Math.imul(hash ^ fingerprint.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function exitCodeOf({ failures, unexplained, searched }: ExhaustiveOutcome, interrupted: boolean): ExitCode {
  const codes: ExitCode[] = [];
  if (unexplained.length > 0) codes.push(ExitCode.ourBug);
  if (failures.some((failure) => failure.known === undefined)) codes.push(ExitCode.broken);
  if (failures.length === 0 && searched.some((each) => !each.whole)) codes.push(ExitCode.undecided);
  if (interrupted) codes.push(ExitCode.interrupted);
  return worst(codes);
}

/** How far it is, on stderr: one line that is written over on a terminal, one every ten seconds elsewhere. */
function progressBar(): { show(subject: string, depth: number, share: number): void; close(): void } {
  const tty = process.stderr.isTTY === true;
  let last = performance.now();
  return {
    show: (subject, depth, share) => {
      const now = performance.now();
      if (now - last < (tty ? 100 : 10_000)) return;
      last = now;
      const line = `${subject}: entry ${depth}, ${Math.floor(share * 100)} %`;
      process.stderr.write(tty ? `\r\x1b[K${line}` : `${line}\n`);
    },
    close: () => {
      if (tty) process.stderr.write("\r\x1b[K");
    },
  };
}
