// The page in a real browser: it opens on what shows the failure, steps, filters, explains, fetches nothing, and stays fluid.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJsonLines } from "../src/checker/history-formats/json-lines.js";
import { judgeRecorded } from "../src/checker/history-formats/recorded-models.js";
import { loadTrace, readTrace } from "../src/trace/file.js";
import { historyFilm } from "../src/view/order-film.js";
import { pageWith, pictureOf } from "../src/view/page.js";
import { browserPath, Lab } from "./browser.js";
import { longTrace } from "./long-trace.laws.js";

const there = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const trace = loadTrace(there("../src/view/testdata/lock-lifo.jsonl"));
const path = browserPath();
// eslint-disable-next-line no-console
if (path === undefined) console.warn("The page is not tested: there is no Chromium (apt-get install chromium).");

const lineNow = async (page: Page): Promise<number> =>
  Number(/line (\d+)/.exec((await page.locator(".inspector .place").textContent()) ?? "")?.[1]);
const shown = async (page: Page): Promise<string[]> => page.locator(".events .row .words").allTextContents();

describe.skipIf(path === undefined)("the page of a run", () => {
  const lab = new Lab();
  let page: Page;
  beforeAll(async () => {
    page = await lab.open(pictureOf(trace, { name: "lock-lifo" }), "lock-lifo");
  }, 60_000);
  afterAll(() => lab.close());

  it("opens on the culprit, and says what was expected and what came", async () => {
    expect(await page.title()).toBe("lock-lifo – lock/fifo is broken");
    expect(await page.locator("#app > .story .verdict").textContent()).toContain("lock/fifo is broken");
    expect(await page.locator("#app > .story .shapes").allTextContents()).toEqual([
      "expected session 34 #1 (Acquire) gets output 1 OK, token 36, complete",
      "came session 3 #1 (Acquire) gets output 1 OK, token 37, complete",
    ]);
    expect(await lineNow(page)).toBe(290);
    expect(await page.locator(".row[aria-selected=true] .badge").textContent()).toBe("3");
    await lab.keep(page, "lock-lifo-light");
  });

  it("shows the models' state beside the machine's, and marks what differs", async () => {
    const row = page.locator(".state tr.differs", { hasText: "holder" });
    expect(await row.locator("td").allTextContents()).toEqual(["session 34, token 36", "session 3, token 37"]);
  });

  it("says of a command whether it runs or is answered from memory", async () => {
    await page.evaluate("window.viewer.stage.go(289)");
    expect(await page.locator(".inspector .note").allTextContents()).toContain("its number is new: the command runs");
    await page.evaluate("window.viewer.stage.go(290)");
  });

  it("explains every shape that it shows, and no other", async () => {
    const meanings = (await page.locator(".legend-row span").allTextContents()).map((text) =>
      text.replace(/^\S+ /, ""),
    );
    // A message is lost; nobody crashes, and nothing is saved: of that it says nothing.
    expect(meanings).toEqual([
      "message",
      "lost or dropped",
      "operation",
      "session opens, closes",
      "output received",
      "keep-alive",
      "entry",
      "tick, keep-alive",
      "answered otherwise",
      "leads",
      "query arrives",
      "query answered",
      "query answered otherwise",
      "who holds it",
      "as the machine has it",
      "time left to a session",
      "shows the failure",
    ]);
    await page.getByRole("searchbox").fill("acquire committed");
    const less = await page.locator(".legend-row").textContent();
    await page.getByRole("searchbox").fill("");
    await page.keyboard.press("Escape");
    expect(less).toContain("entry");
    expect(less).not.toContain("query");
  });

  it("cuts no label of the axis off", async () => {
    const outside = await page.evaluate(`(() => {
      const { left, right } = document.querySelector(".axis").getBoundingClientRect();
      const labels = [...document.querySelectorAll(".axis text")].map((each) => each.getBoundingClientRect());
      return [labels.length, labels.filter((box) => box.left < left || box.right > right + 1).length];
    })()`);
    expect((outside as number[])[0]).toBeGreaterThan(2);
    expect((outside as number[])[1]).toBe(0);
  });

  it("shows the index that a query carries, where it is asked and where it is answered", async () => {
    const asked = await lab.open(
      pictureOf(loadTrace(there("../src/view/testdata/query-ignores-index.jsonl"))),
      "asked",
    );
    expect(await asked.locator(".inspector .card").first().textContent()).toContain(
      "It carries index 30: it may see nothing older than entry 30, and was answered at entry 29.",
    );
    await asked.keyboard.press("ArrowLeft");
    expect(await asked.locator("#now").textContent()).toBe(
      "session 1 (c1.0) asks replica 3 for Get of map-1, with index 30, the last that it has seen.",
    );
    expect(await asked.locator(".inspector .card").first().textContent()).toContain("It carries index 30");
    await asked.close();
  });

  it("steps back and forward by keys and by buttons, and from witness to witness", async () => {
    await page.keyboard.press("ArrowLeft");
    expect(await lineNow(page)).toBe(289);
    await page.getByRole("button", { name: "Step forward" }).click();
    expect(await lineNow(page)).toBe(290);
    await page.keyboard.press("Shift+ArrowLeft");
    expect(await lineNow(page)).toBe(289);
    await page.keyboard.press("Shift+ArrowLeft");
    expect(await page.locator("#now").textContent()).toMatch(/^Entry 37 is committed/);
    await page.getByRole("button", { name: "Next line of the witness" }).click();
    await page.keyboard.press("w");
    await page.keyboard.press("w");
    expect(await lineNow(page)).toBe(272);
    await page.keyboard.press("End");
    expect(await lineNow(page)).toBe(376);
    await page.locator(".story [data-line='290']").click();
    expect(await lineNow(page)).toBe(290);
  });

  it("explains in words what is under the pointer", async () => {
    const place = await page.evaluate("window.viewer.timeline.whereIs(289)");
    const { x, y } = place as { x: number; y: number };
    await page.mouse.move(x, y);
    await page.waitForSelector(".tip:not([hidden])");
    expect(await page.locator(".tip:not([hidden])").textContent()).toContain(
      "Entry 38 is committed: Release(token 33) #2 on lock-1",
    );
    await page.mouse.click(x, y);
    expect(await lineNow(page)).toBe(289);
  });

  it("searches, and filters by session, service and fault", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("acquire committed");
    const found = await shown(page);
    expect(found.length).toBeGreaterThan(2);
    expect(found.every((words) => /Acquire/.test(words) && /committed/.test(words))).toBe(true);
    await page.getByRole("searchbox").fill("");
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Session" }).selectOption("1/31");
    expect((await shown(page)).filter((words) => !/c1\.1|session 31|open a session/.test(words))).toEqual([]);
    await page.getByRole("combobox", { name: "Session" }).selectOption("");
    await page.getByRole("combobox", { name: "Service" }).selectOption({ index: 1 });
    expect(await page.locator(".events .count").textContent()).toMatch(/ of 375$/);
    await page.getByRole("combobox", { name: "Service" }).selectOption("");
  });

  it("shows another broken property, and the order that its clients saw", async () => {
    await page
      .getByRole("combobox", { name: "Which broken property is shown" })
      .selectOption({ label: "lock/exclusive" });
    expect(await page.locator("#app > .story .verdict").textContent()).toContain("lock/exclusive");
    await page.getByRole("button", { name: /^order of lock-1/ }).click();
    expect(await page.locator(".order .what").textContent()).toBe("What clients saw of lock-1");
    expect(await page.locator(".order .why").first().textContent()).toContain("the lock is free");
    await lab.keep(page, "lock-lifo-order");
    await page.getByRole("button", { name: "The picture of the run" }).click();
  });

  it("gives every control a name, and every event a place in a list", async () => {
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("button, select, input, [role=listbox], [role=application]")]
        .filter((each) => each.checkVisibility())
        .filter(
          (each) =>
            !(each.getAttribute("aria-label") ?? each.closest("label")?.textContent ?? each.textContent)?.trim(),
        )
        .map((each) => each.outerHTML),
    );
    expect(nameless).toEqual([]);
    const rows = page.getByRole("listbox", { name: "Events" }).getByRole("option");
    expect(await rows.first().getAttribute("aria-setsize")).toMatch(/^\d+$/);
  });

  it("is dark where the system is, and light at a key", async () => {
    const dark = await lab.open(pictureOf(trace), "dark", "dark");
    expect(await dark.locator("html").getAttribute("data-theme")).toBe("dark");
    await lab.keep(dark, "lock-lifo-dark");
    await dark.keyboard.press("d");
    expect(await dark.locator("html").getAttribute("data-theme")).toBe("light");
    await dark.close();
  });

  // Whoever has only the page can say what went wrong: these are the words that it opens with.
  it.each([
    [
      "purge-forgets",
      "Session 1 was told CANCELED for good about this number, and it ran.",
      ["expected refused: CANCELED", "came output 1 NOT_FOUND"],
    ],
    [
      "keepalive-no-refresh",
      "Session 1 was refreshed last at +0.265600679 s, and is saved as refreshed at +0.001000079 s.",
      [
        "expected session 1 lives until: +1.265601 s (1 s after +0.265601 s)",
        "came session 1 lives until: +1.001 s (1 s after +0.001 s)",
      ],
    ],
    [
      "query-ignores-index",
      "A query that needs index 30 was answered at index 29.",
      ["expected an answer at entry 30 or later", "came one at entry 29"],
    ],
    [
      "client-acks-before-received",
      "Output 1 of command 1 was acknowledged, and 0 is the last one received.",
      ["expected what was received", "came more"],
    ],
  ])("says what went wrong with %s", async (bug, says, shapes) => {
    const told = await lab.open(pictureOf(loadTrace(there(`../src/view/testdata/${bug}.jsonl`)), { name: bug }), bug);
    expect(await told.locator("#app > .story .what").textContent()).toBe(says);
    expect(await told.locator("#app > .story .shapes").allTextContents()).toEqual(shapes);
    await lab.keep(told, bug);
    await told.close();
  });

  it("stays fluid over 50 000 lines", async () => {
    const text = longTrace(trace.header, 50_000);
    const long = readTrace(text, "long", { salvage: true });
    expect(long.events.length).toBeGreaterThan(49_990);
    const large = await lab.open(pictureOf(long), "long");
    expect(await large.locator(".verdict").textContent()).toContain("Every property holds");
    // Frames are drawn one after the other, all of it in view and closer and closer. Other work on the machine only adds: what
    // a quarter of the frames stay below is what drawing takes.
    const frames = (await large.evaluate(`(() => {
      const { timeline } = window.viewer;
      const taken = [];
      for (let at = 0; at < 30; at++) {
        if (at % 3 === 0) timeline.zoomBy(1.4); else timeline.pan(40);
        timeline.draw();
        taken.push(timeline.lastFrame);
      }
      return taken;
    })()`)) as number[];
    const taken = frames.toSorted((a, b) => a - b)[7] as number;
    expect(taken).toBeLessThan(40);
    await large.keyboard.press("End");
    expect(await lineNow(large)).toBeGreaterThan(49_990);
    await lab.keep(large, "long");
    await large.close();
  });

  it("draws a recorded history, its longest order, and why it breaks off", async () => {
    const history = readFileSync(there("../testdata/histories/generated/reg_c5_n1000_bad.jsonl"), "utf8");
    const judged = judgeRecorded("cas-register", readJsonLines(history));
    const order = await lab.open(pageWith(historyFilm(judged, "reg_c5_n1000_bad.jsonl"), null), "history");
    expect(await order.locator(".verdict").textContent()).toBe("✗ not linearizable");
    expect(await order.locator(".card", { hasText: "No order meets" }).textContent()).toContain("read 4");
    expect(await order.locator(".why").first().textContent()).toBe("the register holds 0");
    await lab.keep(order, "history");
    await order.close();
  });

  it("says so where it holds no trace", async () => {
    const empty = await lab.open(readFileSync(there("../dist/viewer/index.html"), "utf8"), "empty");
    expect(await empty.getByRole("alert").textContent()).toContain("holds no trace");
    await empty.close();
  });

  it("fetched nothing, and complained of nothing", () => {
    expect(lab.requests).toEqual([]);
    expect(lab.complaints).toEqual([]);
  });
});

describe("the page's colours", () => {
  const css = readFileSync(there("style.css"), "utf8");
  const [light = "", dark = ""] = [
    /:root \{([^}]*)\}/.exec(css)?.[1],
    /:root\[data-theme="dark"\] \{([^}]*)\}/.exec(css)?.[1],
  ];
  const colours = (block: string): Map<string, string> =>
    new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));

  it.each([
    ["light", light],
    ["dark", dark],
  ])("%s: words stand out from their ground by 4.5, lines and bars by 3", (_, block) => {
    const named = colours(block);
    const grounds = ["ground", "raised"].map((name) => named.get(name) ?? "");
    const poor: string[] = [];
    for (const [name, colour] of named) {
      const least = ["text", "faint", "good", "bad", "late"].includes(name) ? 4.5 : 3;
      if (/ground|raised|line|changed/.test(name)) continue;
      for (const ground of grounds) if (contrast(colour, ground) < least) poor.push(`${name} on ${ground}`);
    }
    expect(poor).toEqual([]);
  });
});

// The contrast of WCAG 2.
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
