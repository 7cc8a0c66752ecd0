// The key-value histories of Porcupine's test data: an EDN map a line, with a key.
import { readJepsenEdn } from "./jepsen-edn.js";
import type { RecordedEvent } from "./recorded.js";
import { wrong } from "./recorded.js";

/** Reads a whole file. */
export function readPorcupineKv(text: string): RecordedEvent[] {
  const events = readJepsenEdn(text);
  events.forEach((one, i) => {
    if (one.type === "invoke" && one.input.key === undefined) throw wrong(`entry ${i}`, "it has no :key");
  });
  return events;
}
