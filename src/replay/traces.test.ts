// The traces that are kept: the golden ones answer as recorded, what was once found stays mended.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { plainContestant } from "../explore/contestant.js";
import { reference } from "../fsm/reference.js";
import { readTrace, writeTrace } from "../trace/file.js";
import { replayAsLog } from "./as-log.js";
import { judgementOf, replayAsWorld } from "./as-world.js";

function traces(kind: "golden" | "found"): string[] {
  const folder = fileURLToPath(new URL(`../../traces/${kind}/`, import.meta.url));
  return readdirSync(folder)
    .filter((file) => file.endsWith(".jsonl"))
    .map((file) => `${folder}${file}`);
}

describe("golden traces", () => {
  it("there are some", () => {
    expect(traces("golden").length).toBeGreaterThan(2);
  });

  it.each(traces("golden"))("%s: the machine answers as recorded, and nothing is broken", (path) => {
    const text = readFileSync(path, "utf8");
    const trace = readTrace(text, path);
    expect(writeTrace(trace)).toBe(text);
    const replayed = replayAsLog(trace, reference);
    expect(replayed.difference).toBeUndefined();
    expect(replayed.calls).toBeGreaterThan(100);
    expect(judgementOf(trace).first).toBeNull();
  });
});

it("what was once found in the machine stays mended", () => {
  const broken = traces("found").filter((path) => {
    const trace = readTrace(readFileSync(path, "utf8"), path);
    return replayAsWorld(trace, plainContestant(reference), "test").judgement.first !== null;
  });
  expect(broken).toEqual([]);
});
