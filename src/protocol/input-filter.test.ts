// SPEC 2.6: the filter byte for byte, its poisons, and its hash against a library's.
import fc from "fast-check";
import murmur from "murmurhash3js-revisited";
import { describe, expect, test } from "vitest";
import { encodeBase64 } from "./base64.js";
import { decodeInputFilter, encodeInputFilter, hashNumber } from "./input-filter.js";

const MOST = 2n ** 64n - 1n;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (filter: string): Uint8Array => new TextEncoder().encode(filter);

/** The field b: so many bits, in so many words, of which the last one is `last`. */
function words(length: bigint, count: number, last = 0n): string {
  const b = new Uint8Array(8 + 8 * count);
  const view = new DataView(b.buffer);
  view.setBigUint64(0, length);
  if (count > 0) view.setBigUint64(8 * count, last);
  return encodeBase64(b, "url");
}

describe("2.6 vectors", () => {
  const vectors: [bigint[], string][] = [
    [[], '{"m":1,"k":9223372036854775808,"b":"AAAAAAAAAAA="}'],
    [[1n], '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    [[7n], '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAcA=="}'],
    [[1n, 2n, 3n], '{"m":19,"k":5,"b":"AAAAAAAAABMAAAAAAAYgtQ=="}'],
    [[5n, 9n, 12n, 13n, 100n], '{"m":32,"k":5,"b":"AAAAAAAAACAAAAAAyxk92Q=="}'],
    [[1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n], '{"m":63,"k":5,"b":"AAAAAAAAAD9Wo9Km_1XHSQ=="}'],
    [[2n ** 40n, MOST], '{"m":13,"k":5,"b":"AAAAAAAAAA0AAAAAAAAPdA=="}'],
  ];

  test.each(vectors)("2.6: %s is encoded byte for byte", (numbers, filter) => {
    expect(text(encodeInputFilter(numbers))).toBe(filter);
  });

  test.each(vectors)("2.6: %s is decoded to a filter that holds them", (numbers, filter) => {
    const decoded = decodeInputFilter(bytes(filter));
    expect(numbers.every((number) => decoded?.has(number))).toBe(true);
  });

  test("2.6: false positives are those of the Go library", () => {
    const positives = (filter: string, to: number): number[] =>
      Array.from({ length: to }, (_, at) => at + 1).filter((number) =>
        decodeInputFilter(bytes(filter))?.has(BigInt(number)),
      );
    expect(positives('{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}', 8)).toEqual([1, 8]);
    expect(positives('{"m":32,"k":5,"b":"AAAAAAAAACAAAAAAyxk92Q=="}', 60)).toEqual([5, 7, 9, 12, 13, 23, 51]);
  });

  test("2.6: bits beyond the length are not set, whatever stands in the word", () => {
    // The first location of a number is its first hash mod m; with k of 1 it is the only one.
    const first = (number: bigint): bigint => {
      const [high, low] = hashNumber(number);
      return ((BigInt(high ?? 0) << 32n) | BigInt(low ?? 0)) % 64n;
    };
    const filter = decodeInputFilter(bytes(`{"m":64,"k":1,"b":"${words(7n, 1, MOST)}"}`));
    const numbers = Array.from({ length: 500 }, (_, at) => BigInt(at));
    expect(numbers.filter((number) => filter?.has(number))).toEqual(numbers.filter((number) => first(number) < 7n));
    expect(new Set(numbers.map(first)).size).toBe(64);
  });

  test("2.6: with no bit set nothing is in, whatever k", () => {
    for (const k of ["9223372036854775808", "1", "18446744073709551615"]) {
      const filter = decodeInputFilter(bytes(`{"m":1,"k":${k},"b":"AAAAAAAAAAA="}`));
      const asked = [0n, 1n, 5n, MOST].flatMap((one) => [filter?.has(one), filter?.hasWords(hashNumber(one))]);
      expect(asked.every((answer) => answer === false)).toBe(true);
    }
  });

  test("2.6: nor where there is a word of bits, and none of them set", () => {
    const filter = decodeInputFilter(bytes('{"m":7,"k":9223372036854775808,"b":"AAAAAAAAAAcAAAAAAAAAAA=="}'));
    expect([1n, 5n, MOST].map((number) => filter?.has(number))).toEqual([false, false, false]);
  });

  test("2.6: whoever changes the bytes of a filter that holds nothing changes no other", () => {
    encodeInputFilter([]).fill(0);
    expect(text(encodeInputFilter([]))).toBe('{"m":1,"k":9223372036854775808,"b":"AAAAAAAAAAA="}');
  });

  test("2.6: a location beyond the length is not set, though m would allow it", () => {
    // The bits of {1}, but m says 8: locations of 1 move, and those past the seven bits are not set.
    expect(decodeInputFilter(bytes('{"m":18446744073709551615,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'))?.has(1n)).toBe(
      false,
    );
  });
});

describe("2.6 refused", () => {
  test.each([
    ["nothing", ""],
    ["an empty object", "{}"],
    ["null", "null"],
    ["a filter without b", '{"m":1,"k":1}'],
    ["another end", '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="]'],
    ["another beginning", '{7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["no m at all", '{"m":,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["no k at all", '{"m":7,"k":,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["m of 0", '{"m":0,"k":3,"b":"AAAAAAAAAAA="}'],
    ["k of 0", '{"m":1,"k":0,"b":"AAAAAAAAAAA="}'],
    ["an empty b", '{"m":1,"k":1,"b":""}'],
    ["a b of seven bytes", '{"m":1,"k":1,"b":"AAAAAAAAAA=="}'],
    ["a length without its word", `{"m":7,"k":5,"b":"${words(7n, 0)}"}`],
    ["one word too many", `{"m":64,"k":5,"b":"${words(64n, 2)}"}`],
    ["one word too few", `{"m":65,"k":5,"b":"${words(65n, 1)}"}`],
    ["a length of 2^64-1", `{"m":65,"k":5,"b":"${words(MOST, 1)}"}`],
    ["k above 64 with a bit set", `{"m":7,"k":65,"b":"${words(7n, 1, 1n)}"}`],
    ["k of 2^64-1 with a bit set", `{"m":7,"k":18446744073709551615,"b":"${words(7n, 1, 1n)}"}`],
    ["m above uint64", `{"m":18446744073709551616,"k":5,"b":"${words(7n, 1)}"}`],
    ["k above uint64", `{"m":7,"k":18446744073709551616,"b":"${words(7n, 1)}"}`],
    ["a space", '{"m": 7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["another order", '{"k":5,"m":7,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["one key more", '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ==","c":1}'],
    ["a newline after it", '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}\n'],
    ["a leading zero", '{"m":07,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["a letter in m", '{"m":7a,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["a letter in k", '{"m":7,"k":5a,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["the sign behind 9 in m", '{"m":7:,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["a fraction", '{"m":7.0,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["a negative m", '{"m":-7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}'],
    ["no padding", '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ"}'],
    ["padding in the middle", '{"m":7,"k":5,"b":"AAAA==AAAAAAAAcAAAAAAAAAFQ"}'],
    ["the other alphabet", '{"m":63,"k":5,"b":"AAAAAAAAAD9Wo9Km/1XHSQ=="}'],
    ["bits that the padding cuts off", '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFR=="}'],
  ])("2.6: %s is INVALID", (_, filter) => {
    expect(decodeInputFilter(bytes(filter))).toBeUndefined();
  });

  test("2.6: a number of as many digits as a call has no room for is INVALID, and no more than that", () => {
    const digits = "1".repeat(300_000);
    expect(decodeInputFilter(bytes(`{"m":${digits},"k":5,"b":"${words(7n, 1, 1n)}"}`))).toBeUndefined();
    expect(decodeInputFilter(bytes(`{"m":7,"k":${digits},"b":"${words(7n, 1, 1n)}"}`))).toBeUndefined();
  });

  test("2.6: k of 64 with bits set is not", () => {
    expect(decodeInputFilter(bytes(`{"m":7,"k":64,"b":"${words(7n, 1, 127n)}"}`))?.has(1n)).toBe(true);
  });

  test("2.6: bytes that are no UTF-8, and a megabyte of anything, are refused at once", () => {
    expect(decodeInputFilter(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
    const before = process.cpuUsage();
    expect(decodeInputFilter(new Uint8Array(1 << 20).fill(0x41))).toBeUndefined();
    expect(decodeInputFilter(bytes(`{"m":7,"k":5,"b":"${"A".repeat(1 << 20)}"}`))).toBeUndefined();
    // Of the processor: what else runs beside it does not count.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});

describe("2.6 hash", () => {
  const library = (one: bigint): string => {
    const key = new Uint8Array(9);
    new DataView(key.buffer).setBigUint64(0, one);
    key[8] = 1;
    return murmur.x64.hash128([...key.subarray(0, 8)]) + murmur.x64.hash128([...key]);
  };
  const number = fc.oneof(fc.bigInt({ min: 0n, max: MOST }), fc.bigInt({ min: 0n, max: 10_000n }), fc.constant(MOST));
  const hex = (words: Uint32Array): string => Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");

  test("2.6: the four words are MurmurHash3 x64 128 of the number's bytes, and of those with 0x01, as a library has it", () => {
    fc.assert(
      fc.property(number, (one) => {
        expect(hex(hashNumber(one))).toBe(library(one));
      }),
      { numRuns: 500 },
    );
  });

  // Found by search: the low halves of the sums h1 + h2, h2 + h1, and the same two behind the mixing, are 2^32 - 1.
  test.each([11535759716564722825n, 16972920972040120757n, 1718567510n, 4311106595n])(
    "2.6: in the hash of %s a sum of low halves fills them to the last bit, and nothing is carried",
    (one) => {
      expect(hex(hashNumber(one))).toBe(library(one));
    },
  );

  test("2.6: a number is hashed to the same words the second time", () => {
    for (const one of [0n, 1n, 255n, 256n, MOST]) {
      const first = hex(hashNumber(one));
      hashNumber((one + 1n) & MOST);
      expect(hex(hashNumber(one))).toBe(first);
    }
    expect(hex(hashNumber(255n))).not.toBe(hex(hashNumber(256n)));
  });

  test("2.6: what is put in is in, whatever else was, and however large the filter was made", () => {
    fc.assert(
      fc.property(fc.uniqueArray(number, { maxLength: 60 }), fc.nat(200), (open, sizedFor) => {
        const filter = decodeInputFilter(encodeInputFilter(open, sizedFor));
        expect(open.every((one) => filter?.has(one))).toBe(true);
      }),
    );
  });

  test("2.6: the small and the large way to a location agree", () => {
    // m up to 65535, up to 2^21, and beyond go three ways; checked by arithmetic in bigints. At 2^24 doubles would be inexact.
    const h = (one: bigint): bigint[] => {
      const words = hashNumber(one);
      return [0, 1, 2, 3].map((at) => (BigInt(words[2 * at] ?? 0) << 32n) | BigInt(words[2 * at + 1] ?? 0));
    };
    const location = (one: bigint, i: number, m: bigint): bigint => {
      const words = h(one);
      const sum = (words[i % 2] ?? 0n) + BigInt(i) * (words[2 + ((i + (i % 2)) % 4) / 2] ?? 0n);
      return BigInt.asUintN(64, sum) % m;
    };
    for (const m of [65_521n, 65_537n, 100_003n, 2_097_143n, 2_097_152n, 2_097_153n, 16_777_259n]) {
      for (const one of [1n, 77n, MOST]) {
        const b = new Uint8Array(8 + 8 * Math.ceil(Number(m) / 64));
        new DataView(b.buffer).setBigUint64(0, m);
        for (let i = 0; i < 5; i++) {
          const bit = Number(location(one, i, m));
          const at = 8 + 8 * Math.floor(bit / 64) + 7 - Math.floor((bit % 64) / 8);
          b[at] = (b[at] ?? 0) | (1 << (bit % 8));
        }
        const filter = decodeInputFilter(bytes(`{"m":${m},"k":5,"b":"${encodeBase64(b, "url")}"}`));
        expect(filter?.has(one)).toBe(true);
        expect(filter?.has(one ^ 5n)).toBe(false);
      }
    }
  });
});
