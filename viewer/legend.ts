// What the shapes and colours of a picture mean, below it: of those that it shows, and of no others. Draws nothing on the canvas.
import { el } from "./elements.js";
import type { LaneKind, Mark, Picture, Span } from "./lanes.js";

interface Meaning {
  /** A letter that looks as the shape does, and its colour. */
  readonly sign: string;
  readonly colour: string;
  readonly text: string;
  readonly isIn: (picture: Picture) => boolean;
}

const message = (sign: string, colour: string, text: string, ...fates: readonly string[]): Meaning => ({
  sign,
  colour,
  text,
  isIn: ({ messages }) => messages.some(({ fate }) => fates.includes(fate)),
});

const mark = (
  sign: string,
  colour: string,
  text: string,
  lanesOfIt: readonly LaneKind[],
  is: (mark: Mark) => boolean,
): Meaning => ({
  sign,
  colour,
  text,
  isIn: ({ marks, lanes }) => marks.some((each) => lanesOfIt.includes(lanes[each.lane]?.kind ?? "group") && is(each)),
});

const span = (
  sign: string,
  colour: string,
  text: string,
  lanesOfIt: readonly LaneKind[],
  is: (span: Span) => boolean = () => true,
): Meaning => ({
  sign,
  colour,
  text,
  isIn: ({ spans, lanes }) => spans.some((each) => lanesOfIt.includes(lanes[each.lane]?.kind ?? "group") && is(each)),
});

/** In the order of the lanes. */
const MEANINGS: readonly Meaning[] = [
  message("→", "plain", "message", "delivered"),
  message("→", "late", "late", "late"),
  message("→", "twice", "several copies", "twice"),
  message("⤫", "bad", "lost or dropped", "lost", "dropped"),
  mark("▼", "fault", "a fault strikes", ["faults"], () => true),
  span("▭", "plain", "operation", ["client"], ({ tone }) => tone === "plain"),
  span("▭", "late", "operation without a good answer", ["client"], ({ tone }) => tone === "late"),
  mark("┃", "good", "session opens, closes", ["client"], ({ shape, tone }) => shape === "flag" && tone === "good"),
  mark("┃", "bad", "session given up", ["client"], ({ shape, tone }) => shape === "flag" && tone === "bad"),
  mark("✕", "bad", "client crashes, or is told what can't be", ["client"], ({ shape }) => shape === "cross"),
  mark("●", "strong", "output received", ["client"], ({ shape, tone }) => shape === "dot" && tone === "strong"),
  mark("·", "plain", "keep-alive", ["client"], ({ shape, tone }) => shape === "dot" && tone === "quiet"),
  mark("▮", "strong", "entry", ["log", "replica"], ({ tone, shape }) => shape === "tick" && tone === "strong"),
  mark("❘", "plain", "tick, keep-alive", ["log", "replica"], ({ tone, shape }) => shape === "tick" && tone === "quiet"),
  mark("▮", "bad", "answered otherwise", ["log", "replica"], ({ tone, shape }) => shape === "tick" && tone === "bad"),
  span("▬", "lead", "leads", ["replica"], ({ shape }) => shape === "band"),
  span("▨", "bad", "down or paused", ["replica"], ({ shape }) => shape === "hatch"),
  mark("●", "plain", "query arrives", ["replica"], ({ shape, tone }) => shape === "dot" && tone === "plain"),
  mark("◆", "plain", "query answered", ["replica"], ({ shape, tone }) => shape === "diamond" && tone === "plain"),
  mark("◆", "bad", "query answered otherwise", ["replica"], ({ shape, tone }) => shape === "diamond" && tone === "bad"),
  mark("·", "plain", "state looked at", ["replica"], ({ shape, tone }) => shape === "dot" && tone === "quiet"),
  mark("▼", "good", "state saved", ["replica"], ({ shape }) => shape === "down"),
  mark("▲", "good", "state restored", ["replica"], ({ shape, tone }) => shape === "up" && tone === "good"),
  mark("▲", "fault", "saved state refused", ["replica"], ({ shape, tone }) => shape === "up" && tone === "fault"),
  mark("✕", "bad", "the machine broke", ["replica"], ({ shape }) => shape === "cross"),
  span("▭", "strong", "who holds it", ["service"], ({ tone, session }) => tone !== "bad" && session !== ""),
  span("▭", "bad", "as the machine has it", ["service", "session"], ({ tone }) => tone === "bad"),
  { sign: "◣", colour: "strong", text: "time left to a session", isIn: ({ gauges }) => gauges.length > 0 },
  mark("✕", "fault", "session expires", ["session"], ({ shape }) => shape === "cross"),
  mark("◆", "plain", "session closed", ["session"], ({ shape }) => shape === "diamond"),
];

/** The row below a picture; `shows`: whether the lines of a failure are numbered in it. */
export function legendOf(picture: Picture, shows: boolean): HTMLElement {
  const item = (sign: string, colour: string, text: string): HTMLElement =>
    el("span", {}, el("b", { class: colour, "aria-hidden": "true" }, sign), ` ${text}`);
  const items = MEANINGS.filter(({ isIn }) => isIn(picture)).map(({ sign, colour, text }) => item(sign, colour, text));
  if (shows) items.push(item("❶", "bad", "shows the failure"));
  return el("p", { class: "legend-row", "aria-label": "What the shapes mean" }, ...items);
}
