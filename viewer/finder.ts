// What lies under the pointer: a mark, a message or a span, the nearest first. Reads the scene, draws nothing.
import { boxOf, endsOf, GUTTER, middleOf, type Scene, timesIn, type View } from "./painter.js";
import { firstFrom } from "./positions.js";

export interface Found {
  readonly line: number;
  /** Words of its own, where it says more than its line. */
  readonly words: string;
}

const NEAR = 7;

export function find(scene: Scene, view: View, x: number, y: number): Found | null {
  if (x < GUTTER) return lane(scene, view, y);
  return mark(scene, view, x, y) ?? message(scene, view, x, y) ?? span(scene, view, x, y);
}

function lane({ picture }: Scene, view: View, y: number): Found | null {
  const found = picture.lanes.find(({ top, height }) => y >= top - view.scroll && y < top - view.scroll + height);
  return found === undefined ? null : { line: 0, words: found.title };
}

function mark({ picture }: Scene, view: View, x: number, y: number): Found | null {
  const [low, high] = timesIn(view);
  const { marks, lanes } = picture;
  let best: Found | null = null;
  let least = NEAR;
  const to = firstFrom(marks, high + 1, ({ t }) => t);
  for (let at = firstFrom(marks, low, ({ t }) => t); at < to; at++) {
    const each = marks[at];
    const where = each === undefined ? undefined : lanes[each.lane];
    if (each === undefined || where === undefined) continue;
    const dy = Math.abs(middleOf(where, view) - y);
    if (dy > where.height / 2) continue;
    const dx = Math.abs(view.scale(view.positions.of(each.t)) - x);
    if (dx >= least) continue;
    least = dx;
    best = { line: each.line, words: "" };
  }
  return best;
}

function message(scene: Scene, view: View, x: number, y: number): Found | null {
  const [low, high] = timesIn(view);
  let best: Found | null = null;
  let least = 5;
  for (const each of scene.messages.between(low, high)) {
    const ends = endsOf(scene, view, each);
    if (ends === null) continue;
    const away = distance(x, y, ends);
    if (away >= least) continue;
    least = away;
    best = { line: each.line, words: "" };
  }
  return best;
}

function distance(
  x: number,
  y: number,
  { x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number },
): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length));
  return Math.hypot(x - x0 - part * dx, y - y0 - part * dy);
}

function span(scene: Scene, view: View, x: number, y: number): Found | null {
  const [low, high] = timesIn(view);
  let best: Found | null = null;
  for (const each of scene.spans.between(low, high)) {
    const where = scene.picture.lanes[each.lane];
    if (where === undefined) continue;
    const { top, h } = boxOf(where, each, view);
    if (y < top || y > top + h) continue;
    if (x < view.scale(view.positions.of(each.from)) || x > view.scale(view.positions.of(each.to)) + 2) continue;
    best = { line: each.line, words: each.words };
  }
  return best;
}
