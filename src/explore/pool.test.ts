// A crew of worker threads keeps its results when a worker crashes, hangs, or the machine in it does.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { pool } from "./pool.js";

const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-pool-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Seed 3 crashes its worker, 5 hangs in the fourth call of its machine (unless it is known to), 7 hangs outside of any call.
const script = join(folder, "worker.mjs");
writeFileSync(
  script,
  `import { parentPort, workerData } from "node:worker_threads";
const cells = new Int32Array(workerData.pulse);
const tally = { seeds: 0, virtualMicros: 0, entries: 0, applied: 0, events: 0, lines: 0, bytesEncoded: 0,
  properties: {}, reasons: {}, faults: {}, reached: {}, reachedBy: {} };
parentPort.on("message", ({ from, seeds, hungAt }) => {
  const failed = [];
  seeds.forEach((seed, at) => {
    Atomics.store(cells, 0, at + 1);
    if (seed === 3n) process.exit(9);
    if (seed === 5n && hungAt === undefined) { Atomics.store(cells, 1, 4); for (;;); }
    if (seed === 5n) failed.push({ seed, fingerprint: "hung", witness: { property: "apply/total" }, hungAt });
    if (seed === 7n) { Atomics.store(cells, 1, -4); for (;;); }
  });
  const tried = seeds.length;
  parentPort.postMessage({ kind: "result", result:
    { from, tried, tally: { ...tally, seeds: tried }, failed, undecided: [], digests: seeds.map(String) } });
});`,
);

function crew(size: number): ReturnType<typeof pool> {
  const options = { size, file: pathToFileURL(script), data: null, patience: 150 };
  return pool(options, (message) => new Error(message));
}

describe("a crew of workers", () => {
  it("a worker that crashes costs the one seed that it was at", async () => {
    const workers = crew(1);
    const result = await workers.run({ from: 10, seeds: [1n, 2n, 3n, 4n] });
    await workers.close();
    expect(result).toMatchObject({ from: 10, tried: 4, digests: ["1", "2", "4"] });
    expect(result.undecided).toEqual([{ seed: 3n, reason: "its worker ended with code 9" }]);
    expect(result.tally.seeds).toBe(3);
  });

  it("a machine that hangs is found by its call, and the seed is played again up to there", async () => {
    const workers = crew(1);
    const result = await workers.run({ from: 0, seeds: [4n, 5n, 6n] });
    await workers.close();
    expect(result).toMatchObject({ tried: 3, digests: ["4", "5", "6"], undecided: [] });
    expect(result.failed).toMatchObject([{ seed: 5n, fingerprint: "hung", hungAt: 4 }]);
  });

  it("a stage that hangs is not blamed on the machine", async () => {
    const workers = crew(1);
    const result = await workers.run({ from: 0, seeds: [6n, 7n] });
    await workers.close();
    expect(result.failed).toEqual([]);
    expect(result.undecided).toEqual([{ seed: 7n, reason: "the harness did not come to an end", ours: true }]);
  });
});
