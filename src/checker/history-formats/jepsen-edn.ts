// Jepsen's histories (history.edn): maps, one after the other or in one vector. The nemesis is no client and left out.
import { parseEDNString } from "edn-data";
import type { RecordedEvent } from "./recorded.js";
import { event, wrong } from "./recorded.js";

/** Reads a whole file. `fail` means, as in Jepsen, that the operation did not take effect. */
export function readJepsenEdn(text: string): RecordedEvent[] {
  const forms = parse(`[${text}\n]`);
  if (!Array.isArray(forms))
    throw wrong("the history", "not EDN: a bracket is open", "Is this another format? See --input.");
  const maps = forms.length === 1 && Array.isArray(forms[0]) ? (forms[0] as unknown[]) : (forms as unknown[]);
  const events: RecordedEvent[] = [];
  maps.forEach((form, i) => {
    const map = untagged(form);
    const place = `operation ${i}`;
    if (typeof map !== "object" || map === null || Array.isArray(map)) throw wrong(place, "not a map");
    const { type, process, f, key, value } = map as Record<string, unknown>;
    if (typeof process === "number") events.push(event(place, { type, process, f, key, value }));
  });
  return events;
}

function parse(text: string): unknown {
  try {
    return parseEDNString(text, { mapAs: "object", keywordAs: "string", listAs: "array", setAs: "array" });
  } catch (error) {
    throw wrong("the history", `not EDN: ${(error as Error).message}`, "Is this another format? See --input.");
  }
}

// Newer Jepsens print records: #jepsen.history.Op{…}.
function untagged(form: unknown): unknown {
  const isTagged = typeof form === "object" && form !== null && "tag" in form && "val" in form;
  return isTagged ? (form as { val: unknown }).val : form;
}
