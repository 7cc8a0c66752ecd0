// The default key of a state or an operation: its whole structure as a string, equal for equal structures.

/** Numbers keep their sign of zero and NaN out (0 and -0 are one key), objects are by sorted field, bytes by their values. */
export function canonicalKey(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : structure(value);
    case "function":
    case "symbol":
      throw new TypeError(`a ${typeof value} has no canonical key`);
    default:
      return String(value);
  }
}

function structure(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalKey).join(",")}]`;
  if (value instanceof Map) return `map{${[...value].map(pair).toSorted().join(",")}}`;
  if (value instanceof Set) return `set{${[...value].map(canonicalKey).toSorted().join(",")}}`;
  if (value instanceof Uint8Array) return `bytes(${value.join(",")})`;
  return `{${Object.entries(value).map(pair).toSorted().join(",")}}`;
}

function pair([key, value]: readonly [unknown, unknown]): string {
  return `${canonicalKey(key)}:${canonicalKey(value)}`;
}
