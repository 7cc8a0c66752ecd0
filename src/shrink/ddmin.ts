// Delta debugging over a list: which of the items can go? Large parts are tried before small ones, so that of many useless
// items most go in a few trials. What is left is 1-minimal: no single item can go any more. A generator: whoever drives it
// tries each proposal and says whether it still fails.

/** Proposes lists to keep; is told whether what was proposed still fails. Returns what can't go. */
export function* ddmin<Item>(items: readonly Item[]): Generator<readonly Item[], readonly Item[], boolean> {
  let kept = items;
  for (let size = items.length; size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    // From the end: what comes late leans on what came before.
    for (let to = kept.length; to > 0; to -= size) {
      const from = Math.max(0, to - size);
      const rest = [...kept.slice(0, from), ...kept.slice(to)];
      if (yield rest) kept = rest;
    }
    size = Math.min(size, Math.max(1, kept.length));
    if (kept.length === 0) break;
  }
  return kept;
}
