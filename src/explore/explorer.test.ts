// Many seeds: whatever order the work is done in, the report is the one of doing it in order.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reference } from "../fsm/reference.js";
import type { MachineKind, StateMachine } from "../protocol/machine.js";
import type { Assignment, BatchResult } from "./batch.js";
import { isPlayedTwice, runBatch } from "./batch.js";
import { plainContestant } from "./contestant.js";
import { alone, type Crew, explore, grouped } from "./explorer.js";
import { SAME_SEED } from "./same-seed.js";
import { scenarioFrom } from "./scenarios.js";
import { type Batch, batches, formatSeed, parseSeed, parseShard, seedsInShard } from "./seeds.js";
import { emptyTally } from "./tally.js";

const range = { first: 100n, count: 23, shard: { index: 1, of: 1 } };

/** Seeds divisible by seven fail; each batch takes as long as `wait` says. */
function crew(size: number, batchSize: number, wait: (batch: Batch) => number): Crew {
  return {
    size,
    batchSize,
    run: async (batch): Promise<BatchResult> => {
      for (let turn = wait(batch); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
      const failed = batch.seeds
        .filter((seed) => seed % 7n === 0n)
        .map((seed) => ({
          seed,
          fingerprint: seed % 2n === 0n ? "even" : "odd",
          // The later the seed, the sooner it fails.
          witness: { property: "p", lines: [200 - Number(seed)], says: "", entry: "", expected: "", got: "" },
        }));
      const tally = { ...emptyTally(), seeds: batch.seeds.length };
      const digests = batch.seeds.map((seed) => `digest of ${seed}`);
      return { from: batch.from, tried: batch.seeds.length, tally, failed, undecided: [], digests };
    },
    close: async () => undefined,
  };
}

describe("exploring", () => {
  it("comes to the same whoever works, and however fast", async () => {
    const inOrder = await explore({ range, crew: crew(1, 23, () => 0), bail: false, stop: () => false });
    expect(inOrder.failed.map((one) => one.seed)).toEqual([105n, 112n, 119n]);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 8 }),
        fc.func(fc.nat(4)),
        async (size, batchSize, wait) => {
          const found = await explore({ range, crew: crew(size, batchSize, wait), bail: false, stop: () => false });
          expect(found).toEqual(inOrder);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("with bail, the report ends with the first failure, whatever others found meanwhile", async () => {
    // The batch with the first failure (105) is the slowest.
    const slow = crew(4, 3, (batch) => (batch.from === 3 ? 20 : 0));
    const found = await explore({ range, crew: slow, bail: true, stop: () => false });
    expect(found.failed.map((one) => one.seed)).toEqual([105n]);
    expect(found.tried).toBe(6);
  });

  it("stops when it is told to, and keeps what was found", async () => {
    let asked = 0;
    const found = await explore({ range, crew: crew(1, 6, () => 0), bail: false, stop: () => asked++ === 2 });
    expect(found.tried).toBe(12);
    expect(found.failed.map((one) => one.seed)).toEqual([105n]);
  });

  it("failures with one fingerprint are one, known by the seed that shows it soonest", async () => {
    const found = await explore({ range, crew: crew(2, 4, () => 0), bail: false, stop: () => false });
    expect(grouped(found.failed).map(({ soonest, seeds }) => [soonest.fingerprint, soonest.seed, seeds])).toEqual([
      ["even", 112n, 1],
      ["odd", 119n, 2],
    ]);
  });
});

describe("a batch", () => {
  const assignment: Assignment = {
    scenario: scenarioFrom("default"),
    contestant: plainContestant(reference),
    version: "test",
    first: 0n,
    twiceEvery: 2,
    bail: false,
  };

  it("of every so many seeds plays one twice, and the same comes out", async () => {
    const found = await explore({
      range: { first: 0n, count: 4, shard: { index: 1, of: 1 } },
      crew: alone(assignment),
      bail: false,
      stop: () => false,
    });
    expect(found.tally.properties[SAME_SEED]).toMatchObject({ judged: 2, broken: 0 });
    expect(found.failed).toEqual([]);
  });

  it("notices a machine that keeps something outside its replicas", () => {
    let created = 0;
    const leaking: MachineKind = {
      ...reference,
      create: (): StateMachine => {
        const inner = reference.create();
        const salt = created++;
        return {
          apply: (entry) => inner.apply(entry),
          query: (input) => inner.query(input),
          snapshot: () => Uint8Array.of(...inner.snapshot(), salt & 0xff),
          restore: (chunks) => inner.restore(chunks),
        };
      },
    };
    const contestant = plainContestant({
      ...leaking,
      capabilities: { ...reference.capabilities, snapshots: "opaque" },
    });
    const { failed } = runBatch({ ...assignment, contestant }, { from: 0, seeds: [0n] });
    expect(failed.map((one) => one.witness.property)).toContain(SAME_SEED);
    expect(failed.at(-1)?.witness.says).toMatch(/^line \d+, bytes: .* in the second\. The machine answers otherwise/);
  });

  it("a defect of the harness is one undecided seed, and the others go on", () => {
    const broken: MachineKind = { ...reference, capabilities: null as never };
    const contestant = plainContestant(broken);
    const { tried, undecided } = runBatch({ ...assignment, contestant }, { from: 0, seeds: [0n, 1n] });
    expect(tried).toBe(2);
    expect(undecided.map(({ seed, ours }) => [seed, ours])).toEqual([
      [0n, true],
      [1n, true],
    ]);
  });
});

describe("seeds that are played twice", () => {
  it("are one of each stretch, beginning with the first seed", () => {
    const twice = Array.from({ length: 500 }, (_, place) => place).filter((place) => isPlayedTwice(place, 50));
    expect(twice.map((place) => Math.floor(place / 50))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(twice[0]).toBe(0);
  });

  it.each([2, 5, 7, 10, 16, 25, 50, 100])("are fairly shared among %i shards", (shards) => {
    const each = Array.from({ length: shards }, () => 0);
    for (let place = 0; place < 5000 * shards; place++) {
      if (isPlayedTwice(place, 50)) each[place % shards] = (each[place % shards] as number) + 1;
    }
    // 5000 seeds a shard, one of 50 twice.
    expect(Math.min(...each)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...each)).toBeLessThanOrEqual(150);
  });
});

describe("seeds", () => {
  it("shards share every seed out, each to one", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 9 }), (count, of, size) => {
        const all = Array.from({ length: of }, (_, at) => {
          const share = { first: 5n, count, shard: { index: at + 1, of } };
          const seeds = [...batches(share, size)].flatMap((batch) => batch.seeds);
          expect(seeds).toHaveLength(seedsInShard(share));
          return seeds;
        }).flat();
        expect(all.sort((a, b) => Number(a - b))).toEqual(Array.from({ length: count }, (_, at) => 5n + BigInt(at)));
      }),
    );
  });

  it.each([
    ["0", 0n],
    ["18446744073709551616", 2n ** 64n],
    ["0xff", 255n],
    ["00000000000000000000000000000000000000ff", 255n],
  ])("%s is read", (text, seed) => {
    expect(parseSeed(text)).toBe(seed);
  });

  it.each(["", "abc", "-1", "1.5", "0x", "0xg", "1e3"])("%j is refused", (text) => {
    expect(() => parseSeed(text)).toThrow("is not a seed");
  });

  it("what is printed is read back", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 160n - 1n }), (seed) => {
        expect(parseSeed(formatSeed(seed))).toBe(seed);
      }),
    );
  });

  it.each(["0/2", "3/2", "1", "a/b", "1/0"])("%s is no shard", (text) => {
    expect(() => parseShard(text)).toThrow("is not a shard");
  });
});
