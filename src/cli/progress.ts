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
  return stream.isTTY ? bar(stream, scenario, total, forMillis) : lines(stream, scenario);
}

function bar(
  stream: NodeJS.WriteStream,
  scenario: string,
  total: number,
  forMillis: number | undefined,
): ProgressDisplay {
  const begin = performance.now();
  const endless = !Number.isFinite(total);
  const left = endless ? "" : " · {eta_formatted} left";
  const format = `${scenario} {bar} {seeds} · {rate} a second · {virtual} of virtual time · {failed} failed${left}`;
  const shown = new SingleBar({ stream, format, hideCursor: true, clearOnComplete: true, barsize: 24 });
  shown.start(endless ? (forMillis ?? 1) : total, 0, { seeds: "", rate: "0", virtual: "0 s", failed: 0 });
  return {
    show: ({ tried, failed, virtualMicros }) => {
      const millis = performance.now() - begin;
      shown.update(endless ? Math.min(millis, forMillis ?? 1) : tried, {
        seeds: counted(tried, "seed"),
        rate: grouped(tried / (millis / 1000)),
        virtual: span(virtualMicros / 1_000_000),
        failed,
      });
    },
    close: () => shown.stop(),
  };
}

function lines(stream: NodeJS.WriteStream, scenario: string): ProgressDisplay {
  let last = performance.now();
  return {
    show: ({ tried, total, failed }) => {
      const now = performance.now();
      if (now - last < LINE_EVERY_MILLIS) return;
      last = now;
      const of = Number.isFinite(total) ? ` of ${grouped(total)}` : "";
      stream.write(`${scenario}: ${grouped(tried)}${of} seeds, ${failed} failed\n`);
    },
    close: () => undefined,
  };
}
