// The page of the trace format says what the code does, and a trace of format 1 is read for ever.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readPlan } from "../src/sim/plan.js";
import { linesOf, readTrace, writeTrace } from "../src/trace/file.js";
import { TRACE_FORMAT } from "../src/trace/line.js";
import { lineCodec } from "../src/trace/line-codec.js";

const root = new URL("../", import.meta.url);
const page = readFileSync(new URL("docs/reference/trace-format.md", root), "utf8");
const fixture = (format: number): URL => new URL(`testdata/traces/format-${format}.jsonl`, root);

/** What a reader says that a line may be. */
function kinds(): string[] {
  try {
    lineCodec.load({ e: "none of them" }, "x");
  } catch (error) {
    return /one of (.*)/.exec((error as Error).message)?.[1]?.split(", ") ?? [];
  }
  throw new Error("a line of no kind was read");
}

/** The fields that a line of a kind may have, from what a reader refuses. */
function takes(kind: string, field: string): boolean {
  try {
    lineCodec.load({ e: kind, [field]: null } as never, "x");
    return true;
  } catch (error) {
    return !(error as Error).message.includes("there is no such field");
  }
}

describe("docs/reference/trace-format.md", () => {
  const rows = page.split("\n").flatMap((line) => /^\| (`.*?) \| (.*) \|$/.exec(line)?.slice(1, 3) ?? []);
  const named = rows
    .filter((_, at) => at % 2 === 0)
    .map((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, one]) => one));

  test("is about the format of today, and has a row for every kind of line and no other", () => {
    expect(page).toContain(`# The trace format, version ${TRACE_FORMAT}`);
    expect(new Set(named.flat())).toEqual(new Set(kinds()));
    expect(named.flat()).toHaveLength(kinds().length);
  });

  test("names only fields that the lines have", () => {
    const fields = {
      header: ["format", "tool", "version", "seed", "scenario", "bug", "terms", "plan"],
      end: ["lines", "digest"],
    };
    for (const [kind, names] of Object.entries(fields)) {
      const says = rows[named.findIndex((row) => row.includes(kind)) * 2 + 1] ?? "";
      for (const name of names) {
        expect(says).toContain(`\`${name}\``);
        expect(takes(kind, name)).toBe(true);
      }
    }
    expect(takes("header", "nonsense")).toBe(false);
  });
});

describe.each(Array.from({ length: TRACE_FORMAT }, (_, at) => at + 1))("a trace of format %i", (format) => {
  const text = readFileSync(fixture(format), "utf8");

  test("is read, line by line, and its plan can be played", () => {
    const trace = readTrace(text, `format-${format}`);
    expect(trace.end).not.toBeNull();
    expect(linesOf(trace)).toHaveLength(text.trimEnd().split("\n").length);
    expect(readPlan(trace.header.plan).clients.length).toBeGreaterThan(0);
  });

  test("holds every kind of line that its format had", () => {
    const there = new Set(
      text
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { e: string }).e),
    );
    if (format === TRACE_FORMAT) expect([...there].sort()).toEqual(kinds().sort());
  });

  test("of today's format writes back to the same bytes", () => {
    if (format === TRACE_FORMAT) expect(writeTrace(readTrace(text, "x"))).toBe(text);
  });
});
