// Whether two machines said the same: plain data, field by field. A field that is undefined is as good as none, since other
// codecs leave it out. What a refusal says to a person (`message`) may be said better one day: whoever asks decides.
import { sameBytes } from "../protocol/wire.js";

/** Whether two values say the same. `ignore`: names of fields that may differ. */
export function sameData(one: unknown, other: unknown, ignore: readonly string[] = []): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (one instanceof Uint8Array) return other instanceof Uint8Array && sameBytes(one, other);
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((each, at) => sameData(each, other[at], ignore));
  }
  if (one instanceof Map) {
    if (!(other instanceof Map) || one.size !== other.size) return false;
    return [...one].every(([key, value]) => other.has(key) && sameData(value, other.get(key), ignore));
  }
  return sameFields(one as Fields, other as Fields, ignore);
}

type Fields = Readonly<Record<string, unknown>>;

function sameFields(one: Fields, other: Fields, ignore: readonly string[]): boolean {
  for (const name in one) {
    if (!ignore.includes(name) && !sameData(one[name], other[name], ignore)) return false;
  }
  for (const name in other) {
    if (one[name] === undefined && other[name] !== undefined && !ignore.includes(name)) return false;
  }
  return true;
}
