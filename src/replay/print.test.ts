// A print has a column for each replica that there is, under its id, and marks the line that breaks a claim.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTrace, type Trace } from "../trace/file.js";
import type { EventLine } from "../trace/line.js";
import { printed } from "./print.js";

const path = new URL("../../traces/golden/locks-across-a-restore.jsonl", import.meta.url);
const trace: Trace = readTrace(readFileSync(path, "utf8"), "golden");
const all = Number.POSITIVE_INFINITY;

/** The trace as a shrunk one has it: what was replica 2 is replica 4. */
function renumbered(line: EventLine): EventLine {
  return "replica" in line && line.replica === 2 ? ({ ...line, replica: 4 } as EventLine) : line;
}

describe("a print", () => {
  const ids = new Set(trace.events.flatMap((line) => ("replica" in line && line.replica ? [line.replica] : [])));
  const small = { ...trace, events: trace.events.map(renumbered) };

  test("has the ids that there are above their columns, also where some are missing", () => {
    expect(ids).toEqual(new Set([1, 2, 3]));
    expect([...printed(trace, 2, null)][1]).toBe("replicas of partition 1        0123");
    const [, head = "", ...lines] = [...printed(small, all, null)];
    expect(head).toBe("replicas of partition 1        0134");
    const at = small.events.findIndex((line) => line.e === "apply" && line.replica === 4);
    expect(lines[at]?.slice(head.indexOf("0134"), head.indexOf("0134") + 4)).toBe(" ··a");
  });

  test("marks the line that breaks a claim, and says which, and marks no other", () => {
    const broken = {
      property: "lock/fifo",
      lines: [5, 17],
      says: "it is another's turn",
      entry: "",
      expected: "",
      got: "",
    };
    const lines = [...printed(trace, all, broken)];
    const marked = lines.filter((line) => line.startsWith(">"));
    expect(marked).toHaveLength(2);
    expect(marked[0]).toMatch(/^> +17 /);
    expect(marked[1]).toMatch(/^> +broken lock\/fifo: it is another's turn$/);
    expect(lines.indexOf(marked[1]!)).toBe(lines.indexOf(marked[0]!) + 1);
    expect([...printed(trace, all, null)].filter((line) => line.startsWith(">"))).toEqual([]);
    expect([...printed(trace, 16, broken)].filter((line) => line.startsWith(">"))).toEqual([]);
  });
});
