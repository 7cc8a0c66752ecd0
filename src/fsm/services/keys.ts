// Strings in key order. SPEC 2.
import { compareKeys } from "../../base/key-order.js";

/** The same keys in the order of their UTF-8 bytes. */
export function inKeyOrder(keys: Iterable<string>): string[] {
  return [...keys].sort(compareKeys);
}
