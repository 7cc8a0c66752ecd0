// The search for an order as a part of the page: intervals by process, the order drawn through them, where it breaks off, and the
// reasons beside. Serves a recorded history on a page of its own, and a service of a run.
import { axisTop } from "d3-axis";
import { scaleLinear, type ScaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { zoom, zoomIdentity, type ZoomTransform } from "d3-zoom";
import type { OrderFacts } from "../src/view/film.js";
import { type Colours, coloursNow } from "./colours.js";
import { button, choice, el } from "./elements.js";
import { type Interval, orderScene, type OrderScene, pointsOf, ROW } from "./order-scene.js";

const GUTTER = 110;
const EDGE = 12;
const LETTER = 6.1;

export class OrderView {
  readonly element: HTMLElement;
  readonly #facts: OrderFacts;
  readonly #scene: OrderScene;
  readonly #canvas = el("canvas", {
    role: "img",
    "aria-label":
      "Operations by process, and the longest legal order drawn through them; the list beside says the same in words.",
  });
  readonly #axis = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  readonly #tall = el("div", { class: "tall" });
  readonly #scroller = el(
    "div",
    { class: "scroller", tabindex: 0, role: "group", "aria-label": "Picture of the order" },
    this.#tall,
  );
  readonly #tip = el("div", { class: "tip", role: "tooltip", hidden: true });
  readonly #zoom = zoom<HTMLElement, unknown>();
  readonly #minimal: ReadonlySet<number>;
  readonly #go: ((line: number) => void) | null;
  #order: readonly number[];
  #transform: ZoomTransform = zoomIdentity;
  #width = 0;
  #height = 0;
  #due = 0;
  #picked = -1;
  #colours: Colours = coloursNow();

  /** @param go where an operation's line can be shown: goes there */
  constructor(facts: OrderFacts, go: ((line: number) => void) | null) {
    this.#facts = facts;
    this.#go = go;
    this.#scene = orderScene(facts);
    this.#order = facts.longest;
    this.#minimal = new Set(facts.minimal);
    this.#axis.setAttribute("class", "axis");
    this.#axis.setAttribute("aria-hidden", "true");
    this.#tall.style.height = `${this.#scene.height}px`;
    this.#tall.append(el("div", { class: "stack" }, this.#canvas));
    const left = el(
      "section",
      { class: "timeline", "aria-label": "Picture" },
      this.#axis as unknown as HTMLElement,
      this.#scroller,
      this.#tip,
    );
    this.element = el("div", { class: "order" }, this.#head(), left, this.#reasons());
    this.#bind();
  }

  #head(): HTMLElement {
    const facts = this.#facts;
    const good = facts.verdict === "linearizable";
    return el(
      "section",
      { class: "story", "aria-label": "Verdict" },
      el(
        "div",
        { class: "head" },
        el(
          "p",
          { class: `verdict ${good ? "good" : "bad"}` },
          good ? "✓ linearizable" : facts.verdict === "undecided" ? "? undecided" : "✗ not linearizable",
        ),
        el("p", { class: "what" }, facts.title),
        el("p", { class: "claim" }, facts.says),
      ),
      el(
        "div",
        { class: "keys" },
        el("p", {}, legend("interval", "an operation, from its call to its return")),
        el("p", {}, legend("point", good ? "a legal order" : "the longest legal order of a beginning")),
        ...(good
          ? []
          : [
              el("p", {}, legend("contradicts", "these contradict each other")),
              el("p", {}, legend("blocked", "no order meets the return of this one")),
            ]),
      ),
      el(
        "div",
        { class: "group", role: "group", "aria-label": "Zoom" },
        button("−", "Further away", () => this.#scaleBy(1 / 1.6)),
        button("+", "Closer", () => this.#scaleBy(1.6)),
        button("all", "The whole history", () => this.#show(0, this.#scene.end)),
        ...(good ? [] : [button("failure", "Where the order breaks off", () => this.#showFailure())]),
      ),
    );
  }

  #reasons(): HTMLElement {
    const facts = this.#facts;
    const { minimal, blocked, reached, nearMisses } = facts;
    const aside = el("aside", { class: "inspector", "aria-label": "Reasons" });
    if (minimal.length > 0) {
      aside.append(
        card(
          "These contradict each other, whatever the others did",
          minimal.map((place) => this.#operation(place, "")),
        ),
      );
    }
    if (nearMisses.length > 0) {
      aside.append(
        card(
          "These would help, if they had been open at another time",
          nearMisses.map(({ operation }) => this.#operation(operation, "")),
        ),
      );
    }
    if (blocked !== null) aside.append(card("No order meets the return of", [this.#operation(blocked, "")]));
    const ends = el("div", { class: "ends" });
    const show = (at: number): void => {
      const end = reached[at];
      if (end === undefined) return;
      this.#order = end.prefix;
      const why = end.candidates.map(({ operation, why: reason }) => this.#operation(operation, reason));
      ends.replaceChildren(
        card(`After ${end.prefix.length} operations, in state ${end.state}, these are open, and none helps`, why),
      );
      this.#later();
    };
    if (reached.length > 1) {
      const options = reached.map(
        ({ prefix, state }, at) => [String(at), `${prefix.length} operations, state ${state}`.slice(0, 60)] as const,
      );
      aside.append(
        el(
          "label",
          { class: "toggle" },
          "an order that gets as far: ",
          choice("Which order is drawn", options, (at) => show(Number(at))),
        ),
      );
    }
    aside.append(ends);
    show(0);
    const order = this.#order.length === 0 ? facts.longest : this.#order;
    if (facts.verdict === "linearizable")
      aside.append(
        card(
          "A legal order",
          order.slice(0, 400).map((place) => this.#operation(place, "")),
        ),
      );
    return aside;
  }

  #operation(place: number, why: string): HTMLElement {
    const one = this.#facts.operations[place];
    const go = (): void => {
      this.#picked = place;
      this.#reveal(place);
      if (one !== undefined) this.#go?.(one.call);
    };
    const when = `${this.#facts.unit} ${one?.call ?? "?"}–${one?.return ?? "…"}`;
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", click: go },
        el("b", {}, one?.what ?? `operation ${place}`),
        el("span", { class: "label" }, ` ${processName(one?.process ?? "")} · ${when}`),
        why === "" ? null : el("span", { class: "why" }, why),
      ),
    );
  }

  // --- zoom

  #bind(): void {
    this.#zoom
      .scaleExtent([1, Math.max(8, this.#scene.end / 6)])
      .filter((event: Event) =>
        event.type === "wheel" ? (event as WheelEvent).ctrlKey : !(event as MouseEvent).button,
      )
      .on("zoom", (event: { transform: ZoomTransform }) => {
        this.#transform = event.transform;
        this.#later();
      });
    select(this.#tall).call(this.#zoom as never);
    this.#scroller.addEventListener("scroll", () => this.#later());
    this.#tall.addEventListener("pointermove", (event) => this.#point(event));
    this.#tall.addEventListener("pointerleave", () => (this.#tip.hidden = true));
    new ResizeObserver(() => this.#measure()).observe(this.#scroller);
  }

  #measure(): void {
    const { clientWidth, clientHeight } = this.#scroller;
    if (clientWidth === 0) return;
    const isFirst = this.#width === 0;
    this.#width = clientWidth;
    this.#height = clientHeight;
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    this.#canvas.style.width = `${clientWidth}px`;
    this.#canvas.style.height = `${clientHeight}px`;
    this.#zoom
      .extent([
        [GUTTER, 0],
        [clientWidth, clientHeight],
      ])
      .translateExtent([
        [GUTTER, -Infinity],
        [clientWidth, Infinity],
      ]);
    if (isFirst) this.#showFailure();
    this.#later();
  }

  #whole(): ScaleLinear<number, number> {
    return scaleLinear()
      .domain([0, this.#scene.end])
      .range([GUTTER + EDGE, Math.max(GUTTER + 2 * EDGE, this.#width - EDGE)]);
  }

  #scale(): ScaleLinear<number, number> {
    return this.#transform.rescaleX(this.#whole());
  }

  #scaleBy(factor: number): void {
    select(this.#tall).call(this.#zoom.scaleBy as never, factor, [GUTTER + (this.#width - GUTTER) / 2, 0]);
  }

  #show(from: number, to: number): void {
    const whole = this.#whole();
    const room = this.#width - GUTTER - EDGE;
    const k = Math.max(1, Math.min(this.#zoom.scaleExtent()[1], room / Math.max(1e-6, whole(to) - whole(from))));
    const middle = (whole(from) + whole(to)) / 2;
    const transform = zoomIdentity.translate(GUTTER + EDGE / 2 + room / 2 - middle * k, 0).scale(k);
    select(this.#tall).call(this.#zoom.transform as never, transform);
  }

  #showFailure(): void {
    const { blocked, minimal, operations, reached } = this.#facts;
    const last = reached[0]?.candidates.map(({ operation }) => operation) ?? [];
    const places = [...minimal, ...last, ...(blocked === null ? [] : [blocked])].map((place) => operations[place]);
    if (places.length === 0) return this.#show(0, this.#scene.end);
    const from = Math.min(...places.map((one) => one?.call ?? 0));
    const to = Math.max(...places.map((one) => one?.return ?? one?.call ?? 0));
    const pad = Math.max(4, (to - from) * 0.08);
    this.#show(from - pad, to + pad);
    if (blocked !== null) this.#reveal(blocked);
  }

  #reveal(place: number): void {
    const interval = this.#scene.intervals.find((one) => one.place === place);
    if (interval === undefined) return;
    const top = this.#topOf(interval) + this.#scroller.scrollTop;
    if (top < this.#scroller.scrollTop || top > this.#scroller.scrollTop + this.#height - ROW) {
      this.#scroller.scrollTop = top - this.#height / 2;
    }
    this.#later();
  }

  // --- drawing

  recolour(): void {
    this.#colours = coloursNow();
    this.#later();
  }

  #later(): void {
    if (this.#due !== 0) return;
    this.#due = requestAnimationFrame(() => {
      this.#due = 0;
      this.#draw();
    });
  }

  #topOf({ lane, row }: Interval): number {
    return (this.#scene.lanes[lane]?.top ?? 0) + 4 + row * ROW - this.#scroller.scrollTop;
  }

  #draw(): void {
    const context = this.#canvas.getContext("2d");
    if (context === null || this.#width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const scale = this.#scale();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = this.#colours.ground;
    context.fillRect(0, 0, this.#width, this.#height);
    context.save();
    context.beginPath();
    context.rect(GUTTER, 0, this.#width - GUTTER, this.#height);
    context.clip();
    for (const { top } of this.#scene.lanes) {
      context.fillStyle = this.#colours.line;
      context.fillRect(GUTTER, top - this.#scroller.scrollTop, this.#width, 1);
    }
    const placed = new Set(this.#order);
    for (const interval of this.#scene.intervals)
      this.#drawInterval(context, scale, interval, placed.has(interval.place));
    this.#drawOrder(context, scale);
    context.restore();
    this.#drawNames(context);
    this.#drawAxis(scale);
  }

  #drawInterval(
    context: CanvasRenderingContext2D,
    scale: ScaleLinear<number, number>,
    interval: Interval,
    isPlaced: boolean,
  ): void {
    const x0 = Math.max(GUTTER - 4, scale(interval.from));
    const x1 = Math.min(this.#width + 4, scale(interval.to));
    const top = this.#topOf(interval);
    if (x1 < GUTTER || x0 > this.#width || top < -ROW || top > this.#height) return;
    const { place, facts } = interval;
    const isBlocked = place === this.#facts.blocked;
    const isMinimal = this.#minimal.has(place);
    const colour = isBlocked || isMinimal ? this.#colours.bad : isPlaced ? this.#colours.strong : this.#colours.quiet;
    const w = Math.max(2, x1 - x0);
    context.beginPath();
    context.roundRect(x0, top, w, ROW - 4, Math.min(4, w / 2));
    context.globalAlpha = isBlocked ? 0.35 : isPlaced ? 0.2 : 0.1;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = isMinimal || place === this.#picked ? 2.5 : 1;
    context.setLineDash(facts.return === null ? [4, 3] : []);
    context.stroke();
    context.setLineDash([]);
    context.lineWidth = 1;
    if (isBlocked) this.#drawCross(context, scale(interval.to), top + ROW / 2 - 2);
    const most = Math.floor((w - 8) / LETTER);
    if (most < 3) return;
    context.font = `${isMinimal || isBlocked ? "600 " : ""}11px system-ui, sans-serif`;
    context.textBaseline = "middle";
    context.fillStyle = isMinimal || isBlocked ? this.#colours.bad : this.#colours.text;
    context.fillText(
      facts.what.length > most ? `${facts.what.slice(0, most - 1)}…` : facts.what,
      x0 + 5,
      top + ROW / 2 - 1.5,
    );
  }

  #drawCross(context: CanvasRenderingContext2D, x: number, y: number): void {
    context.strokeStyle = this.#colours.bad;
    context.lineWidth = 3;
    context.beginPath();
    context.moveTo(x - 6, y - 6);
    context.lineTo(x + 6, y + 6);
    context.moveTo(x + 6, y - 6);
    context.lineTo(x - 6, y + 6);
    context.stroke();
    context.lineWidth = 1;
  }

  #drawOrder(context: CanvasRenderingContext2D, scale: ScaleLinear<number, number>): void {
    const points = pointsOf(this.#facts, this.#order, this.#scene.end);
    const byPlace = new Map(this.#scene.intervals.map((interval) => [interval.place, interval]));
    const where = this.#order.map((place, at) => {
      const interval = byPlace.get(place);
      return { x: scale(points[at] as number), y: interval === undefined ? 0 : this.#topOf(interval) + ROW - 4 };
    });
    context.strokeStyle = context.fillStyle = this.#colours.lead;
    context.globalAlpha = 0.8;
    context.lineWidth = 1.5;
    context.beginPath();
    where.forEach(({ x, y }, at) => {
      const next = where[at + 1];
      if (x < GUTTER - 50 && (next?.x ?? 0) < GUTTER - 50) return;
      if (at === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.stroke();
    context.globalAlpha = 1;
    for (const { x, y } of where) {
      if (x < GUTTER - 5 || x > this.#width + 5) continue;
      context.beginPath();
      context.arc(x, y, 3, 0, 7);
      context.fill();
    }
    context.lineWidth = 1;
  }

  #drawNames(context: CanvasRenderingContext2D): void {
    context.fillStyle = this.#colours.ground;
    context.fillRect(0, 0, GUTTER, this.#height);
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.fillStyle = this.#colours.text;
    for (const { name, top, rows } of this.#scene.lanes) {
      context.fillText(processName(name).slice(0, 16), 12, top + 3 + (rows * ROW) / 2 - this.#scroller.scrollTop);
    }
    context.fillStyle = this.#colours.line;
    context.fillRect(GUTTER - 1, 0, 1, this.#height);
  }

  #drawAxis(scale: ScaleLinear<number, number>): void {
    const svg = select(this.#axis).attr("width", this.#width).attr("height", 26);
    let group = svg.select<SVGGElement>("g");
    if (group.empty()) group = svg.append("g").attr("transform", "translate(0,25)");
    const visible = scale
      .copy()
      .domain([scale.invert(GUTTER), scale.invert(this.#width)])
      .range([GUTTER, this.#width]);
    const axis = axisTop(visible)
      .ticks(Math.max(2, Math.floor((this.#width - GUTTER) / 110)))
      .tickSizeOuter(0)
      .tickFormat((value) => (Number.isInteger(Number(value)) ? `${this.#facts.unit} ${Number(value)}` : ""));
    group.call(axis);
  }

  #point(event: PointerEvent): void {
    const box = this.#canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const scale = this.#scale();
    const found = this.#scene.intervals.findLast((interval) => {
      const top = this.#topOf(interval);
      return y >= top && y <= top + ROW - 3 && x >= scale(interval.from) - 2 && x <= scale(interval.to) + 2;
    });
    this.#tip.hidden = found === undefined;
    if (found === undefined) return;
    const { facts, place } = found;
    const at = this.#order.indexOf(place);
    const end =
      facts.return === null
        ? "; it is not known whether it took effect"
        : `, returns at ${this.#facts.unit} ${facts.return}`;
    this.#tip.replaceChildren(
      el("p", {}, facts.what),
      el("p", {}, `${processName(facts.process)} calls it at ${this.#facts.unit} ${facts.call}${end}.`),
      el(
        "p",
        { class: "foot" },
        at >= 0 ? `number ${at + 1} of the order that is drawn` : "not in the order that is drawn",
      ),
    );
    const room = this.#scroller.getBoundingClientRect();
    this.#tip.style.left = `${Math.min(event.clientX - room.left + 14, room.width - this.#tip.offsetWidth)}px`;
    this.#tip.style.top = `${event.clientY - room.top + 44}px`;
  }
}

const processName = (name: string): string => (/^\d+$/.test(name) ? `process ${name}` : name);

function card(title: string, items: readonly HTMLElement[]): HTMLElement {
  return el("section", { class: "card" }, el("h3", {}, title), el("ul", { class: "operations" }, ...items));
}

function legend(kind: string, text: string): HTMLElement {
  return el("span", { class: "legend" }, el("i", { class: `swatch ${kind}`, "aria-hidden": "true" }), text);
}
