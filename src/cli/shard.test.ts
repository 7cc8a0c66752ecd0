// Shares of the seeds, from the option and from the environments of build servers and clusters.
import { expect, test } from "vitest";
import { shardFrom } from "./shard.js";

test("without option and environment all seeds are this process's", () => {
  expect(shardFrom(undefined, {})).toEqual({ shard: { index: 1, of: 1 } });
  expect(shardFrom(undefined, { CI_NODE_INDEX: "", JOB_COMPLETION_INDEX: "" })).toEqual({ shard: { index: 1, of: 1 } });
});

test("the option wins over the environment", () => {
  const environment = { CI_NODE_INDEX: "2", CI_NODE_TOTAL: "4" };
  expect(shardFrom("1/3", environment)).toEqual({ shard: { index: 1, of: 3 } });
});

test("CI_NODE_INDEX counts from 1, JOB_COMPLETION_INDEX from 0", () => {
  const gitlab = shardFrom(undefined, { CI_NODE_INDEX: "2", CI_NODE_TOTAL: "4" });
  expect(gitlab).toEqual({ shard: { index: 2, of: 4 }, from: "CI_NODE_INDEX and CI_NODE_TOTAL" });
  const pod = shardFrom(undefined, { JOB_COMPLETION_INDEX: "0", CI_NODE_TOTAL: "16" });
  expect(pod).toEqual({ shard: { index: 1, of: 16 }, from: "JOB_COMPLETION_INDEX and CI_NODE_TOTAL" });
});

test("GitLab's total of 1, which it gives every job, changes nothing", () => {
  expect(shardFrom(undefined, { CI_NODE_TOTAL: "1" })).toEqual({ shard: { index: 1, of: 1 } });
  expect(shardFrom(undefined, { CI_NODE_INDEX: "1", CI_NODE_TOTAL: "1" })).toEqual({ shard: { index: 1, of: 1 } });
});

test.each([
  [{ CI_NODE_INDEX: "0", CI_NODE_TOTAL: "4" }, "CI_NODE_INDEX is 0 and CI_NODE_TOTAL is 4: that is no share"],
  [{ JOB_COMPLETION_INDEX: "4", CI_NODE_TOTAL: "4" }, "JOB_COMPLETION_INDEX is 4 and CI_NODE_TOTAL is 4"],
  [{ JOB_COMPLETION_INDEX: "4" }, "CI_NODE_TOTAL does not say of how many"],
  [{ CI_NODE_INDEX: "two", CI_NODE_TOTAL: "4" }, 'CI_NODE_INDEX is "two", which is no number'],
])("%j is refused: every job would play the same seeds, or none", (environment, says) => {
  expect(() => shardFrom(undefined, environment)).toThrow(says);
});
