// Jepsen's histories (history.edn): maps, one after the other or in one vector. The nemesis is no client and left out.
import { parseEDNString } from "edn-data";
import type { EventParts, RecordedEvent } from "./recorded.js";
import { event, Pairs, withoutMark, wrong } from "./recorded.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a whole file. `fail` means, as in Jepsen, that the operation did not take effect; a cas that is `ok` took place. Where
 * all values are [key value], as jepsen.independent writes them, the keys are told apart.
 */
export function readJepsenEdn(text: string): RecordedEvent[] {
  const forms = parse(`[${withoutMark(text)}\n]`);
  if (!Array.isArray(forms))
    throw wrong("the history", "not EDN: a bracket is open", "Is this another format? See --input.");
  const maps = forms.length === 1 && Array.isArray(forms[0]) ? (forms[0] as unknown[]) : (forms as unknown[]);
  const clients: { readonly place: string; readonly fields: Fields }[] = [];
  maps.forEach((form, i) => {
    const map = untagged(form);
    const place = `entry ${i}`;
    if (typeof map !== "object" || map === null || Array.isArray(map)) throw wrong(place, "not a map");
    const fields = map as Fields;
    if (typeof fields["process"] === "number") clients.push({ place, fields });
    else if (typeof fields["process"] !== "string") throw wrong(place, "it has no :process", "A number, or :nemesis.");
  });
  const keyed = isIndependent(clients.map(({ fields }) => fields));
  const pairs = new Pairs();
  return clients.map(({ place, fields }) => pairs.next(place, event(place, parts(place, fields, keyed))));
}

// A cas of [expected new] looks like a pair, too; so something else than a cas has to be there.
function isIndependent(entries: readonly Fields[]): boolean {
  const invokes = entries.filter(({ type }) => type === "invoke");
  return invokes.some(({ f }) => f !== "cas") && invokes.every(({ value }) => isPair(value));
}

function isPair(value: unknown): value is readonly [number | string, unknown] {
  return Array.isArray(value) && value.length === 2 && (typeof value[0] === "number" || typeof value[0] === "string");
}

function parts(place: string, fields: Fields, keyed: boolean): EventParts {
  const { type, process, f } = fields;
  let { key, value } = fields;
  if (keyed && isPair(value)) [key, value] = value;
  else if (keyed && (type === "invoke" || type === "ok"))
    throw wrong(place, "its :value is no [key value], as others are");
  if (type === "ok" && f === "cas" && typeof value !== "boolean") value = true;
  return { type, process, f, key, value };
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
