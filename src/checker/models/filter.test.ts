// The judge's filter reader against the vectors of the specification.
import { expect, test } from "vitest";
import { readFilter } from "./filter.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const holds = (text: string, upTo: bigint): bigint[] => {
  const filter = readFilter(bytes(text));
  if (filter === null) throw new Error("INVALID");
  const held: bigint[] = [];
  for (let n = 1n; n <= upTo; n++) if (filter.has(n)) held.push(n);
  return held;
};

test("filter: the specification's vectors hold their numbers and the false positives it names", () => {
  expect(holds('{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}', 8n)).toEqual([1n, 8n]);
  expect(holds('{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAcA=="}', 7n)).toContain(7n);
  expect(holds('{"m":19,"k":5,"b":"AAAAAAAAABMAAAAAAAYgtQ=="}', 3n)).toEqual([1n, 2n, 3n]);
  expect(holds('{"m":32,"k":5,"b":"AAAAAAAAACAAAAAAyxk92Q=="}', 60n)).toEqual([5n, 7n, 9n, 12n, 13n, 23n, 51n]);
  expect(holds('{"m":63,"k":5,"b":"AAAAAAAAAD9Wo9Km_1XHSQ=="}', 10n)).toHaveLength(10);
  const far = readFilter(bytes('{"m":13,"k":5,"b":"AAAAAAAAAA0AAAAAAAAPdA=="}'));
  expect(far?.has(2n ** 40n)).toBe(true);
  expect(far?.has(2n ** 64n - 1n)).toBe(true);
});

test("filter: with nothing open nothing is in, whatever k", () => {
  expect(holds('{"m":1,"k":9223372036854775808,"b":"AAAAAAAAAAA="}', 100n)).toEqual([]);
  expect(holds('{"m":1,"k":1,"b":"AAAAAAAAAAA="}', 100n)).toEqual([]);
});

test("filter: what has another shape is INVALID", () => {
  const invalid = [
    "",
    "{}",
    "null",
    '{"m":1,"k":1}',
    '{"m":0,"k":3,"b":"AAAAAAAAAAA="}',
    '{"m":13,"k":65,"b":"AAAAAAAAAA0AAAAAAAAZFA=="}',
    '{"m":13,"k":5,"b":"AAAAAAAAAA0AAAAAAAAZ"}',
    '{"m":13,"k":5,"b":"AAAAAAAAAA0AAAAAAAAZFA="}',
    '{"m":13, "k":5,"b":"AAAAAAAAAA0AAAAAAAAZFA=="}',
    '{"k":5,"m":13,"b":"AAAAAAAAAA0AAAAAAAAZFA=="}',
    '{"m":99999999999999999999,"k":5,"b":"AAAAAAAAAA0AAAAAAAAZFA=="}',
  ];
  for (const text of invalid) expect(readFilter(bytes(text)), text).toBeNull();
});

test("filter: a filter larger than a double's remainder can hold agrees with the small one's rule", () => {
  // m = 2^22: every bit set, so every number is in.
  const words = 2 ** 22 / 64;
  const b = new Uint8Array(8 + words * 8).fill(255);
  new DataView(b.buffer).setBigUint64(0, 2n ** 22n);
  const text = `{"m":4194304,"k":5,"b":"${Buffer.from(b).toString("base64url")}`;
  const padding = "=".repeat((4 - (Math.ceil((b.length * 8) / 6) % 4)) % 4);
  expect(holds(`${text}${padding}"}`, 5n)).toEqual([1n, 2n, 3n, 4n, 5n]);
});
