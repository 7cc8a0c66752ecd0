// Bytes that no client would send are committed: undecodable ones, and messages whose timestamps are out of all range.
import type { FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";
import { sendHostileBytes } from "../hostile.js";

export const hostileBytes: FaultKind = {
  name: "hostile-bytes",
  models: "damaged or foreign entries in a log",
  counts: "a partition that is sent such bytes",
  parameters: striking([1, 8]),
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "partition"),
  start: sendHostileBytes,
};
