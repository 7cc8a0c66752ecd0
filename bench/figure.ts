// A measured quantity, how it is measured, and how it is printed. Medians of several runs: a machine is never quite quiet.
// Time is that of the processor where the work is ours alone, so that what else runs beside it counts for little.

/** One measured quantity. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

const RUNS = 7;

/** The figure of these values. */
export function figureOf(name: string, unit: string, values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  return { name, unit, median: sorted[sorted.length >> 1] ?? 0, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 };
}

/** What `work` comes to over several runs; each returns its own quantity. */
export function measured(name: string, unit: string, work: () => number, runs = RUNS): Figure {
  work(); // warm
  const values = Array.from({ length: runs }, () => {
    globalThis.gc?.();
    return work();
  });
  return figureOf(name, unit, values);
}

/** How long `work` takes, on the clock. */
export function milliseconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** How much of the processor `work` takes, in seconds: the compiler's and the collector's threads included. */
export async function cpuSeconds(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The figures as a table for a person. */
export function table(figures: readonly Figure[]): string {
  const digits = (value: number): string => value.toFixed(value < 100 ? 2 : 0);
  const rows = figures.map(({ name, unit, median: middle, min, max }) => [
    name,
    digits(middle),
    digits(min),
    digits(max),
    unit,
  ]);
  const all = [["figure", "median", "min", "max", "unit"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] as string).length)));
  return all
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
    .map((row) => row.join("  ").trimEnd())
    .join("\n");
}
