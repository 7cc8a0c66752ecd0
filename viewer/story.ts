// What went wrong, in words: the claim that is broken, what was expected and what came, and the lines that show it, each a button
// that goes there. Of a run in which all held: that.
import type { BrokenClaim } from "../src/view/film.js";
import { choice, el } from "./elements.js";
import type { Stage } from "./stage.js";

export class Story {
  readonly element = el("section", { class: "story", "aria-label": "Verdict" });
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
    stage.listen((change) => {
      if (change === "claim") this.#tell();
      if (change === "claim" || change === "cursor") this.#mark();
    });
    this.#tell();
    this.#mark();
  }

  #tell(): void {
    const { claim, run } = this.#stage;
    if (claim === null) {
      const held = run.film.verdict.properties.filter(({ verdict }) => verdict === "holds").length;
      this.element.replaceChildren(
        el("p", { class: "verdict good" }, "✓ Every property holds"),
        el(
          "p",
          {},
          `${held} properties were judged over ${run.lines.length.toLocaleString("en")} lines; none is broken.`,
        ),
      );
      return;
    }
    this.element.replaceChildren(
      el(
        "div",
        { class: "head" },
        el("p", { class: "verdict bad" }, `✗ ${claim.property} is broken`, this.#others()),
        el("p", { class: "claim" }, claim.claim),
        el("p", { class: "what" }, sentence(claim.says)),
        ...this.#beside(claim),
      ),
      el(
        "ol",
        { class: "witness", "aria-label": "Lines that show it" },
        ...claim.lines.map((line) => this.#line(line)),
      ),
    );
  }

  // In the words of the entry where there is one that was answered otherwise; else in those of the claim.
  #beside({ lines, expected, got, times }: BrokenClaim): HTMLElement[] {
    const { run } = this.#stage;
    const culprit = lines.at(-1) ?? 0;
    const entry = run.entry(run.tag(culprit)?.entry ?? -1);
    const given = entry?.given.find((each) => each.lines.includes(culprit) && !each.expected);
    const query = run.queries.get(culprit);
    const often = times > 1 ? el("p", { class: "label" }, `Broken ${times} times in this run.`) : null;
    const pair = (left: readonly string[], right: readonly string[]): HTMLElement[] => [
      el(
        "p",
        { class: "shapes" },
        el("span", { class: "label" }, "expected "),
        el("b", { class: "good" }, left.join("; ")),
      ),
      el(
        "p",
        { class: "shapes" },
        el("span", { class: "label" }, "came "),
        el("b", { class: "bad" }, right.join("; ")),
      ),
      ...(often === null ? [] : [often]),
    ];
    if (query !== undefined && !query.same) return pair([query.expected], [query.got]);
    const odd = entry?.odd.find(({ line }) => line === culprit);
    if (entry !== undefined && odd !== undefined && odd.rows.length > 0) {
      const rows = this.#stage.states.after(entry.partition, run.tag(culprit)?.entry ?? -1);
      const shown = odd.rows.slice(0, 2);
      const named = (row: string, text: string | null | undefined): string =>
        `${row.replace("\t", " ")}: ${text ?? "none"}`;
      return pair(
        shown.map(([row]) => named(row, rows.get(row))),
        shown.map(([row, text]) => named(row, text)),
      );
    }
    if (query?.isEarly === true)
      return pair([`an answer at entry ${query.least} or later`], [`one at entry ${query.index}`]);
    if (entry === undefined || given === undefined) return pair([expected], [got]);
    const mine = [entry.expected.reply, ...entry.expected.emissions];
    const theirs = [given.reply, ...given.emissions];
    const left = mine.filter((text) => !theirs.includes(text));
    const right = theirs.filter((text) => !mine.includes(text));
    return pair(left.length === 0 ? [expected] : left, right.length === 0 ? [got] : right);
  }

  #line(line: number): HTMLElement {
    const { run } = this.#stage;
    const instant = `+${(run.line(line).t / 1e6).toFixed(3)} s`;
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", "data-line": line, click: () => this.#stage.go(line) },
        el("span", { class: "instant" }, instant),
        el("span", {}, run.words(line)),
      ),
    );
  }

  #others(): HTMLElement | null {
    const { broken } = this.#stage.run.film.verdict;
    if (broken.length < 2) return null;
    const options = broken.map(({ property }, at) => [String(at), property] as const);
    const select = choice("Which broken property is shown", options, (at) => {
      const claim = broken[Number(at)];
      if (claim !== undefined) this.#stage.choose(claim);
    });
    select.value = String(broken.indexOf(this.#stage.claim ?? (broken[0] as BrokenClaim)));
    return el("label", { class: "others" }, `${broken.length} broken: `, select);
  }

  #mark(): void {
    for (const each of this.element.querySelectorAll("[data-line]")) {
      const is = each.getAttribute("data-line") === String(this.#stage.cursor);
      if (is) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  }
}

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
