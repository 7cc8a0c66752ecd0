// The digest tells runs apart by what their lines say, and by nothing else.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Digest, digestOf } from "./digest.js";
import { wholeLine } from "./digest-lines.js";
import { record, resume, stateA, stateB } from "./digest-walk.js";
import { loadTrace } from "./file.js";

/** Values as lines hold them. */
const { line } = fc.letrec<{ value: unknown; line: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.string(),
    fc.boolean(),
    fc.uint8Array({ maxLength: 12 }),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("line"),
  ),
  line: fc.dictionary(fc.string({ maxLength: 5 }), tie("value"), { maxKeys: 5, noNullPrototype: true }),
}));

/** The same content in new objects, with every record's fields in the opposite order and undefined fields strewn in. */
function rebuilt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rebuilt);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).reverse();
  return Object.fromEntries([["", undefined], ...fields.map(([key, held]) => [key, rebuilt(held)])]);
}

describe("digest", () => {
  it("is the same for the same content in other objects, in another order of fields, with fields that are undefined", () => {
    fc.assert(
      fc.property(line, (one) => {
        fc.pre(!("" in one));
        expect(digestOf([rebuilt(one) as object])).toBe(digestOf([one]));
      }),
    );
  });

  it("changes with the order of the lines", () => {
    expect(digestOf([{ e: "a" }, { e: "b" }])).not.toBe(digestOf([{ e: "b" }, { e: "a" }]));
  });

  it.each([
    [1, 1n],
    [1, "1"],
    [1, [1]],
    [0, false],
    [null, 0],
    ["", []],
    [[], {}],
    [{}, new Map()],
    [1, 1.5],
    [1, 2 ** 32 + 1],
    [2 ** 32, 2 ** 33],
    [2n ** 63n, 2n ** 63n + 1n],
    [2n ** 32n, 1n],
    ["ab", "ba"],
    ["a\u0000", "a"],
    [new Uint8Array([0]), new Uint8Array([0, 0])],
    [new Uint8Array([1, 2, 3, 4, 5]), new Uint8Array([1, 2, 3, 5, 4])],
    [new Map([[1n, 2n]]), new Map([[2n, 1n]])],
    [
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
    [
      [1, [2]],
      [[1], 2],
    ],
  ])("tells unlike values apart (%#)", (one, other) => {
    expect(digestOf([{ x: one }])).not.toBe(digestOf([{ x: other }]));
  });

  it("tells apart whatever a machine may answer", () => {
    const output = (payload: number, status = 1, sequenceNum = 1n, message = ""): unknown => ({
      sequenceNum,
      operation: { status, payload: new Uint8Array([payload]), message },
    });
    const command = (value: unknown, index = 9n): unknown => ({
      index,
      output: { $case: "sessionCommand", value: { output: { $case: "serviceCommand", value } } },
    });
    const answer = (outputs: unknown[], complete = true): unknown => ({ kind: "answer", outputs, complete });
    const emission = { sessionId: 3n, commandNum: 4n, output: output(1), complete: true };
    const all = [
      { reply: { kind: "failure", status: 3, message: "a" }, emissions: [] },
      { reply: { kind: "failure", status: 4, message: "a" }, emissions: [] },
      { reply: { kind: "failure", status: 3, message: "b" }, emissions: [] },
      { reply: answer([]), emissions: [] },
      { reply: answer([], false), emissions: [] },
      { reply: answer([{ index: 9n, output: undefined }]), emissions: [] },
      { reply: answer([{ index: 9n, output: { $case: "keepAlive", value: {} } }]), emissions: [] },
      { reply: answer([{ index: 9n, output: { $case: "closeSession", value: {} } }]), emissions: [] },
      {
        reply: answer([{ index: 9n, output: { $case: "sessionCommand", value: { output: undefined } } }]),
        emissions: [],
      },
      { reply: answer([command({ sequenceNum: 1n, operation: undefined })]), emissions: [] },
      ...[output(1), output(2), output(1, 2), output(1, 1, 2n), output(1, 1, 1n, "m")].map((one) => ({
        reply: answer([command(one)]),
        emissions: [],
      })),
      { reply: answer([command(output(1), 10n)]), emissions: [] },
      { reply: answer([command(output(1)), command(output(1))]), emissions: [] },
      { reply: answer([]), emissions: [emission] },
      { reply: answer([]), emissions: [{ ...emission, complete: false }] },
      { reply: answer([]), emissions: [{ ...emission, sessionId: 4n, commandNum: 3n }] },
      { reply: answer([]), emissions: [{ ...emission, output: output(2) }] },
    ];
    expect(new Set(all.map((applied) => digestOf([{ applied }]))).size).toBe(all.length);
  });

  it("a line walked field by field comes to what a walk of any value comes to", () => {
    const golden = new URL("../../traces/golden/", import.meta.url);
    const kinds = new Set<string>();
    const walkedBy = (walk: (line: object) => void, line: object): [number, number] => {
      resume(1, 2);
      walk(line);
      return [stateA(), stateB()];
    };
    for (const name of readdirSync(golden).filter((each) => each.endsWith(".jsonl"))) {
      for (const each of loadTrace(fileURLToPath(new URL(name, golden))).events) {
        kinds.add(each.e);
        const walked = walkedBy(wholeLine, each);
        const fields = each as unknown as Record<string, unknown>;
        expect(walked, JSON.stringify(each.e)).toEqual(walkedBy(() => record(fields), each));
      }
    }
    for (const kind of ["send", "deliver", "apply", "commit", "query", "answer", "keep-alive"]) {
      expect(kinds).toContain(kind);
    }
  });

  it("a map's order counts for nothing", () => {
    const forth = new Map([
      [1n, "x"],
      [2n, "y"],
    ]);
    const back = new Map([
      [2n, "y"],
      [1n, "x"],
    ]);
    expect(digestOf([{ m: forth }])).toBe(digestOf([{ m: back }]));
  });

  it("two runs that go on at once do not disturb each other", () => {
    const lines = [{ e: "a", n: 1n }, { e: "b" }, { e: "c", s: "text" }];
    const one = new Digest();
    const other = new Digest();
    for (const next of lines) {
      one.add(next);
      other.add(next);
    }
    expect([one.hex(), other.hex()]).toEqual([digestOf(lines), digestOf(lines)]);
  });

  it("ten thousand lines that differ in one bit have as many digests", () => {
    const seen = new Set<string>();
    for (let n = 0; n < 10_000; n++) seen.add(digestOf([{ e: "a", index: BigInt(n) }]));
    expect(seen.size).toBe(10_000);
  });

  it("is 16 hexadecimal digits", () => {
    expect(new Digest().hex()).toMatch(/^[0-9a-f]{16}$/);
  });
});
