// Two saved states that differ are shown by the field that does, not as two heaps of base64.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LogPlayer } from "../replay/as-log.js";
import { firstDifference } from "../trace/diff.js";
import { linesOf, readTrace } from "../trace/file.js";
import type { EventLine } from "../trace/line.js";
import { createMachine, referenceParts } from "../fsm/session-machine.js";
import { reference } from "../fsm/reference.js";
import { differenceInWords } from "./difference.js";

const path = new URL("../../traces/golden/locks-across-a-restore.jsonl", import.meta.url);
const trace = readTrace(readFileSync(path, "utf8"), "golden");
const names = { left: "recorded", right: "now" };

/** The trace, its saved states those of a machine that refreshes no session. */
function otherStates(): EventLine[] {
  const sessions = { ...referenceParts.sessions, refresh: () => undefined };
  const player = new LogPlayer({ ...reference, create: () => createMachine({ ...referenceParts, sessions }) });
  return trace.events.map((line) => {
    const now = player.play(line);
    return now?.e === "observe" || now?.e === "save" ? now : line;
  });
}

test("a saved state that differs is decoded, for fields and for whole lines", () => {
  const other = { ...trace, events: otherStates() };
  const difference = firstDifference(linesOf(trace), linesOf(other))!;
  expect(difference.field).toBe("bytes");
  const words = differenceInWords(difference, trace, other, names);
  expect(words).toMatch(/field bytes, in the state that they hold: sessions\[\d+\]\.lastUpdated/);
  expect(words).toMatch(/\n {2}recorded {2}"2000-01-01T00:00:[^"]*Z"\n {2}now {7}"2000-01-01T00:00:[^"]*Z"$/);
  const [left, right] = [linesOf(trace)[difference.line - 1], linesOf(other)[difference.line - 1]];
  const whole = differenceInWords({ line: difference.line, field: "", left, right }, trace, undefined, names);
  expect(whole).toMatch(/in the state that they hold: sessions\[\d+\]\.lastUpdated/);
});
