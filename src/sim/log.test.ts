import { describe, expect, test } from "vitest";
import type { CommitLine, EventLine } from "../trace/line.js";
import { linesOf, only, planOf, shipped } from "./default-scenario.laws.js";

const PLAYS = [11, 12, 13, 14, 15].map((seed) => ({ seed, ...linesOf(planOf(seed, shipped("clock-chaos"))) }));

/** The commits of each partition, in the order of their lines. */
function commitsOf(lines: readonly EventLine[]): Map<number, CommitLine[]> {
  const commits = new Map<number, CommitLine[]>();
  for (const line of only(lines, "commit")) commits.set(line.partition, [...(commits.get(line.partition) ?? []), line]);
  return commits;
}

describe("log", () => {
  test.each(PLAYS)("indices go up by one, terms never down (seed $seed)", ({ lines }) => {
    for (const commits of commitsOf(lines).values()) {
      commits.forEach((each, i) => expect(each.index).toBe(BigInt(i + 1)));
      for (let i = 1; i < commits.length; i++) {
        expect((commits[i] as CommitLine).term).toBeGreaterThanOrEqual((commits[i - 1] as CommitLine).term);
      }
    }
  });

  test.each(PLAYS)("no proposal is committed twice, and none before it was delivered (seed $seed)", ({ lines }) => {
    const delivered = new Set<string>();
    const committed = new Set<string>();
    for (const line of lines) {
      if (line.e === "deliver" && line.dropped === undefined) {
        delivered.add(line.message);
      } else if (line.e === "commit") {
        const name = `${line.partition} ${line.origin}`;
        expect(committed.has(name)).toBe(false);
        committed.add(name);
        const [message] = line.origin.split("~");
        if (!/tick|hostile-bytes/.test(line.origin)) expect(delivered).toContain(message);
      }
    }
  });

  test.each(PLAYS)("what one leader takes is committed in the order in which it took it (seed $seed)", ({ lines }) => {
    const taken = new Map<string, number>();
    let taking = 0;
    const last = new Map<string, number>();
    // Of several copies nobody can tell which one came.
    const single = new Set(
      only(lines, "send")
        .filter((line) => line.arrives.length === 1)
        .map((line) => line.message),
    );
    for (const line of lines) {
      if (line.e === "deliver" && single.has(line.message)) taken.set(line.message, taking++);
      if (line.e !== "commit") continue;
      const order = taken.get(line.origin);
      if (order === undefined) continue;
      const leader = `${line.partition}/${line.term}`;
      expect(order).toBeGreaterThan(last.get(leader) ?? -1);
      last.set(leader, order);
    }
  });

  test.each(PLAYS)(
    "every replica applies every entry in order, once in each of its lives (seed $seed)",
    ({ lines }) => {
      const at = new Map<string, bigint>();
      for (const line of lines) {
        if (line.e === "replica" && line.change === "restart") at.set(`${line.partition}.${line.replica}`, 0n);
        if (line.e === "restore" && line.damage === undefined) {
          const name = `${line.partition}.${line.replica}`;
          if (line.index > (at.get(name) ?? 0n)) at.set(name, line.index);
        }
        if (line.e !== "apply") continue;
        const name = `${line.partition}.${line.replica}`;
        expect(line.index).toBe((at.get(name) ?? 0n) + 1n);
        at.set(name, line.index);
      }
    },
  );

  test.each(PLAYS)("at the end every replica that is up stands at the last entry (seed $seed)", ({ lines }) => {
    const last = new Map([...commitsOf(lines)].map(([partition, commits]) => [partition, BigInt(commits.length)]));
    const ends = only(lines, "observe").filter((line) => line.why === "end");
    expect(ends.length).toBeGreaterThan(0);
    for (const line of ends) expect(line.index).toBe(last.get(line.partition));
  });

  test("an entry carries its leader's clock: ticks of a quiet partition are whole seconds of virtual time", () => {
    const drawn = planOf(3, shipped("quiet-log"));
    const { lines } = linesOf({ ...drawn, faults: [], clients: [] });
    const ticks = only(lines, "commit").slice(0, 5);
    expect(ticks.map((line) => line.origin)).toEqual([1, 2, 3, 4, 5].map((second) => `p1/tick ${second}`));
    for (const [i, line] of ticks.entries()) {
      const timestamp = line.input === "undecodable" ? undefined : line.input.timestamp;
      expect(timestamp?.seconds).toBe(946_684_800n + BigInt(i + 1));
      // Less than a microsecond beyond it.
      expect(timestamp?.nanos).toBeLessThan(1000);
    }
  });

  test("a partition that has lost its majority for good commits nothing more, and says so", () => {
    const drawn = planOf(3);
    const [partition] = drawn.partitions;
    const gone = partition?.replicas.slice(0, 2).map(({ replica }, i) => ({
      id: `quorum-loss.${i + 1}`,
      fault: "quorum-loss",
      from: 5_000_000,
      until: 5_000_000,
      partition: 1,
      replica,
      with: {},
    }));
    const three = { ...drawn, entries: 0, partitions: [{ ...partition, replicas: partition?.replicas.slice(0, 3) }] };
    const services = drawn.services.map((each) => ({ ...each, partition: 1 }));
    const { lines } = linesOf({ ...three, services, faults: gone } as never);
    expect(only(lines, "commit").filter((line) => line.t > 5_000_000)).toEqual([]);
    const liveness = only(lines, "phase").find((line) => line.phase === "liveness");
    expect(liveness?.cannotRecover).toBe("partition 1: 2 of 3 replicas never come back");
  });
});
