// Registers into which no value is written twice: Gibbons and Korach's zones ("Testing shared memories", 1997), in linear time.
//
// All operations on one value must stand together in a legal order: its write, then its reads. Take the first return (f) and
// the last call (s) among them. Where f < s, somebody is done with the value before somebody else begins: the register
// holds it at all instants of the *forward zone* [f, s]. Else all overlap: any one instant of the *backward zone* [s, f] will
// do. So a history is legal if and only if every value that is read is written, no read ends before its write begins, no two
// forward zones overlap, and no backward zone lies within a forward one. The initial value is written before all else.
//        a  |-write 1-|            |-read 1-|     forward zone of 1: from the return of write 1 to the call of read 1;
//        b              |-write 2-|               write 2 lies within it: not legal.
import { IntPool } from "../event-order.js";
import type { Partition } from "../event-order.js";
import type { Operation } from "../history.js";
import type { Key } from "../model.js";
import type { Linearized, Special, SpecialAnswer } from "./special.js";
import { keep, timeOf } from "./special.js";

/** What an operation is to a register; undefined: something else than a write and a read whose answer is known. */
export interface RegisterView<Input, Output> {
  readonly initial: Key;
  look(
    input: Input,
    output: Output | undefined,
  ): { readonly does: "write" | "read"; readonly value: Key } | { readonly does: "nothing" } | undefined;
}

const NEVER = 2 ** 31 - 1;
const NOBODY = -1;

/** One value: its zone, and the operations that make it. Places are those of the partition's events. */
interface Cluster {
  write: number;
  firstReturn: number;
  firstReturner: number;
  lastCall: number;
  lastCaller: number;
  reads: number;
}

const clusterPool = new IntPool();
const zonePool = new IntPool();

/** The algorithm for models whose operations `view` can read. */
export function distinctRegister<Input, Output>(view: RegisterView<Input, Output>): Special<Input, Output> {
  return {
    name: "distinct-register",
    decide(operations, partition) {
      const zones = new Zones(operations, partition);
      return zones.gather(view) ? zones.decide() : undefined;
    },
  };
}

class Zones<Input, Output> {
  private readonly clusters: Cluster[] = [];
  private readonly byValue = new Map<Key, number>();
  private readonly clusterOf: Int32Array;

  constructor(
    private readonly operations: readonly Operation<Input, Output>[],
    private readonly partition: Partition,
  ) {
    this.clusterOf = clusterPool.take(operations.length);
  }

  // False: the history has another shape.
  gather(view: RegisterView<Input, Output>): boolean {
    const { operations, clusterOf } = this;
    const { events, from, to } = this.partition;
    this.clusters.push({ ...fresh(), write: NEVER, firstReturn: -1 });
    this.byValue.set(view.initial, 0);
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      const operation = event >> 1;
      if ((event & 1) === 0) {
        const { input, output, outcome } = operations[operation] as Operation<Input, Output>;
        const seen = view.look(input, output);
        if (seen === undefined) return false;
        clusterOf[operation] = NOBODY;
        if (seen.does === "nothing" || (seen.does === "read" && outcome === "unknown")) continue;
        const number = this.cluster(seen.value);
        const cluster = this.clusters[number] as Cluster;
        if (seen.does === "write") {
          if (cluster.write !== NOBODY) return false;
          cluster.write = operation;
        } else cluster.reads++;
        clusterOf[operation] = number;
        cluster.lastCall = e - from;
        cluster.lastCaller = operation;
      } else {
        const number = clusterOf[operation] as number;
        if (number === NOBODY) continue;
        const cluster = this.clusters[number] as Cluster;
        if (cluster.firstReturn !== NEVER) continue;
        cluster.firstReturn = e - from;
        cluster.firstReturner = operation;
      }
    }
    return true;
  }

  private cluster(value: Key): number {
    const known = this.byValue.get(value);
    if (known !== undefined) return known;
    const added = this.clusters.push(fresh()) - 1;
    this.byValue.set(value, added);
    return added;
  }

  decide(): SpecialAnswer {
    const length = this.partition.to - this.partition.from;
    const zoneAt = zonePool.take(length).fill(NOBODY, 0, length);
    const writeCalls = this.writeCalls();
    for (let c = 1; c < this.clusters.length; c++) {
      const cluster = this.clusters[c] as Cluster;
      if (cluster.write === NOBODY) return { legal: false, culprits: [cluster.firstReturner] };
      if (cluster.firstReturn < (writeCalls[c] as number)) {
        return { legal: false, culprits: [cluster.firstReturner, cluster.write] };
      }
      // Nobody knows of a write that never returned and was never read.
      if (cluster.firstReturn !== NEVER) zoneAt[Math.min(cluster.firstReturn, cluster.lastCall)] = c;
    }
    return this.sweep(zoneAt, length);
  }

  private writeCalls(): Int32Array {
    const { events, from, to } = this.partition;
    const calls = new Int32Array(this.clusters.length);
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      if ((event & 1) !== 0) continue;
      const c = this.clusterOf[event >> 1] as number;
      if (c !== NOBODY && (this.clusters[c] as Cluster).write === event >> 1) calls[c] = e - from;
    }
    return calls;
  }

  private sweep(zoneAt: Int32Array, length: number): SpecialAnswer {
    const blocks: number[] = [];
    // The last forward zone so far.
    let forward = this.clusters[0] as Cluster;
    let forwardEnd = forward.reads > 0 ? forward.lastCall : -1;
    if (forward.reads > 0) blocks.push(0);
    for (let start = 0; start < length; start++) {
      const c = zoneAt[start] as number;
      if (c === NOBODY) continue;
      const cluster = this.clusters[c] as Cluster;
      const isForward = cluster.firstReturn < cluster.lastCall;
      const clash = isForward ? start < forwardEnd : cluster.firstReturn < forwardEnd;
      if (clash) return { legal: false, culprits: culprits(forward, cluster) };
      blocks.push(c);
      if (!isForward) continue;
      forward = cluster;
      forwardEnd = cluster.lastCall;
    }
    const { operations, clusters } = this;
    const partition = keep(this.partition);
    const clusterOf = this.clusterOf.slice(0, operations.length);
    return { legal: true, order: () => order(operations, partition, clusters, clusterOf, blocks) };
  }
}

function fresh(): Cluster {
  return { write: NOBODY, firstReturn: NEVER, firstReturner: NOBODY, lastCall: -1, lastCaller: NOBODY, reads: 0 };
}

// The four operations (or fewer) whose calls and returns make two zones.
function culprits(a: Cluster, b: Cluster): number[] {
  const all = [a, b].flatMap((cluster) => [cluster.write, cluster.firstReturner, cluster.lastCaller]);
  return [...new Set(all)].filter((operation) => operation !== NOBODY && operation !== NEVER);
}

// Values by the start of their zones; of each its write, then its reads in the order of their calls.
function order(
  operations: readonly Operation[],
  partition: Partition,
  clusters: readonly Cluster[],
  clusterOf: Int32Array,
  blocks: readonly number[],
): Linearized {
  const { events, from, to } = partition;
  const reads: { operation: number; call: number }[][] = clusters.map(() => []);
  for (let e = from; e < to; e++) {
    const event = events[e] as number;
    const c = clusterOf[event >> 1] as number;
    if ((event & 1) !== 0 || c === NOBODY || (clusters[c] as Cluster).write === event >> 1) continue;
    (reads[c] as { operation: number; call: number }[]).push({ operation: event >> 1, call: e - from });
  }
  const ordered: number[] = [];
  const times: number[] = [];
  let forwardEnd = -1;
  for (const c of blocks) {
    const cluster = clusters[c] as Cluster;
    const isForward = cluster.firstReturn < cluster.lastCall;
    const start = isForward ? cluster.firstReturn : Math.max(cluster.lastCall, forwardEnd);
    if (c !== 0) {
      ordered.push(cluster.write);
      times.push(timeOf(operations, partition, start));
    }
    for (const read of reads[c] as { operation: number; call: number }[]) {
      ordered.push(read.operation);
      times.push(timeOf(operations, partition, Math.max(start, read.call)));
    }
    if (isForward) forwardEnd = cluster.lastCall;
  }
  return { operations: ordered, times };
}
