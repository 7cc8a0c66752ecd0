// The events in words, one a row: what the picture shows, for whoever reads rather than looks. Only the rows in view exist.
import { el } from "./elements.js";
import type { Stage } from "./stage.js";

const ROW = 22;
const MORE = 8;

export class EventList {
  readonly element: HTMLElement;
  readonly #stage: Stage;
  readonly #scroller = el("div", { class: "rows", role: "listbox", tabindex: 0, "aria-label": "Events, one a row" });
  readonly #tall = el("div", { class: "tall" });
  readonly #count = el("span", { class: "count" });
  #lines: number[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#scroller.append(this.#tall);
    this.element = el(
      "section",
      { class: "events", "aria-label": "Events" },
      el("h2", {}, "Events ", this.#count),
      this.#scroller,
    );
    this.#scroller.addEventListener("scroll", () => this.#fill());
    new ResizeObserver(() => this.#fill()).observe(this.#scroller);
    stage.listen((change) => {
      if (change === "filter" || change === "claim") this.#choose();
      if (change !== "zoom") this.#follow();
    });
    this.#choose();
    requestAnimationFrame(() => this.#follow());
  }

  #choose(): void {
    const { match } = this.#stage;
    this.#lines = [];
    match.forEach((is, place) => is === 1 && this.#lines.push(place + 1));
    this.#tall.style.height = `${this.#lines.length * ROW}px`;
    const all = this.#stage.run.lines.length - 1;
    this.#count.textContent =
      this.#lines.length === all
        ? `${all}`
        : `${this.#lines.length.toLocaleString("en")} of ${all.toLocaleString("en")}`;
    this.#fill();
  }

  #follow(): void {
    const place = this.#placeOf(this.#stage.cursor);
    const { scrollTop, clientHeight } = this.#scroller;
    if (place * ROW < scrollTop || (place + 1) * ROW > scrollTop + clientHeight) {
      this.#scroller.scrollTop = place * ROW - clientHeight / 2 + ROW / 2;
    }
    this.#fill();
  }

  // Of a line that is not in the list: where it would stand.
  #placeOf(line: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle] as number) < line) low = middle + 1;
      else high = middle;
    }
    return Math.min(low, Math.max(0, this.#lines.length - 1));
  }

  #fill(): void {
    const { scrollTop, clientHeight } = this.#scroller;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - MORE);
    const last = Math.min(this.#lines.length, Math.ceil((scrollTop + clientHeight) / ROW) + MORE);
    const rows: HTMLElement[] = [];
    for (let at = first; at < last; at++) rows.push(this.#row(this.#lines[at] as number, at));
    this.#tall.replaceChildren(...rows);
    this.#scroller.setAttribute("aria-activedescendant", `event-${this.#stage.cursor}`);
  }

  #row(line: number, at: number): HTMLElement {
    const { run, claim, cursor } = this.#stage;
    const { t, partition, index } = run.line(line);
    const place = claim?.lines.indexOf(line) ?? -1;
    const where = partition === undefined ? "" : index === undefined ? `p${partition}` : `${partition}:${index}`;
    return el(
      "div",
      {
        class: `row${place >= 0 ? " witness" : ""}`,
        id: `event-${line}`,
        role: "option",
        "aria-selected": line === cursor ? "true" : "false",
        "aria-posinset": at + 1,
        "aria-setsize": this.#lines.length,
        style: `top:${at * ROW}px`,
        click: () => this.#stage.go(line),
      },
      el("span", { class: "badge" }, place >= 0 ? String(place + 1) : ""),
      el("span", { class: "number" }, String(line)),
      el("span", { class: "instant" }, `+${(t / 1e6).toFixed(6)}`),
      el("span", { class: "where" }, where),
      el("span", { class: "words" }, run.words(line)),
    );
  }
}
