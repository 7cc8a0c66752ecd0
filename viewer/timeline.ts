// The time-space picture as a part of the page: a canvas with an axis above, zoomed and moved by pointer, wheel and keys, with the
// cursor, the witness and what is under the pointer drawn over it.
import { axisTop } from "d3-axis";
import { scaleLinear, type ScaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { zoom, zoomIdentity, type ZoomTransform } from "d3-zoom";
import { coloursNow, type Colours } from "./colours.js";
import { el } from "./elements.js";
import { find, type Found } from "./finder.js";
import { legendOf } from "./legend.js";
import { picture } from "./lanes.js";
import { GUTTER, middleOf, paint, type Scene, sceneOf, type View } from "./painter.js";
import { byOrder, byTime, type Positions } from "./positions.js";
import type { Stage } from "./stage.js";

const EDGE = 14;

export class Timeline {
  readonly element: HTMLElement;
  readonly #stage: Stage;
  readonly #base = el("canvas", { class: "base" });
  readonly #over = el("canvas", { class: "over" });
  readonly #axis = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  readonly #scroller: HTMLElement;
  readonly #tall = el("div", { class: "tall" });
  readonly #tip = el("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });
  readonly #zoom = zoom<HTMLElement, unknown>();
  #scene: Scene;
  #positions: Positions;
  #transform: ZoomTransform = zoomIdentity;
  #colours: Colours = coloursNow();
  #width = 0;
  #height = 0;
  #legend: HTMLElement;
  #lit: ReadonlySet<number> = new Set();
  #hover: Found | null = null;
  #due = 0;
  /** How long the last frame took to draw, in milliseconds: the browser test reads it. */
  lastFrame = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#scene = this.#laidOut();
    this.#positions = this.#way();
    this.#legend = this.#meanings();
    const stack = el("div", { class: "stack" }, this.#base, this.#over);
    this.#scroller = el(
      "div",
      {
        class: "scroller",
        tabindex: 0,
        role: "application",
        "aria-roledescription": "time-space picture",
        "aria-label":
          "The run as a picture: time from left to right, clients, replicas, services and sessions from top to bottom. Arrow keys step through events; the list of events says the same in words.",
      },
      this.#tall,
    );
    this.#tall.append(stack);
    this.#axis.setAttribute("class", "axis");
    this.#axis.setAttribute("aria-hidden", "true");
    this.element = el(
      "section",
      { class: "timeline", "aria-label": "Picture" },
      this.#axis as unknown as HTMLElement,
      this.#scroller,
      this.#legend,
      this.#tip,
    );
    this.#bindZoom();
    this.#bindPointer();
    this.#scroller.addEventListener("scroll", () => this.#later());
    new ResizeObserver(() => this.#measure()).observe(this.#scroller);
    stage.listen((change) => {
      if (change === "filter" || change === "claim" || change === "way") this.#rebuild();
      if (change === "claim") this.showWitness();
      if (change === "cursor" || change === "claim") this.#follow();
      this.#lit = stage.lit();
      this.#later();
    });
    this.#lit = stage.lit();
  }

  #laidOut(): Scene {
    const { run, match, filter, subject } = this.#stage;
    return sceneOf(
      picture(run, {
        match,
        subject: filter.focus ? subject : null,
        partition: filter.partition,
        session: filter.session,
        service: filter.service,
        room: this.#height,
      }),
    );
  }

  #meanings(): HTMLElement {
    return legendOf(this.#scene.picture, this.#stage.claim !== null);
  }

  // Event by event: instants of what is looked at, but for ticks and keep-alives' quiet traffic between replicas.
  #way(): Positions {
    const { run, match, way } = this.#stage;
    if (way === "time") return byTime(run.end);
    const instants: number[] = [];
    run.lines.forEach((line, place) => {
      if (match[place] === 1 && line.t !== instants.at(-1)) instants.push(line.t);
    });
    return byOrder(instants);
  }

  #rebuild(): void {
    const kept = this.#centre();
    this.#scene = this.#laidOut();
    const before = this.#positions.kind;
    this.#positions = this.#way();
    this.#tall.style.height = `${this.#scene.picture.height}px`;
    const legend = this.#meanings();
    this.#legend.replaceWith(legend);
    this.#legend = legend;
    this.#limit();
    if (before !== this.#positions.kind || this.#positions.kind === "order") this.#show(kept[0], kept[1]);
  }

  #centre(): [number, number] {
    const scale = this.#scale();
    const [low, high] = [this.#positions.at(scale.invert(GUTTER)), this.#positions.at(scale.invert(this.#width))];
    return [low, high];
  }

  // --- zoom and size

  #scale(): ScaleLinear<number, number> {
    return this.#transform.rescaleX(this.#whole());
  }

  #whole(): ScaleLinear<number, number> {
    return scaleLinear()
      .domain([0, this.#positions.end])
      .range([GUTTER + EDGE, Math.max(GUTTER + 2 * EDGE, this.#width - EDGE)]);
  }

  #limit(): void {
    const { end, kind } = this.#positions;
    const most = kind === "time" ? Math.max(4, end / 400) : Math.max(2, end / 6);
    this.#zoom
      .scaleExtent([1, most])
      .extent([
        [GUTTER, 0],
        [this.#width, this.#height],
      ])
      .translateExtent([
        [GUTTER, -Infinity],
        [this.#width, Infinity],
      ]);
  }

  #bindZoom(): void {
    this.#zoom
      .filter((event: Event) => {
        if (event.type === "wheel") return (event as WheelEvent).ctrlKey || (event as WheelEvent).altKey;
        return !(event as MouseEvent).button;
      })
      .wheelDelta((event: WheelEvent) => -event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.004))
      .on("zoom", (event: { transform: ZoomTransform }) => {
        this.#transform = event.transform;
        this.#later();
      });
    select(this.#tall).call(this.#zoom as never);
    select(this.#tall).on("dblclick.zoom", null);
    this.#scroller.addEventListener(
      "wheel",
      (event) => {
        if (event.ctrlKey || event.altKey) return;
        const sideways = event.shiftKey ? event.deltaY : event.deltaX;
        if (sideways === 0) return;
        event.preventDefault();
        this.pan(sideways);
      },
      { passive: false },
    );
  }

  #measure(): void {
    const { clientWidth, clientHeight } = this.#scroller;
    if (clientWidth === 0 || (clientWidth === this.#width && clientHeight === this.#height)) return;
    const first = this.#width === 0;
    const kept = first ? null : this.#centre();
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.#scene = this.#laidOut();
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.#base, this.#over]) {
      canvas.width = Math.round(clientWidth * ratio);
      canvas.height = Math.round(clientHeight * ratio);
      canvas.style.width = `${clientWidth}px`;
      canvas.style.height = `${clientHeight}px`;
    }
    this.#tall.style.height = `${this.#scene.picture.height}px`;
    this.#limit();
    if (kept !== null) this.#show(kept[0], kept[1]);
    else this.showWitness();
    this.#later();
  }

  /** Brings a stretch of time into view. */
  #show(from: number, to: number): void {
    const whole = this.#whole();
    const x0 = whole(this.#positions.of(from));
    const x1 = whole(this.#positions.of(to));
    const room = this.#width - GUTTER - EDGE;
    const [, most] = this.#zoom.scaleExtent();
    const k = Math.max(1, Math.min(most, room / Math.max(1e-6, x1 - x0)));
    const middle = (x0 + x1) / 2;
    const transform = zoomIdentity.translate(GUTTER + EDGE / 2 + room / 2 - middle * k, 0).scale(k);
    select(this.#tall).call(this.#zoom.transform as never, transform);
  }

  /** The whole run. */
  showAll(): void {
    select(this.#tall).call(this.#zoom.transform as never, zoomIdentity);
  }

  /** The witness, with some room around it; without one the whole run. */
  showWitness(): void {
    const { claim, run } = this.#stage;
    const times = (claim?.lines ?? []).map((line) => run.line(line).t);
    const first = this.#whenFirst(times[0]);
    const last = times.at(-1);
    if (first === undefined || last === undefined) return this.showAll();
    const places = [this.#positions.of(first), this.#positions.of(last)] as const;
    const least = this.#positions.kind === "time" ? 60_000 : 30;
    const pad = Math.max(least, (places[1] - places[0]) * 0.3);
    this.#show(this.#positions.at(places[0] - pad), this.#positions.at(places[1] + pad * 0.8));
    this.#follow();
  }

  // From when on the failure is shown: where its command first came up, if that is not far away.
  #whenFirst(first: number | undefined): number | undefined {
    const { claim, run } = this.#stage;
    const culprit = run.entry(run.tag(claim?.lines.at(-1) ?? 0)?.entry ?? -1);
    if (first === undefined || culprit?.command === undefined) return first;
    const { partition, session, command } = culprit;
    const earlier = run.film.entries.find(
      (entry) => entry.partition === partition && entry.session === session && entry.command === command,
    );
    const t = earlier === undefined ? first : run.line(earlier.line).t;
    const far = this.#positions.of(first) - this.#positions.of(t);
    return far > 0 && far < (this.#positions.kind === "order" ? 80 : 3_000_000) ? t : first;
  }

  zoomBy(factor: number): void {
    const x = this.#scale()(this.#positions.of(this.#stage.run.line(this.#stage.cursor).t));
    const isIn = x > GUTTER && x < this.#width;
    const centre: [number, number] = [isIn ? x : GUTTER + (this.#width - GUTTER) / 2, 0];
    select(this.#tall).call(this.#zoom.scaleBy as never, factor, centre);
  }

  pan(pixels: number): void {
    select(this.#tall).call(this.#zoom.translateBy as never, -pixels / this.#transform.k, 0);
  }

  // The cursor is kept in view.
  #follow(): void {
    const { run, cursor } = this.#stage;
    const x = this.#scale()(this.#positions.of(run.line(cursor).t));
    const room = this.#width - GUTTER;
    if (this.#width === 0) return;
    if (x < GUTTER + 20 || x > this.#width - 20) this.pan(x - (GUTTER + room / 2));
    const mark = this.#scene.picture.marks.find((each) => each.line === cursor);
    const lane = mark === undefined ? undefined : this.#scene.picture.lanes[mark.lane];
    if (lane === undefined) return;
    const top = this.#scroller.scrollTop;
    if (lane.top < top || lane.top + lane.height > top + this.#height) {
      this.#scroller.scrollTop = lane.top - this.#height / 2;
    }
  }

  /** Where a line's mark stands, from the window's corner; null where it has none in view. For tests. */
  whereIs(line: number): { x: number; y: number } | null {
    const mark = this.#scene.picture.marks.find((each) => each.line === line);
    const lane = mark === undefined ? undefined : this.#scene.picture.lanes[mark.lane];
    if (mark === undefined || lane === undefined) return null;
    const box = this.#base.getBoundingClientRect();
    const view = this.#view();
    return { x: box.left + view.scale(view.positions.of(mark.t)), y: box.top + middleOf(lane, view) };
  }

  /** The theme has changed. */
  recolour(): void {
    this.#colours = coloursNow();
    this.#later();
  }

  // --- drawing

  #later(): void {
    if (this.#due !== 0) return;
    this.#due = requestAnimationFrame(() => {
      this.#due = 0;
      this.draw();
    });
  }

  #view(): View {
    return {
      width: this.#width,
      height: this.#height,
      scroll: this.#scroller.scrollTop,
      scale: this.#scale(),
      positions: this.#positions,
      colours: this.#colours,
    };
  }

  /** Draws now. */
  draw(): void {
    const begin = performance.now();
    const ratio = window.devicePixelRatio || 1;
    const view = this.#view();
    const base = this.#base.getContext("2d");
    const over = this.#over.getContext("2d");
    if (base === null || over === null || this.#width === 0) return;
    base.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(base, this.#scene, view, this.#lit);
    over.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#drawOver(over, view);
    this.#drawAxis(view);
    this.lastFrame = performance.now() - begin;
  }

  #drawOver(context: CanvasRenderingContext2D, view: View): void {
    const { width, height, colours } = view;
    context.clearRect(0, 0, width, height);
    const { claim, run, cursor } = this.#stage;
    const xOf = (t: number): number => Math.round(view.scale(view.positions.of(t))) + 0.5;
    const rule = (x: number, colour: string, dash: number[]): void => {
      context.strokeStyle = colour;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, height);
      context.stroke();
      context.setLineDash([]);
    };
    const here = xOf(run.line(cursor).t);
    if (here >= GUTTER && here <= width) rule(here, colours.cursor, []);
    let before = -100;
    let level = 0;
    (claim?.lines ?? []).forEach((line, at) => {
      const x = xOf(run.line(line).t);
      if (x < GUTTER || x > width) return;
      rule(x, colours.bad, [2, 3]);
      level = x - before < 17 ? level + 1 : 0;
      before = x;
      context.fillStyle = colours.bad;
      context.beginPath();
      context.arc(x, 10 + 17 * level, 8, 0, 7);
      context.fill();
      context.fillStyle = colours.ground;
      context.font = '600 11px system-ui, "Segoe UI", sans-serif';
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String(at + 1), x, 10.5 + 17 * level);
      context.textAlign = "start";
    });
  }

  #drawAxis(view: View): void {
    const { positions, scale, width } = view;
    const svg = select(this.#axis).attr("width", width).attr("height", 26);
    let group = svg.select<SVGGElement>("g");
    if (group.empty()) group = svg.append("g").attr("transform", "translate(0,25)");
    const [low, high] = [scale.invert(GUTTER), scale.invert(width)];
    const visible = scale.copy().domain([low, high]).range([GUTTER, width]);
    const span = positions.at(high) - positions.at(low);
    const digits = positions.kind === "order" ? 3 : Math.max(0, Math.min(6, Math.ceil(-Math.log10(span / 1e6 / 8))));
    const axis = axisTop(visible)
      .ticks(Math.max(2, Math.floor((width - GUTTER) / 110)))
      .tickSizeOuter(0)
      .tickFormat((place) => `+${(positions.at(Number(place)) / 1e6).toFixed(digits)} s`);
    group.call(axis);
    // Labels at either edge stay within it.
    group.selectAll<SVGTextElement, number>("text").attr("text-anchor", (place) => {
      const x = visible(place);
      return x > width - 34 ? "end" : x < GUTTER + 34 ? "start" : "middle";
    });
  }

  // --- the pointer

  #bindPointer(): void {
    this.#tall.addEventListener("pointermove", (event) => this.#point(event));
    this.#tall.addEventListener("pointerleave", () => this.#hide());
    let pressed: { x: number; y: number } | null = null;
    this.#tall.addEventListener("pointerdown", (event) => (pressed = { x: event.clientX, y: event.clientY }), true);
    this.#tall.addEventListener("click", (event) => {
      if (pressed !== null && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > 4) return;
      const found = this.#under(event);
      if (found !== null && found.line > 1) this.#stage.go(found.line);
    });
  }

  #under(event: MouseEvent): Found | null {
    const box = this.#base.getBoundingClientRect();
    return find(this.#scene, this.#view(), event.clientX - box.left, event.clientY - box.top);
  }

  #point(event: PointerEvent): void {
    const found = this.#under(event);
    if (found?.line === this.#hover?.line && found?.words === this.#hover?.words) return this.#place(event);
    this.#hover = found;
    if (found === null) return this.#hide();
    const { run } = this.#stage;
    const words = run.words(found.line);
    const lines: string[] = [];
    if (found.words !== "") lines.push(found.words);
    if (found.line > 1 && words !== found.words) lines.push(words);
    const foot = found.line > 1 ? `line ${found.line} · +${(run.line(found.line).t / 1e6).toFixed(6)} s` : "";
    this.#tip.replaceChildren(...lines.map((text) => el("p", {}, text)), el("p", { class: "foot" }, foot));
    this.#tip.hidden = false;
    this.#scroller.classList.toggle("pointing", found.line > 1);
    this.#place(event);
  }

  #place(event: PointerEvent): void {
    const box = this.element.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const { offsetWidth, offsetHeight } = this.#tip;
    this.#tip.style.left = `${x + 16 + offsetWidth > box.width ? Math.max(0, x - offsetWidth - 12) : x + 16}px`;
    this.#tip.style.top = `${y + 16 + offsetHeight > box.height ? Math.max(0, y - offsetHeight - 12) : y + 16}px`;
  }

  #hide(): void {
    this.#hover = null;
    this.#tip.hidden = true;
    this.#scroller.classList.remove("pointing");
  }
}
