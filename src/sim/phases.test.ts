import { describe, expect, test } from "vitest";
import { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { open } from "../protocol/snapshot-envelope.js";
import { linesOf, only, planOf } from "./default-scenario.laws.js";

const PLAYS = [31, 32, 33, 34, 35, 36, 37, 38].map((seed) => {
  const plan = planOf(seed);
  return { seed, plan, ...linesOf(plan) };
});

describe("two phases", () => {
  test.each(PLAYS)("the run goes from safety to liveness to its end (seed $seed)", ({ lines }) => {
    expect(only(lines, "phase").map((line) => line.phase)).toEqual(["safety", "liveness", "end"]);
    expect(lines.at(-1)).toMatchObject({ e: "phase", phase: "end" });
  });

  test.each(PLAYS)("a seed of the default scenario has 250 entries and more (seed $seed)", ({ lines, played }) => {
    expect(only(lines, "commit").length).toBeGreaterThanOrEqual(250);
    expect(played.entries).toBe(only(lines, "commit").length);
  });

  test.each(PLAYS)(
    "in the liveness phase nothing is lost, nothing new begins but Releases, no fault is on (seed $seed)",
    ({ lines }) => {
      const from = only(lines, "phase")[1]?.t ?? 0;
      const after = lines.filter((line) => line.t > from);
      for (const line of only(after, "send")) expect([line.message, line.arrives.length]).toEqual([line.message, 1]);
      for (const line of only(after, "invoke")) expect(line.operation).toBe("Release");
      expect(only(after, "fault")).toEqual([]);
      const on = new Map<string, number>();
      for (const line of only(lines, "fault")) {
        if (line.change !== "strike") on.set(line.what, (on.get(line.what) ?? 0) + (line.change === "start" ? 1 : -1));
      }
      expect([...on.values()].every((many) => many === 0)).toBe(true);
    },
  );

  test.each(PLAYS)(
    "it ends within its bound, with nothing remembered but the marks (seed $seed)",
    ({ lines, plan }) => {
      const [, liveness, end] = only(lines, "phase");
      expect((end?.t ?? 0) - (liveness?.t ?? 0)).toBeLessThan(plan.livenessBound);
      const looks = only(lines, "observe").filter((line) => line.why === "end");
      expect(looks.length).toBe(plan.partitions.reduce((sum, each) => sum + each.replicas.length, 0));
      for (const { bytes } of looks) {
        const opened = open(bytes);
        if (opened.kind !== "payload") throw new Error(opened.message);
        const { sessions } = PartitionSnapshot.decode(opened.payload);
        for (const { commands } of sessions)
          for (const each of commands) expect([each.input, each.state]).toEqual([undefined, 1]);
      }
    },
  );

  test.each(PLAYS)("one replica of a partition is looked at only at its end (seed $seed)", ({ lines, plan }) => {
    for (const { partition, replicas } of plan.partitions) {
      const looked = only(lines, "observe").filter((line) => line.partition === partition && line.why !== "end");
      // A refused snapshot is looked at on any replica.
      const drawn = looked.filter((line) => !line.why.endsWith("-refusal"));
      const seen = new Set(drawn.map((line) => line.replica));
      expect(seen.size).toBeLessThan(replicas.length);
    }
  });
});
