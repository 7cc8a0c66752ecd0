// What there is to know at the cursor: the line in words, its entry with what the judge's models expect beside what came, what
// changed, the state after it, the faults at work, and the line as it stands in the trace.
import type { EntryFacts, OddState } from "../src/view/film.js";
import { el } from "./elements.js";
import type { Stage } from "./stage.js";
import { apply } from "./states.js";

export class Inspector {
  readonly element = el("aside", { class: "inspector", "aria-label": "At the cursor" });
  readonly #stage: Stage;
  #isWhole = false;

  constructor(stage: Stage) {
    this.#stage = stage;
    stage.listen((change) => {
      if (change === "cursor" || change === "claim") this.#show();
    });
    this.#show();
  }

  #show(): void {
    const { run, cursor } = this.#stage;
    const line = run.line(cursor);
    const place = run.tag(cursor)?.entry ?? -1;
    const entry = run.entry(place);
    const open = this.element.querySelector("details.raw")?.hasAttribute("open") === true;
    this.element.replaceChildren(
      el(
        "header",
        {},
        el(
          "p",
          { class: "place" },
          `line ${cursor} of ${run.lines.length}`,
          el("span", {}, `+${(line.t / 1e6).toFixed(6)} s`),
        ),
        el("p", { class: "words", "aria-live": "polite", id: "now" }, run.words(cursor)),
      ),
      ...this.#query(),
      ...(entry === undefined ? [] : this.#entry(entry, place)),
      ...this.#faults(line.t),
      el(
        "details",
        { class: "raw", open },
        el("summary", {}, "The line as it stands in the trace"),
        el("pre", {}, pretty(run.texts[cursor - 1] ?? "")),
      ),
    );
    this.element.scrollTop = 0;
  }

  #query(): HTMLElement[] {
    const query = this.#stage.run.queries.get(this.#stage.cursor);
    if (query === undefined) return [];
    const { words, index, least, isEarly, expected, got, same } = query;
    const carries =
      least === "0"
        ? "It carries no index: its session has seen nothing yet."
        : `It carries index ${least}: it may see nothing older than entry ${least}${isEarly ? `, and was answered at entry ${index}` : ""}.`;
    return [
      el(
        "section",
        { class: "card" },
        el("h3", {}, `${words}, at entry ${index}`),
        isEarly ? el("p", { class: "bad" }, el("b", {}, carries)) : el("p", { class: "note" }, carries),
        beside([[`the models' state at entry ${index} says`, [expected]]], [["the machine answered", [got], same]]),
      ),
    ];
  }

  #entry(entry: EntryFacts, place: number): HTMLElement[] {
    const { expected, given, notes } = entry;
    const said = given.map(
      (each) => [whoSays(each.replicas), [each.reply, ...each.emissions], each.expected, each.lines] as const,
    );
    const shadow = entry.odd.find((odd) => odd.replica === 0) ?? entry.odd[0];
    return [
      el(
        "section",
        { class: "card" },
        el("h3", {}, `Entry ${entry.partition}:${entry.index}`),
        el("p", {}, entry.words),
        ...notes.map((note) => el("p", { class: "note" }, note)),
        beside(
          [["the judge expects", [expected.reply, ...expected.emissions]]],
          said.length === 0 ? [["nobody has applied it", [], true]] : said,
        ),
      ),
      ...this.#history(entry),
      this.#changes(entry, place, shadow),
      this.#state(entry, place, shadow),
    ];
  }

  // The same number of the same session, whenever it was committed.
  #history({ partition, session, command }: EntryFacts): HTMLElement[] {
    if (session === undefined || command === undefined) return [];
    const { run, cursor } = this.#stage;
    const same = run.film.entries.filter(
      (each) => each.partition === partition && each.session === session && each.command === command,
    );
    if (same.length < 2) return [];
    const items = same.slice(0, 12).map((each) => {
      const [given] = each.given;
      const said = given === undefined ? "not applied" : given.reply;
      const must = each.must === undefined ? "" : `, must ${each.must}`;
      const text = `+${(run.line(each.line).t / 1e6).toFixed(3)} s · entry ${each.index}${must}: ${said}`;
      const go = (): void => this.#stage.go(each.line);
      const isHere = run.tag(cursor)?.entry === run.tag(each.line)?.entry;
      return el("li", {}, el("button", { type: "button", click: go, "aria-current": isHere }, text));
    });
    return [
      el(
        "section",
        { class: "card" },
        el("h3", {}, `Every time that #${command} of session ${session} was committed`),
        el("ul", { class: "operations" }, ...items),
      ),
    ];
  }

  #changes(entry: EntryFacts, place: number, odd: OddState | undefined): HTMLElement {
    const places = this.#stage.run.entriesOf.get(entry.partition) ?? [];
    const before = places[places.indexOf(place) - 1];
    const rows = before === undefined ? new Map<string, string>() : this.#stage.states.after(entry.partition, before);
    const changed = entry.changed.filter(([row]) => row !== "log time\t");
    const items = changed.map(([row, text]) =>
      el(
        "li",
        {},
        el("b", {}, named(row)),
        " ",
        rows.has(row) ? el("del", {}, rows.get(row) ?? "") : null,
        rows.has(row) ? " → " : null,
        text === null ? el("em", {}, "gone") : el("ins", {}, text),
      ),
    );
    const says = odd === undefined ? [] : odd.says;
    return el(
      "section",
      { class: "card" },
      el("h3", {}, "What changes, by the models"),
      items.length === 0 ? el("p", { class: "none" }, "nothing but time") : el("ul", { class: "changes" }, ...items),
      says.length === 0
        ? null
        : el(
            "h3",
            { class: "bad" },
            `The state of ${odd?.replica === 0 ? "the machine" : `replica ${odd?.replica}`} differs`,
          ),
      says.length === 0 ? null : el("ul", { class: "differs" }, ...says.slice(0, 12).map((text) => el("li", {}, text))),
    );
  }

  #state(entry: EntryFacts, place: number, odd: OddState | undefined): HTMLElement {
    const mine = this.#stage.states.after(entry.partition, place);
    const theirs = new Map(mine);
    apply(theirs, odd?.rows ?? []);
    const changed = new Set(entry.changed.map(([row]) => row).filter((row) => row !== "log time\t"));
    const differs = new Set((odd?.rows ?? []).map(([row]) => row));
    const about = this.#about(entry, changed, differs);
    const names = [...new Set([...mine.keys(), ...theirs.keys()])].filter((row) => this.#isWhole || about(row));
    const looked = entry.odd.length > 0 || entry.agreed.length > 0;
    const body: HTMLElement[] = [];
    let group = "";
    for (const row of names) {
      const [owner = "", field = ""] = row.split("\t");
      if (owner !== group)
        body.push(el("tr", { class: "group" }, el("th", { colspan: 3, scope: "rowgroup" }, (group = owner))));
      const isOther = differs.has(row);
      body.push(
        el(
          "tr",
          { class: `${isOther ? "differs" : ""}${changed.has(row) ? " changed" : ""}` },
          el("th", { scope: "row" }, field === "" ? "at" : field),
          el("td", {}, mine.get(row) ?? "–"),
          el("td", {}, isOther ? (theirs.get(row) ?? "–") : looked ? "=" : ""),
        ),
      );
    }
    const toggle = el("input", { type: "checkbox", change: () => this.#toggle(toggle.checked) });
    toggle.checked = this.#isWhole;
    return el(
      "section",
      { class: "card" },
      el("h3", {}, `State after entry ${entry.partition}:${entry.index}`),
      el("label", { class: "toggle" }, toggle, "all of it"),
      el(
        "table",
        { class: "state" },
        el(
          "thead",
          {},
          el("tr", {}, el("th", {}, ""), el("th", { scope: "col" }, "models"), el("th", { scope: "col" }, "machine")),
        ),
        el("tbody", {}, ...body),
      ),
      looked ? null : el("p", { class: "none" }, "Nobody's state was looked at after this entry."),
    );
  }

  // What is shown of a state that may be large: what the entry is about, what changed, what differs.
  #about(entry: EntryFacts, changed: ReadonlySet<string>, differs: ReadonlySet<string>): (row: string) => boolean {
    const { run } = this.#stage;
    const owners = new Set<string>();
    if (entry.session !== undefined) owners.add(`session ${entry.session}`);
    const service = run.services.get(`${entry.partition}/${entry.service ?? ""}`);
    if (service !== undefined) owners.add(service.name);
    return (row) => changed.has(row) || differs.has(row) || owners.has(row.split("\t")[0] ?? "");
  }

  #toggle(isWhole: boolean): void {
    this.#isWhole = isWhole;
    const { scrollTop } = this.element;
    this.#show();
    this.element.scrollTop = scrollTop;
  }

  #faults(t: number): HTMLElement[] {
    const { run } = this.#stage;
    const open = new Map<string, string>();
    for (const line of run.lines) {
      if (line.t > t) break;
      if (line.e !== "fault") continue;
      const id = (line.what ?? "").split(" ")[0] ?? "";
      if (line.change === "start")
        open.set(`${line.fault}/${id}`, (line.what ?? "").replace(`${line.fault}.`, `${line.fault} `));
      else open.delete(`${line.fault}/${id}`);
    }
    if (open.size === 0) return [];
    return [
      el(
        "section",
        { class: "card" },
        el("h3", {}, "Faults at work"),
        el("ul", { class: "faults" }, ...[...open.values()].map((text) => el("li", {}, text))),
      ),
    ];
  }
}

const named = (row: string): string => row.replace("\t", " · ").replace(/ · $/, "");

const whoSays = (replicas: readonly number[]): string => {
  const real = replicas.filter((replica) => replica !== 0).sort((a, b) => a - b);
  const names = real.length === 0 ? [] : [`replica ${real.join(", ")}`];
  if (replicas.includes(0)) names.push(real.length === 0 ? "the shadow replica" : "the shadow");
  return `${names.join(" and ")} answered`;
};

type Said = readonly [who: string, texts: readonly string[], expected?: boolean, lines?: readonly number[]];

function beside(left: readonly Said[], right: readonly Said[]): HTMLElement {
  const wanted = new Set(left.flatMap(([, texts]) => texts));
  const column = (said: readonly Said[], isRight: boolean): HTMLElement =>
    el(
      "div",
      {},
      ...said.flatMap(([who, texts, expected = true]) => [
        el(
          "h4",
          {},
          who,
          isRight && texts.length > 0
            ? el("span", { class: expected ? "good" : "bad" }, expected ? " ✓ as expected" : " ✗ otherwise")
            : null,
        ),
        el(
          "ul",
          {},
          ...texts.map((text) => el("li", { class: isRight && !expected && !wanted.has(text) ? "bad" : "" }, text)),
        ),
      ]),
    );
  const given = new Set(right.flatMap(([, texts]) => texts));
  const missing = right.some(([, , expected]) => expected === false)
    ? left.flatMap(([, texts]) => texts.filter((text) => !given.has(text)))
    : [];
  const leftColumn = column(left, false);
  for (const item of leftColumn.querySelectorAll("li"))
    if (missing.includes(item.textContent ?? "")) item.classList.add("missing");
  return el("div", { class: "beside" }, leftColumn, column(right, true));
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}
