// The buttons, the filters and the keys: every way to move through the run, by pointer and by keyboard alike.
import { button, choice, el } from "./elements.js";
import type { Stage } from "./stage.js";
import type { Timeline } from "./timeline.js";

/** The keys, as help shows them. */
export const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["← →", "one event back, on"],
  ["Shift ← →", "one entry of the log back, on"],
  ["W", "the next line of the witness"],
  ["Home End", "the first, the last event"],
  ["+ −", "closer, further away"],
  ["0", "the whole run"],
  ["F", "only what the failure is about, or everything"],
  ["E", "event by event, or by time"],
  ["/", "search"],
  ["D", "dark or light"],
  ["?", "these keys"],
];

export class Toolbar {
  readonly element: HTMLElement;
  readonly #stage: Stage;
  readonly #timeline: Timeline;
  readonly #search: HTMLInputElement;
  readonly #focus: HTMLInputElement;
  readonly #order: HTMLInputElement;
  readonly #help: HTMLDialogElement;

  constructor(stage: Stage, timeline: Timeline, toggleTheme: () => void) {
    this.#stage = stage;
    this.#timeline = timeline;
    this.#search = el("input", {
      type: "search",
      placeholder: "search in words",
      "aria-label": "Search the events in words",
    });
    this.#search.addEventListener("input", () => stage.narrow({ words: this.#search.value }));
    this.#focus = el("input", { type: "checkbox", change: () => stage.narrow({ focus: this.#focus.checked }) });
    this.#focus.checked = stage.filter.focus;
    this.#focus.disabled = stage.subject === null;
    this.#order = el("input", { type: "checkbox", change: () => stage.goBy(this.#order.checked ? "order" : "time") });
    this.#order.checked = stage.way === "order";
    const looks = el("input", { type: "checkbox", change: () => stage.narrow({ looks: looks.checked }) });
    this.#help = helpDialog();
    this.element = el(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Steps, zoom and filters" },
      this.#steps(),
      this.#zooms(),
      el(
        "label",
        { class: "toggle", title: "Only the lanes and events that the failure is about (F)" },
        this.#focus,
        "only the failure",
      ),
      el("label", { class: "toggle", title: "Quiet stretches take no room (E)" }, this.#order, "event by event"),
      el("label", { class: "toggle", title: "Also where the judge looked at states" }, looks, "states looked at"),
      this.#filters(),
      this.#search,
      el("span", { class: "space" }),
      button("?", "Keys", () => this.#help.showModal(), "?"),
      this.#help,
    );
    document.addEventListener("keydown", (event) => this.#key(event, toggleTheme));
  }

  #steps(): HTMLElement {
    const stage = this.#stage;
    const group = el(
      "div",
      { class: "group", role: "group", "aria-label": "Steps" },
      button("|◀", "First event", () => stage.toEdge("first"), "Home"),
      button("◀◀", "Last entry before", () => stage.stepEntry(-1), "Shift+ArrowLeft"),
      button("◀", "Step back", () => stage.step(-1), "ArrowLeft"),
      button("▶", "Step forward", () => stage.step(1), "ArrowRight"),
      button("▶▶", "Next entry", () => stage.stepEntry(1), "Shift+ArrowRight"),
      button("▶|", "Last event", () => stage.toEdge("last"), "End"),
    );
    if (stage.claim !== null)
      group.append(button("⚑ witness", "Next line of the witness", () => stage.stepWitness(), "W"));
    return group;
  }

  #zooms(): HTMLElement {
    return el(
      "div",
      { class: "group", role: "group", "aria-label": "Zoom" },
      button("−", "Further away", () => this.#timeline.zoomBy(1 / 1.6), "-"),
      button("+", "Closer", () => this.#timeline.zoomBy(1.6), "+"),
      button("all", "The whole run", () => this.#timeline.showAll(), "0"),
      this.#stage.claim === null
        ? null
        : button("failure", "The stretch that shows the failure", () => this.#timeline.showWitness()),
    );
  }

  #filters(): HTMLElement {
    const { run } = this.#stage;
    const several = run.film.run.partitions.length > 1;
    const place = (partition: number): string => (several ? `, partition ${partition}` : "");
    const sessions = [...run.sessions].map(
      ([key, { partition }]) => [key, `${run.sessionName(key)}${place(partition)}`] as const,
    );
    const services = [...run.services].map(
      ([key, { name, kind, partition }]) => [key, `${name} (${kind})${place(partition)}`] as const,
    );
    const faults = [
      ...new Set(
        run.lines.flatMap(({ e, fault, by }) => (e === "fault" ? [fault ?? ""] : by === undefined ? [] : [by])),
      ),
    ];
    const group = el("div", { class: "group filters", role: "group", "aria-label": "Filters" });
    const free = (filter: Parameters<Stage["narrow"]>[0]): void => {
      this.#focus.checked = false;
      this.#stage.narrow({ ...filter, focus: false });
    };
    if (several) {
      const partitions = run.film.run.partitions.map(
        ({ partition }) => [String(partition), `partition ${partition}`] as const,
      );
      group.append(
        choice("Partition", [["0", "all partitions"], ...partitions], (value) => free({ partition: Number(value) })),
      );
    }
    group.append(
      choice("Session", [["", "all sessions"], ...sessions], (session) => free({ session })),
      choice("Service", [["", "all services"], ...services], (service) => free({ service })),
      choice(
        "Fault",
        [["", "all faults"], ...faults.sort().map((fault) => [fault, fault.replaceAll("-", " ")] as const)],
        (fault) => free({ fault }),
      ),
    );
    return group;
  }

  #key(event: KeyboardEvent, toggleTheme: () => void): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLInputElement && target.type === "search") {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (target instanceof HTMLSelectElement) return;
    const inList = target.getAttribute("role") === "listbox";
    if (inList && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      return this.#stage.step(event.key === "ArrowUp" ? -1 : 1);
    }
    const does = this.#does(event, toggleTheme);
    if (does === undefined) return;
    event.preventDefault();
    does();
  }

  #does({ key, shiftKey }: KeyboardEvent, toggleTheme: () => void): (() => void) | undefined {
    const stage = this.#stage;
    switch (key) {
      case "ArrowLeft":
        return () => (shiftKey ? stage.stepEntry(-1) : stage.step(-1));
      case "ArrowRight":
        return () => (shiftKey ? stage.stepEntry(1) : stage.step(1));
      case "Home":
        return () => stage.toEdge("first");
      case "End":
        return () => stage.toEdge("last");
      case "w":
      case "W":
        return () => stage.stepWitness();
      case "+":
      case "=":
        return () => this.#timeline.zoomBy(1.6);
      case "-":
        return () => this.#timeline.zoomBy(1 / 1.6);
      case "0":
        return () => this.#timeline.showAll();
      case "f":
      case "F":
        return () => this.#focus.click();
      case "e":
      case "E":
        return () => this.#order.click();
      case "d":
      case "D":
        return toggleTheme;
      case "/":
        return () => this.#search.focus();
      case "?":
        return () => this.#help.showModal();
      default:
        return undefined;
    }
  }
}

function helpDialog(): HTMLDialogElement {
  const rows = KEYS.map(([keys, does]) =>
    el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, keys)), el("td", {}, does)),
  );
  const dialog = el(
    "dialog",
    { "aria-label": "Keys" },
    el("h2", {}, "Keys"),
    el("table", {}, el("tbody", {}, ...rows)),
    el("p", {}, "Drag to move, Ctrl and the wheel to zoom. Click on anything to go there."),
    el(
      "p",
      {},
      "The judge's models say what every entry must come to; what replicas answered stands beside. The shadow replica takes no part in the run: it applies every entry for the judge, who looks at its state after each.",
    ),
    el("form", { method: "dialog" }, el("button", {}, "Close")),
  );
  return dialog;
}
