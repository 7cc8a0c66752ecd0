// How far a run is, on stderr: a bar on a terminal, a line every ten seconds elsewhere. Never on stdout, which is for results.
import { SingleBar } from "cli-progress";
import type { Progress } from "../explore/explorer.js";
import { type SeedRange, seedsInShard } from "../explore/seeds.js";
import { counted, grouped, span } from "./numbers.js";

export interface ProgressDisplay {
  show(progress: Progress): void;
  close(): void;
}

const LINE_EVERY_MILLIS = 10_000;

export function progressOn(
  stream: NodeJS.WriteStream,
  scenario: string,
  range: SeedRange,
  forMillis: number | undefined,
): ProgressDisplay {
  const total = seedsInShard(range);
  return stream.isTTY ? bar(stream, scenario, total, forMillis) : lines(stream, scenario, forMillis);
}

function bar(
  stream: NodeJS.WriteStream,
  scenario: string,
  total: number,
  forMillis: number | undefined,
): ProgressDisplay {
  const begin = performance.now();
  const endless = !Number.isFinite(total);
  const format = `${scenario} {bar} {told}`;
  const shown = new SingleBar({ stream, format, hideCursor: true, clearOnComplete: true, barsize: 24 });
  shown.start(endless ? (forMillis ?? 1) : total, 0, { told: "" });
  return {
    show: (progress) => {
      const millis = performance.now() - begin;
      const value = endless ? Math.min(millis, forMillis ?? 1) : progress.tried;
      shown.update(value, { told: told(progress, millis, forMillis) });
    },
    close: () => shown.stop(),
  };
}

function lines(stream: NodeJS.WriteStream, scenario: string, forMillis: number | undefined): ProgressDisplay {
  const begin = performance.now();
  let last = begin;
  return {
    show: (progress) => {
      const now = performance.now();
      if (now - last < LINE_EVERY_MILLIS) return;
      last = now;
      stream.write(`${scenario}: ${told(progress, now - begin, forMillis)}\n`);
    },
    close: () => undefined,
  };
}

/** "120 of 500 seeds · 31 a second · 1 h 2 min of virtual time · 0 failed · 12.3 s left". `millis`: since it began. */
export function told(
  { tried, total, failed, virtualMicros }: Progress,
  millis: number,
  forMillis: number | undefined,
): string {
  const rate = tried / (millis / 1000);
  const left = secondsLeft(total - tried, rate, millis, forMillis);
  return [
    Number.isFinite(total) ? `${grouped(tried)} of ${counted(total, "seed")}` : counted(tried, "seed"),
    `${grouped(rate)} a second`,
    `${span(virtualMicros / 1_000_000)} of virtual time`,
    `${grouped(failed)} failed`,
    ...(left === undefined ? [] : [`${span(left)} left`]),
  ].join(" · ");
}

/** Until all seeds are played or the time is up, whichever comes first; undefined where neither is in sight. */
function secondsLeft(seeds: number, rate: number, millis: number, forMillis: number | undefined): number | undefined {
  const bySeeds = rate > 0 ? seeds / rate : Number.POSITIVE_INFINITY;
  const byTime = forMillis === undefined ? Number.POSITIVE_INFINITY : Math.max(0, forMillis - millis) / 1000;
  const left = Math.min(bySeeds, byTime);
  return Number.isFinite(left) ? left : undefined;
}
