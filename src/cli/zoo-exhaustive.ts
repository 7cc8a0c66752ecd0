// `zoo --exhaustive`: which bugs of the machine fall to short histories, without a seed, and how short they are. Bugs that live
// elsewhere are not asked for: a bare machine has no client, no host and no log.
import type { Bug } from "../../bugs/bug.js";
import { goThrough, inThisThread, subjectsFor } from "../exhaustive/histories.js";
import type { Contestant } from "../explore/contestant.js";
import { installTraps } from "../explore/traps.js";
import { ExitCode } from "./exit-codes.js";
import { hearInterruption } from "./interruption.js";
import { counted, span } from "./numbers.js";
import type { ZooFormat } from "./report/zoo.js";

/** How a bug fared. */
interface Fate {
  readonly name: string;
  /** Where it was caught; null: nowhere. */
  readonly subject: string | null;
  /** Entries after the prefix. */
  readonly entries: number | null;
  readonly caughtBy: readonly string[];
  /** What broke of which it is not known. */
  readonly besides: readonly string[];
}

/** Hunts the bugs in histories of at most `bound` entries, and prints what fell. */
export async function visitExhaustively(bugs: readonly Bug[], bound: number, format: ZooFormat): Promise<ExitCode> {
  const begin = performance.now();
  // A bug may keep the clock that it finds when its module is loaded: those were loaded with the command line.
  installTraps();
  const interruption = hearInterruption();
  const fates: Fate[] = [];
  try {
    for (const bug of bugs) {
      if (bug.livesIn !== "fsm" || interruption.heard) continue;
      fates.push(await fateOf(bug, bound, () => interruption.heard));
      if (process.stderr.isTTY === true) process.stderr.write(`\r\x1b[K${fates.length}: ${bug.name}`);
    }
  } finally {
    interruption.forget();
  }
  if (process.stderr.isTTY === true) process.stderr.write("\r\x1b[K");
  process.stdout.write(printed(fates, bound, format, (performance.now() - begin) / 1000));
  if (interruption.heard) return ExitCode.interrupted;
  return fates.every(({ subject }) => subject !== null) ? ExitCode.ok : ExitCode.broken;
}

async function fateOf({ name, machine, caughtBy }: Bug, bound: number, stop: () => boolean): Promise<Fate> {
  const besides = new Set<string>();
  let fate: Fate = { name, subject: null, entries: null, caughtBy: [], besides: [] };
  if (machine === undefined) return fate;
  const contestant: Contestant = { fsm: "reference", bug: name, machine, inThisProcess: true };
  // Short ones of every subject first: what is found is as short as it can be.
  for (let depth = 1; depth <= bound && fate.subject === null; depth++) {
    await goThrough({
      contestant,
      subjects: subjectsFor(contestant),
      bound: depth,
      expanders: inThisThread(contestant),
      stop,
      found: ({ subject, entries, broken }) => {
        const by = broken.filter((property) => caughtBy.includes(property));
        for (const property of broken) if (!by.includes(property)) besides.add(property);
        if (by.length > 0) fate = { name, subject, entries, caughtBy: by, besides: [...besides] };
        return by.length > 0;
      },
    });
  }
  return fate.subject === null ? { ...fate, besides: [...besides] } : fate;
}

function printed(fates: readonly Fate[], bound: number, format: ZooFormat, seconds: number): string {
  const caught = fates.filter(({ subject }) => subject !== null).length;
  const sum = `${caught} of ${counted(fates.length, "bug")} of the machine fall to histories of at most ${counted(bound, "entry", "entries")}`;
  if (format === "json") return `${JSON.stringify({ bound, caught, bugs: fates }, null, 2)}\n`;
  if (format === "markdown") {
    const rows = fates.map(
      ({ name, subject, entries, caughtBy }) =>
        `| [${name}](../../bugs/${name}.ts) | ${subject ?? "**escaped**"} | ${entries ?? "–"} | ${caughtBy.join(", ")} |`,
    );
    return `${["| bug | subject | entries | caught by |", "|---|---|--:|---|", ...rows, "", `${sum}.`].join("\n")}\n`;
  }
  const width = Math.max(0, ...fates.map(({ name }) => name.length));
  const lines = fates.map(({ name, subject, entries, caughtBy, besides }) => {
    const head = `${subject === null ? "✗" : "✓"} ${name.padEnd(width)}`;
    if (subject !== null)
      return `${head}  ${subject.padEnd(12)}  ${String(entries).padStart(2)}  ${caughtBy.join(" ")}`;
    return `${head}  ${besides.length === 0 ? "nothing broke" : `only ${besides.join(" ")}`}`;
  });
  return `${[...lines, "", `${sum} (${span(seconds)})`].join("\n")}\n`;
}
