// The page's beginning: unpacks what it holds and puts its parts together. Fetches nothing.
import type { HistoryFilm, RunFilm } from "../src/view/film.js";
import { orderSessions } from "./colours.js";
import { button, el } from "./elements.js";
import { EventList } from "./event-list.js";
import { Inspector } from "./inspector.js";
import { OrderView } from "./order-view.js";
import { unpack } from "./reel.js";
import { Run } from "./run.js";
import { Stage } from "./stage.js";
import { Story } from "./story.js";
import { startTheme, toggleTheme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { Toolbar } from "./toolbar.js";

const app = document.getElementById("app") as HTMLElement;

async function begin(): Promise<void> {
  startTheme();
  const { film, trace } = await unpack();
  if (film.kind === "history") showHistory(film);
  else if (trace !== null) showRun(film, trace);
  app.removeAttribute("aria-busy");
}

function showHistory(film: HistoryFilm): void {
  const view = new OrderView(film.order, null);
  const other = (): void => {
    toggleTheme();
    view.recolour();
  };
  app.className = "history";
  const top = el(
    "header",
    { class: "top" },
    el("h1", {}, film.name),
    el("span", { class: "space" }),
    button("◐", "Light or dark", other, "D"),
  );
  app.replaceChildren(top, view.element);
}

// What clients saw of a service takes the place of the run's picture, and gives it back.
function orderTabs(
  film: RunFilm,
  stage: Stage,
  rest: readonly HTMLElement[],
): { tabs: HTMLElement | null; recolour: () => void } {
  if (film.orders.length === 0) return { tabs: null, recolour: () => undefined };
  const views = film.orders.map((order) => new OrderView(order, (line) => stage.go(line)));
  const names = ["the run", ...film.orders.map(({ title }) => title.replace(/^What clients saw of /, "order of "))];
  const buttons = names.map((name, at) =>
    button(name, at === 0 ? "The picture of the run" : `${name}: what its clients saw, and why no order is legal`, () =>
      show(at),
    ),
  );
  const show = (at: number): void => {
    for (const element of rest) element.hidden = at !== 0;
    views.forEach((view, place) => (view.element.hidden = place !== at - 1));
    buttons.forEach((each, place) => each.setAttribute("aria-pressed", String(place === at)));
  };
  app.append(...views.map(({ element }) => element));
  show(0);
  return {
    tabs: el("div", { class: "group tabs", role: "group", "aria-label": "Pictures" }, ...buttons),
    recolour: () => views.forEach((view) => view.recolour()),
  };
}

function showRun(film: RunFilm, trace: string): void {
  const run = new Run(film, trace);
  const stage = new Stage(run);
  // Those that the failure is about come first, so their colours differ.
  const keys = [...(stage.subject?.sessions ?? []), ...run.sessions.keys()];
  orderSessions([...new Set(keys)]);
  const timeline = new Timeline(stage);
  let recolour = (): void => undefined;
  const other = (): void => {
    toggleTheme();
    timeline.recolour();
    recolour();
  };
  const toolbar = new Toolbar(stage, timeline, () => other());
  app.className = "run";
  const rest = [timeline.element, new EventList(stage).element, new Inspector(stage).element];
  app.replaceChildren(header(film, trace, other), new Story(stage).element, toolbar.element, ...rest);
  const orders = orderTabs(film, stage, rest);
  if (orders.tabs !== null) toolbar.element.prepend(orders.tabs);
  recolour = orders.recolour;
  Object.assign(window, { viewer: { stage, timeline } });
}

function header({ name, run }: RunFilm, trace: string, other: () => void): HTMLElement {
  const replicas = run.partitions.reduce((sum, each) => sum + each.replicas.length, 0);
  const facts = [
    run.seed === null ? "no seed" : `seed ${run.seed}`,
    `scenario ${run.scenario}`,
    run.bug === null ? `machine ${run.machine}` : `a machine with the bug ${run.bug}`,
    `${replicas} ${replicas === 1 ? "replica" : "replicas"}${run.partitions.length === 1 ? "" : ` of ${run.partitions.length} partitions`}`,
    ...(run.played === "log" ? ["played as a log: entries only"] : []),
    `${run.tool} ${run.version}`,
  ];
  return el(
    "header",
    { class: "top" },
    el("h1", {}, name),
    el("p", { class: "facts" }, facts.join(" · ")),
    el("span", { class: "space" }),
    button("Save the trace", "Save the trace that this page holds, to play it again", () => save(name, trace)),
    button("◐", "Light or dark", other, "D"),
  );
}

function save(name: string, trace: string): void {
  const link = el("a", {
    href: URL.createObjectURL(new Blob([trace])),
    download: `${name.replace(/[^\w.-]+/g, "-")}.jsonl`,
  });
  link.click();
}

begin().catch((error: unknown) => {
  app.replaceChildren(
    el("p", { class: "failed", role: "alert" }, error instanceof Error ? error.message : String(error)),
  );
});
