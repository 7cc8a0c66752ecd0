// Draws a laid out run on a canvas: only what is in view, and no more of it than there are pixels. Holds no state of the run and
// decides nothing about it.
import type { ScaleLinear } from "d3-scale";
import { area } from "d3-shape";
import { type Colours, sessionColour } from "./colours.js";
import { fitted } from "./fitted.js";
import type { Gauge, Lane, Mark, Message, Picture, Shade, Span, Tone } from "./lanes.js";
import { firstFrom, type Positions } from "./positions.js";

/** What is in view. */
export interface View {
  readonly width: number;
  readonly height: number;
  /** How far the lanes are scrolled. */
  readonly scroll: number;
  readonly scale: ScaleLinear<number, number>;
  readonly positions: Positions;
  readonly colours: Colours;
}

export const GUTTER = 148;

/** Everything that stands in order of its beginning, with the latest end so far: so what is in view is found by bisection. */
export class Extents<Item> {
  readonly #ends: Float64Array;
  constructor(
    readonly items: readonly Item[],
    private readonly from: (item: Item) => number,
    to: (item: Item) => number,
  ) {
    this.#ends = new Float64Array(items.length);
    let latest = -Infinity;
    items.forEach((item, at) => (this.#ends[at] = latest = Math.max(latest, to(item))));
  }

  /** Those that may touch a stretch of time. */
  between(low: number, high: number): readonly Item[] {
    let first = 0;
    let last = this.items.length;
    while (first < last) {
      const middle = (first + last) >> 1;
      if ((this.#ends[middle] as number) < low) first = middle + 1;
      else last = middle;
    }
    return this.items.slice(first, Math.max(first, firstFrom(this.items, high, this.from)));
  }
}

/** A picture, ready to be drawn often. */
export interface Scene {
  readonly picture: Picture;
  readonly spans: Extents<Span>;
  readonly messages: Extents<Message>;
}

export function sceneOf(picture: Picture): Scene {
  return {
    picture,
    spans: new Extents(
      picture.spans,
      (span) => span.from,
      (span) => span.to,
    ),
    messages: new Extents(
      picture.messages,
      (message) => message.t0,
      (message) => message.t1,
    ),
  };
}

/** The middle of a lane, from the top of the canvas. */
export const middleOf = (lane: Lane, view: Pick<View, "scroll">): number => lane.top + lane.height / 2 - view.scroll;

const xOf = (view: View, t: number): number => view.scale(view.positions.of(t));

/** Draws the scene. `lit`: places of lines that belong to what the cursor is on. */
export function paint(context: CanvasRenderingContext2D, scene: Scene, view: View, lit: ReadonlySet<number>): void {
  const { width, height, colours } = view;
  context.clearRect(0, 0, width, height);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(GUTTER, 0, width - GUTTER, height);
  context.clip();
  const [low, high] = timesIn(view);
  paintLanes(context, scene, view);
  for (const shade of scene.picture.shades)
    if (shade.to >= low && shade.from <= high) paintShade(context, scene, view, shade);
  const spans = scene.spans.between(low, high);
  for (const span of spans) if (span.shape === "band") paintSpan(context, scene, view, span, lit);
  for (const gauge of scene.picture.gauges) paintGauge(context, scene, view, gauge, low, high);
  for (const span of spans) if (span.shape !== "band") paintSpan(context, scene, view, span, lit);
  paintMessages(context, scene, view, scene.messages.between(low, high), lit);
  paintMarks(context, scene, view, low, high, lit);
  context.restore();
  paintGutter(context, scene, view);
}

/** The instants at both edges. */
export function timesIn({ scale, positions, width }: View): [number, number] {
  return [positions.at(scale.invert(GUTTER)), positions.at(scale.invert(width))];
}

const isVisible = (lane: Lane, { scroll, height }: View): boolean =>
  lane.top + lane.height > scroll && lane.top < scroll + height;

function paintLanes(context: CanvasRenderingContext2D, { picture }: Scene, view: View): void {
  const { colours, width, scroll } = view;
  for (const lane of picture.lanes) {
    if (!isVisible(lane, view)) continue;
    const top = lane.top - scroll;
    if (lane.kind === "group") {
      context.fillStyle = colours.raised;
      context.fillRect(0, top, width, lane.height);
      continue;
    }
    context.fillStyle = colours.line;
    if (lane.kind === "replica" || lane.kind === "log") {
      context.fillRect(GUTTER, Math.round(top + lane.height / 2), width - GUTTER, 1);
    } else context.fillRect(GUTTER, top + lane.height - 1, width - GUTTER, 1);
  }
}

function paintShade(context: CanvasRenderingContext2D, { picture }: Scene, view: View, shade: Shade): void {
  const x0 = xOf(view, shade.from);
  const x1 = xOf(view, shade.to);
  context.globalAlpha = 0.07;
  context.fillStyle = view.colours.fault;
  for (const place of shade.lanes ?? []) {
    const lane = picture.lanes[place];
    if (lane !== undefined) context.fillRect(x0, lane.top - view.scroll, Math.max(1, x1 - x0), lane.height);
  }
  context.globalAlpha = 1;
}

const toned = (colours: Colours, tone: Tone): string => colours[tone];

function paintSpan(
  context: CanvasRenderingContext2D,
  { picture }: Scene,
  view: View,
  span: Span,
  lit: ReadonlySet<number>,
): void {
  const lane = picture.lanes[span.lane];
  if (lane === undefined || !isVisible(lane, view)) return;
  const { colours } = view;
  const x0 = Math.max(GUTTER - 4, xOf(view, span.from));
  const x1 = Math.min(view.width + 4, xOf(view, span.to));
  const w = Math.max(2, x1 - x0);
  const { top, h } = boxOf(lane, span, view);
  const colour =
    span.session !== "" && span.tone !== "bad" ? sessionColour(colours, span.session) : toned(colours, span.tone);
  if (span.shape === "hatch") return paintHatch(context, x0, top, w, h, colour, span.text);
  const isBand = span.shape === "band";
  context.globalAlpha = isBand ? 0.16 : span.tone === "quiet" ? 0.16 : span.tone === "fault" ? 0.22 : 0.26;
  context.fillStyle = colour;
  roundedBox(context, x0, top, w, h, isBand ? 3 : 4);
  context.fill();
  context.globalAlpha = isBand ? 0.35 : 1;
  context.strokeStyle = colour;
  context.lineWidth = lit.has(span.line) ? 2.5 : 1;
  context.stroke();
  context.globalAlpha = 1;
  context.lineWidth = 1;
  // What begins outside the view is written where it comes into it.
  const from = Math.max(x0, GUTTER);
  const room = x0 + w - from;
  if (span.text === "" || room <= 16) return;
  const ink = span.tone === "bad" ? colours.bad : span.tone === "lead" ? colours.lead : colours.text;
  write(context, span.text, from + 5, span.tone === "lead" ? top + Math.min(7, h / 2) : top + h / 2, room - 8, ink);
}

/** Where a span stands in its lane. */
export function boxOf(
  lane: Lane,
  span: Pick<Span, "row" | "rows" | "shape">,
  view: Pick<View, "scroll">,
): { top: number; h: number } {
  const pad = span.shape === "band" ? 3 : lane.kind === "client" ? 7 : 3;
  const room = lane.height - 2 * pad;
  const h = room / span.rows;
  return { top: lane.top - view.scroll + pad + span.row * h, h: h - (span.rows > 1 ? 2 : 0) };
}

function roundedBox(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  w: number,
  h: number,
  radius: number,
): void {
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(radius, w / 2, h / 2));
}

function paintHatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  w: number,
  h: number,
  colour: string,
  text: string,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.globalAlpha = 0.14;
  context.fillStyle = colour;
  context.fillRect(x, y, w, h);
  context.globalAlpha = 0.6;
  context.strokeStyle = colour;
  context.beginPath();
  for (let at = x - h - ((x - h) % 7); at < x + w; at += 7) {
    context.moveTo(at, y + h);
    context.lineTo(at + h, y);
  }
  context.stroke();
  context.restore();
  if (w > 40) write(context, text, x + 5, y + h / 2, w - 8, colour);
}

const TEXT = '11px system-ui, "Segoe UI", sans-serif';

// Letters are about so wide: measuring each text each time would cost more than all the rest.
const LETTER = 6.1;

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  width: number,
  colour: string,
): void {
  const most = Math.floor(width / LETTER);
  if (most < 2) return;
  context.font = TEXT;
  context.textBaseline = "middle";
  context.fillStyle = colour;
  context.fillText(fitted(text, most), x, y + 0.5);
}

function paintGauge(
  context: CanvasRenderingContext2D,
  { picture }: Scene,
  view: View,
  gauge: Gauge,
  low: number,
  high: number,
): void {
  const lane = picture.lanes[gauge.lane];
  if (lane === undefined || !isVisible(lane, view) || gauge.times.length === 0) return;
  const { top, h } = boxOf(lane, { row: gauge.isSeen ? 1 : 0, rows: lane.isDouble ? 2 : 1, shape: "band" }, view);
  const first = Math.max(0, firstFrom(gauge.times, low, (t) => t) - 2);
  const last = Math.min(gauge.times.length, firstFrom(gauge.times, high, (t) => t) + 2);
  const points: number[] = [];
  let before = -Infinity;
  for (let at = first; at < last; at++) {
    const x = xOf(view, gauge.times[at] as number);
    // A keep-alive fills it up at one instant: both values are kept. Of the others one a pixel is enough.
    if (x - before < 0.5 && (gauge.parts[at] as number) <= (gauge.parts[at - 1] ?? 0) && at !== last - 1) continue;
    before = x;
    points.push(at);
  }
  const shape = area<number>()
    .x((at) => xOf(view, gauge.times[at] as number))
    .y0(top + h)
    .y1((at) => top + h - (h - 2) * (gauge.parts[at] as number))
    .context(context);
  context.globalAlpha = 0.42;
  context.fillStyle = gauge.isSeen ? view.colours.bad : sessionColour(view.colours, gauge.session);
  context.beginPath();
  shape(points);
  context.fill();
  context.globalAlpha = 1;
}

// --- messages

const FATES: Readonly<Record<Message["fate"], Tone>> = {
  delivered: "plain",
  late: "late",
  twice: "twice",
  lost: "bad",
  dropped: "bad",
};

function paintMessages(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  messages: readonly Message[],
  lit: ReadonlySet<number>,
): void {
  const detailed = messages.length < 500;
  const groups = new Map<string, Message[]>();
  for (const message of messages) {
    const name = `${message.fate}${message.quiet}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [message]);
    else group.push(message);
  }
  for (const fate of ["delivered", "late", "twice", "dropped", "lost"] as const) {
    for (const quiet of [true, false]) {
      const some = groups.get(`${fate}${quiet}`);
      if (some === undefined) continue;
      context.strokeStyle = context.fillStyle = toned(view.colours, FATES[fate]);
      context.globalAlpha = quiet ? 0.3 : fate === "delivered" ? 0.6 : 0.85;
      context.setLineDash(fate === "lost" ? [4, 3] : []);
      context.lineWidth = 1;
      strokeAll(context, scene, view, some, detailed, lit);
    }
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function strokeAll(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  messages: readonly Message[],
  detailed: boolean,
  lit: ReadonlySet<number>,
): void {
  context.beginPath();
  const heads: Message[] = [];
  // One line a pixel and pair of lanes is enough where there are many.
  const lastXs = new Map<number, number>();
  for (const message of messages) {
    const pair = message.from * 4096 + message.to;
    const x = detailed ? 0 : Math.round(xOf(view, message.t0));
    if (!detailed && x === lastXs.get(pair)) continue;
    lastXs.set(pair, x);
    const end = endsOf(scene, view, message);
    if (end === null) continue;
    context.moveTo(end.x0, end.y0);
    context.lineTo(end.x1, end.y1);
    if (detailed || lit.has(message.line)) heads.push(message);
  }
  context.stroke();
  for (const message of heads) paintHead(context, scene, view, message, lit.has(message.line));
}

/** Both ends of a message on the canvas; a lost one ends on its way. */
export function endsOf(
  { picture }: Scene,
  view: View,
  message: Message,
): { x0: number; y0: number; x1: number; y1: number } | null {
  const from = picture.lanes[message.from];
  const to = picture.lanes[message.to];
  if (from === undefined || to === undefined) return null;
  const down = to.top > from.top;
  const x0 = xOf(view, message.t0);
  const x1 = xOf(view, message.t1);
  const y0 = doorOf(from, view, down);
  const y1 = doorOf(to, view, !down);
  if (message.fate !== "lost") return { x0, y0, x1, y1 };
  const length = Math.hypot(x1 - x0, y1 - y0);
  const part = Math.min(0.55, 90 / Math.max(1, length));
  return { x0, y0, x1: x0 + (x1 - x0) * part, y1: y0 + (y1 - y0) * part };
}

// Where messages leave and enter a lane: below a client's operations, at the near side of a replica.
const doorOf = (lane: Lane, view: View, below: boolean): number =>
  lane.kind === "client" ? lane.top - view.scroll + lane.height - 4 : middleOf(lane, view) + (below ? 6 : -6);

function paintHead(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  message: Message,
  isLit: boolean,
): void {
  const end = endsOf(scene, view, message);
  if (end === null) return;
  const { x0, y0, x1, y1 } = end;
  const alpha = context.globalAlpha;
  if (isLit) {
    context.globalAlpha = 1;
    context.lineWidth = 2.5;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }
  context.setLineDash([]);
  if (message.fate === "lost" || message.fate === "dropped") cross(context, x1, y1, 4);
  else {
    const angle = Math.atan2(y1 - y0, x1 - x0);
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x1 - 8 * Math.cos(angle - 0.35), y1 - 8 * Math.sin(angle - 0.35));
    context.lineTo(x1 - 8 * Math.cos(angle + 0.35), y1 - 8 * Math.sin(angle + 0.35));
    context.fill();
  }
  context.setLineDash(message.fate === "lost" ? [4, 3] : []);
  context.globalAlpha = alpha;
  context.lineWidth = 1;
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  const width = context.lineWidth;
  context.lineWidth = Math.max(width, 2);
  context.beginPath();
  context.moveTo(x - r, y - r);
  context.lineTo(x + r, y + r);
  context.moveTo(x + r, y - r);
  context.lineTo(x - r, y + r);
  context.stroke();
  context.lineWidth = width;
}

// --- marks

function paintMarks(
  context: CanvasRenderingContext2D,
  { picture }: Scene,
  view: View,
  low: number,
  high: number,
  lit: ReadonlySet<number>,
): void {
  const { marks, lanes } = picture;
  const first = firstFrom(marks, low, (mark) => mark.t);
  const last = firstFrom(marks, high + 1, (mark) => mark.t);
  const taken = new Int32Array(lanes.length).fill(-1000);
  const written = new Float64Array(lanes.length).fill(-1000);
  const later: Mark[] = [];
  for (let at = first; at < last; at++) {
    const mark = marks[at] as Mark;
    const lane = lanes[mark.lane];
    if (lane === undefined || !isVisible(lane, view)) continue;
    if (mark.tone === "bad" || lit.has(mark.line)) {
      later.push(mark);
      continue;
    }
    const x = xOf(view, mark.t);
    const pixel = Math.round(x * 1.5);
    if (taken[mark.lane] === pixel && mark.shape !== "up" && mark.shape !== "down") continue;
    taken[mark.lane] = pixel;
    paintMark(context, lane, view, mark, x, false);
    if (lane.kind === "faults" && x > (written[mark.lane] as number)) {
      write(context, mark.text, x + 7, middleOf(lane, view), 200, view.colours.fault);
      written[mark.lane] = x + 12 + mark.text.length * LETTER;
    }
  }
  for (const mark of later) {
    const lane = lanes[mark.lane];
    if (lane === undefined) continue;
    const x = xOf(view, mark.t);
    paintMark(context, lane, view, mark, x, lit.has(mark.line));
  }
  writeIndexes(context, lanes, view, marks.slice(first, last), lit);
}

// Where there is not room for the index of every entry: that at the cursor first, then those that were answered otherwise, then
// commands, then the rest.
function writeIndexes(
  context: CanvasRenderingContext2D,
  lanes: readonly Lane[],
  view: View,
  marks: readonly Mark[],
  lit: ReadonlySet<number>,
): void {
  const ranks: readonly ((mark: Mark) => boolean)[] = [
    (mark) => lit.has(mark.line),
    (mark) => mark.tone === "bad",
    (mark) => mark.tone === "strong",
    (mark) => mark.tone === "quiet",
  ];
  const entries = marks.filter((mark) => lanes[mark.lane]?.kind === "log");
  const taken = new Map<number, [number, number][]>();
  context.font = TEXT;
  context.textBaseline = "alphabetic";
  for (const isNext of ranks) {
    for (const mark of entries) {
      const lane = lanes[mark.lane];
      if (lane === undefined || !isNext(mark) || !isVisible(lane, view)) continue;
      const spans = taken.get(mark.lane) ?? [];
      if (spans.length > MOST_INDEXES) break;
      taken.set(mark.lane, spans);
      const [index = "", ...label] = mark.text.split(" ");
      const text = mark.tone === "quiet" ? index : `${index} ${label.join(" ")}`;
      const from = xOf(view, mark.t) + 2;
      const to = from + text.length * LETTER + 4;
      if (spans.some(([a, b]) => from < b && to > a)) continue;
      spans.push([from, to]);
      const { bad, faint, text: ink } = view.colours;
      context.fillStyle = mark.tone === "bad" ? bad : mark.tone === "quiet" ? faint : ink;
      context.fillText(text, from, lane.top - view.scroll + 10);
    }
  }
}

const MOST_INDEXES = 40;

function paintMark(
  context: CanvasRenderingContext2D,
  lane: Lane,
  view: View,
  mark: Mark,
  x: number,
  isLit: boolean,
): void {
  const { colours } = view;
  const y = middleOf(lane, view);
  const r = isLit ? 6 : 4;
  context.fillStyle = context.strokeStyle = toned(colours, mark.tone);
  context.lineWidth = isLit ? 3 : 1.5;
  switch (mark.shape) {
    case "tick": {
      const half = mark.tone === "quiet" ? 4 : 7;
      const w = isLit || mark.tone === "bad" ? 3 : mark.tone === "quiet" ? 1 : 2;
      context.fillRect(
        x - w / 2,
        y - half - (isLit ? 2 : 0) + (lane.kind === "log" ? 5 : 0),
        w,
        2 * half + (isLit ? 4 : 0) - (lane.kind === "log" ? 4 : 0),
      );
      break;
    }
    case "dot":
      context.beginPath();
      context.arc(
        x,
        lane.kind === "client" ? lane.top - view.scroll + lane.height - 4 : y,
        mark.tone === "quiet" ? 1.5 : r - 1.5,
        0,
        7,
      );
      context.fill();
      break;
    case "diamond":
      polygon(context, [x, y - r, x + r, y, x, y + r, x - r, y]);
      break;
    case "up":
      polygon(context, [x, y - r, x + r, y + r, x - r, y + r]);
      break;
    case "down":
      polygon(context, [x, y + r, x + r, y - r, x - r, y - r]);
      break;
    case "flag":
      context.fillRect(x - 1, lane.top - view.scroll + 2, 2, lane.height - 5);
      break;
    case "cross":
      cross(context, x, y, r + 1);
      break;
  }
  context.lineWidth = 1;
}

function polygon(context: CanvasRenderingContext2D, points: readonly number[]): void {
  context.beginPath();
  for (let at = 0; at < points.length; at += 2) context.lineTo(points[at] as number, points[at + 1] as number);
  context.closePath();
  context.fill();
}

// --- names of lanes

function paintGutter(context: CanvasRenderingContext2D, { picture }: Scene, view: View): void {
  const { colours, scroll } = view;
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, GUTTER, view.height);
  for (const lane of picture.lanes) {
    if (!isVisible(lane, view)) continue;
    const y = middleOf(lane, view);
    context.textBaseline = "middle";
    if (lane.kind === "group") {
      context.fillStyle = colours.raised;
      context.fillRect(0, lane.top - scroll, GUTTER, lane.height);
      context.font = `600 ${TEXT}`;
      context.fillStyle = colours.text;
      context.fillText(lane.label, 10, y);
      continue;
    }
    if (lane.kind === "session") {
      context.fillStyle = sessionColour(colours, lane.key.replace("session ", ""));
      context.fillRect(10, y - 4, 8, 8);
    }
    const { isDouble } = lane;
    if (isDouble) {
      write(context, "judge", GUTTER - 38, y - lane.height / 4, 60, colours.faint);
      write(context, "machine", GUTTER - 54, y + lane.height / 4, 60, colours.bad);
    }
    const indent = lane.kind === "session" ? 24 : 14;
    write(
      context,
      isDouble ? (lane.label.split(" · ")[0] ?? "") : lane.label,
      indent,
      y,
      (isDouble ? GUTTER - 54 : GUTTER - 6) - indent,
      colours.text,
    );
  }
  context.fillStyle = colours.line;
  context.fillRect(GUTTER - 1, 0, 1, view.height);
}
