// What every face of a report says in the same words: who was tried on which seeds, what it took, and what it came to.
import { formatSeed } from "../../explore/seeds.js";
import { neverJudged, type ReportedFailure, type RunReport } from "../../explore/report.js";
import { counted, grouped, span } from "../numbers.js";
import { lacksMilestones } from "./outcome.js";

/** "reference with lock-lifo". */
export function accused({ fsm, bug }: RunReport): string {
  return bug === null ? fsm : `${fsm} with ${bug}`;
}

/** "seed 7", "seeds 0 to 499", "shard 2/5 of the seeds from 0". */
export function whichSeeds({ seeds, shard, missing }: RunReport): string {
  if (shard !== undefined) return `shard ${shard} of the seeds from ${seeds.first}`;
  if (missing !== undefined) return `seeds from ${seeds.first}, without the shards ${missing.join(", ")}`;
  if (seeds.varied !== undefined) {
    return `${counted(seeds.run - seeds.varied, "seed")} from ${seeds.first} on and ${counted(seeds.varied, "variation")}`;
  }
  if (seeds.run === 1) return `seed ${seeds.first}`;
  return `seeds ${seeds.first} to ${formatSeed(BigInt(seeds.first) + BigInt(Math.max(0, seeds.run - 1)))}`;
}

/** "500 seeds in 9.8 s (51 a second): 4 h 10 min of virtual time, …". */
export function whatItTook({ seeds, wallSeconds, virtualSeconds, entriesApplied, events }: RunReport): string {
  const rate = wallSeconds > 0 ? ` (${grouped(seeds.run / wallSeconds)} a second)` : "";
  return (
    `${counted(seeds.run, "seed")} in ${span(wallSeconds)}${rate}: ${span(virtualSeconds)} of virtual time, ` +
    `${grouped(entriesApplied)} entries applied and judged, ${counted(events, "event")}`
  );
}

/** "on 3 seeds, soonest on seed 2". */
export function whereItShows({ seeds, seed }: ReportedFailure): string {
  return seeds === 0 ? `kept from before (seed ${seed})` : `on ${counted(seeds, "seed")}, soonest on seed ${seed}`;
}

/** What it came to, in one line: the title of a page. */
export function verdictInWords(report: RunReport): string {
  const { seeds, failures, missing = [], interrupted } = report;
  const red = failures.filter((failure) => failure.known === undefined).length;
  const known = failures.length - red;
  const parts: string[] = [];
  if (red > 0) parts.push(counted(red, "failure"));
  if (known > 0) parts.push(counted(known, "known failure"));
  if (seeds.undecided > 0) parts.push(`${counted(seeds.undecided, "seed")} without an answer`);
  if (missing.length > 0) parts.push(`${counted(missing.length, "shard")} missing`);
  if (lacksMilestones(report)) parts.push(`${counted(report.unreached.length, "milestone")} not reached`);
  if (parts.length === 0) parts.push("everything held");
  return `${parts.join(", ")}${interrupted === true ? ", before the interruption" : ""}`;
}

/** Each property that was never judged, with the reason where there is one. */
export function silentProperties(report: RunReport): string[] {
  return neverJudged(report).map((name) => {
    const reason = report.properties[name]?.reason;
    return reason === undefined ? name : `${name} (${reason})`;
  });
}

/** The lines that one may want to look at after a failure: [what it is, where it lies]. */
export function filesOf({ trace, small, picture }: ReportedFailure): (readonly [string, string])[] {
  return [
    ...(picture === undefined ? [] : [["picture", picture] as const]),
    ...(small === undefined
      ? []
      : ([
          ["smallest run", small.trace],
          ["test", small.test],
        ] as const)),
    ...(trace === null ? [] : [["whole run", trace] as const]),
  ];
}

/** "3 operations and 1 fault are enough". */
export function sizeInWords({ operations, faults, finished }: NonNullable<ReportedFailure["small"]>): string {
  const size = `${counted(operations, "operation")} and ${counted(faults, "fault")} are enough`;
  return finished ? size : `${size}, perhaps fewer: there was no time to try`;
}
