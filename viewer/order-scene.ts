// Where a history's operations stand in the picture of its order: a lane for each process, an interval for each operation, and for
// an order a point in each interval, from left to right. Draws nothing.
import type { OperationFacts, OrderFacts } from "../src/view/film.js";

export interface Interval {
  readonly place: number;
  readonly facts: OperationFacts;
  readonly lane: number;
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

export interface ProcessLane {
  readonly name: string;
  readonly top: number;
  readonly rows: number;
}

export interface OrderScene {
  readonly lanes: readonly ProcessLane[];
  readonly intervals: readonly Interval[];
  readonly end: number;
  readonly height: number;
}

export const ROW = 24;
const PAD = 8;

export function orderScene({ operations }: OrderFacts): OrderScene {
  const end = operations.reduce((most, { call, return: to }) => Math.max(most, call, to ?? 0), 0) + 1;
  const names = [...new Set(operations.map(({ process }) => process))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  const rows = names.map((): number[] => []);
  const intervals: Interval[] = [];
  const byCall = operations.map((facts, place) => ({ facts, place })).sort((a, b) => a.facts.call - b.facts.call);
  for (const { facts, place } of byCall) {
    const lane = names.indexOf(facts.process);
    const taken = rows[lane] ?? [];
    const to = facts.return ?? end;
    let row = taken.findIndex((until) => until <= facts.call);
    if (row === -1) row = taken.length;
    taken[row] = to;
    intervals.push({ place, facts, lane, row, from: facts.call, to });
  }
  let top = 0;
  const lanes = names.map((name, lane): ProcessLane => {
    const found = { name, top, rows: Math.max(1, rows[lane]?.length ?? 1) };
    top += found.rows * ROW + PAD;
    return found;
  });
  return { lanes, intervals: intervals.sort((a, b) => a.from - b.from), end, height: top };
}

/** The instants at which operations may have taken effect in that order: in the middle of what their intervals leave. */
export function pointsOf({ operations }: OrderFacts, order: readonly number[], end: number): number[] {
  const earliest: number[] = [];
  let at = 0;
  for (const place of order) earliest.push((at = Math.max(at, operations[place]?.call ?? 0)));
  const latest = Array.from(order, () => end);
  let until = end;
  for (let i = order.length - 1; i >= 0; i--) {
    until = Math.min(until, operations[order[i] as number]?.return ?? end);
    latest[i] = until;
  }
  return earliest.map((low, i) => (low + (latest[i] as number)) / 2);
}
