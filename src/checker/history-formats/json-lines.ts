// Histories as JSON Lines, an event a line: our own format, described in docs/reference/histories.md.
import type { RecordedEvent } from "./recorded.js";
import { event, Pairs, withoutMark, wrong } from "./recorded.js";

const FIELDS = new Set(["type", "process", "id", "f", "key", "value"]);

/** Reads a whole file. Empty lines do not count. */
export function readJsonLines(text: string): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  const pairs = new Pairs();
  withoutMark(text)
    .split("\n")
    .forEach((line, i) => {
      if (line.trim() === "") return;
      const place = `line ${i + 1}`;
      events.push(pairs.next(place, readLine(line, place)));
    });
  return events;
}

function readLine(line: string, place: string): RecordedEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    throw wrong(place, `not JSON: ${(error as Error).message}`, "Is this another format? See --input.");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw wrong(place, "not an object");
  for (const field of Object.keys(parsed)) {
    if (!FIELDS.has(field))
      throw wrong(place, `no event has a field ${field}`, `It may have ${[...FIELDS].join(", ")}.`);
  }
  const { type, process, id, f, key, value } = parsed as Record<string, unknown>;
  return event(place, { type, process, id, f, key, value });
}
