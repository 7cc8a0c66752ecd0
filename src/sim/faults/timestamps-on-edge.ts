// An entry's timestamp is exactly a session's deadline, or the last nanosecond before it. A leader's clock may say so.
import { below, happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const timestampsOnEdge: FaultKind = {
  name: "timestamps-on-edge",
  models: "the worst moment, which comes sooner or later",
  counts: "an entry whose timestamp is put on a deadline, or just before it",
  parameters: {
    ...lasting([1, 3], [3000, 20_000]),
    perMille: PER_MILLE(200, 900),
    near: { about: "deadlines so near are aimed at", unit: "ms", range: [20, 600] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "partition"),
  stamp(fault, stamp, bits) {
    const { nextDeadline } = stamp;
    if (nextDeadline === undefined) return false;
    if (Math.abs(nextDeadline.micros - stamp.micros) > (fault.with["near"] ?? 0) * 1000) return false;
    if (!happens(bits(Lane.stamp), fault.with["perMille"] ?? 0)) return false;
    stamp.micros = nextDeadline.micros;
    stamp.nanos = nextDeadline.nanos;
    // One time in four: a nanosecond before it.
    if (below(bits(Lane.edge), 4) > 0) return true;
    if (stamp.nanos > 0) stamp.nanos--;
    else {
      stamp.micros--;
      stamp.nanos = 999;
    }
    return true;
  },
};
