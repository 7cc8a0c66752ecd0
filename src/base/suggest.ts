// "Did you mean …?": the nearest of the names that exist.

/** More names than this are no help. */
const MOST_NAMES = 30;

/** A sentence that names the nearest of `known`, or all of them where none is near, or the three nearest of very many. */
export function didYouMean(asked: string, known: readonly string[]): string {
  const ranked = known
    .map((name) => ({ name, distance: distance(asked.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  if (nearest !== undefined && nearest.distance <= Math.max(2, Math.floor(asked.length / 3))) {
    return `Did you mean "${nearest.name}"?`;
  }
  if (known.length > MOST_NAMES) {
    const three = ranked.slice(0, 3).map(({ name }) => name);
    return `There are ${known.length}; the nearest: ${three.join(", ")}.`;
  }
  return known.length === 0 ? "There are none." : `There are: ${known.join(", ")}.`;
}

/** How many single edits (insert, remove, replace, swap of neighbours) lead from `a` to `b`. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(at(current, column - 1) + 1, at(above, column) + 1, at(above, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, at(before, column - 2) + 1);
      }
      current.push(least);
    }
    before = above;
    above = current;
  }
  return at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.MAX_SAFE_INTEGER;
}
