// A machine under watch: every call is counted where another thread can read it. A machine that hangs can't say so; whoever
// watches sees that the count stands still, and at which call. Played again, that very call fails as hung.
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Applied, Entry, MachineKind, QueryAnswer, Restored, StateMachine } from "../protocol/machine.js";
import { MachineBroke } from "../protocol/machine-errors.js";

/** Shared between a worker and its watcher. */
export class Pulse {
  readonly #cells: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.#cells = new Int32Array(buffer);
  }

  /** Which seed of its batch the worker is at, from 0; -1 before the first. */
  get seed(): number {
    return Atomics.load(this.#cells, 0) - 1;
  }
  set seed(at: number) {
    Atomics.store(this.#cells, 0, at + 1);
  }

  /** How many calls the run has made of its machines. */
  get calls(): number {
    return Math.abs(Atomics.load(this.#cells, 1));
  }
  /** Whether the last one is under way. */
  get inCall(): boolean {
    return Atomics.load(this.#cells, 1) > 0;
  }
  began(call: number): void {
    this.#cells[1] = call;
  }
  ended(call: number): void {
    this.#cells[1] = -call;
  }
}

/**
 * The machine, its calls counted from 1 over all replicas of a run. `hangsAt`: the call that is known never to return; where
 * that is an apply, the entry is put before no other replica either.
 */
export function watched(machine: MachineKind, pulse: Pulse, hangsAt?: number): MachineKind {
  const count = new Count(pulse, hangsAt === undefined ? [] : [hangsAt]);
  return counted(machine, () => count);
}

/** The same over several runs: each begins by begin() and counts anew; `pulse.seed` says which it is. `hangs`: calls by run. */
export function watchedRuns(
  machine: MachineKind,
  pulse: Pulse,
  hangs: ReadonlyMap<number, readonly number[]>,
): MachineKind {
  let run = -1;
  let count = new Count(pulse, []);
  const begin = (): void => {
    run += 1;
    count = new Count(pulse, hangs.get(run) ?? []);
    pulse.seed = run;
  };
  return counted(machine, () => count, begin);
}

function counted(machine: MachineKind, count: () => Count, begins?: () => void): MachineKind {
  return {
    name: machine.name,
    capabilities: machine.capabilities,
    begin: () => {
      begins?.();
      machine.begin?.();
    },
    create: () => {
      const inner = machine.create();
      return inner.observe === undefined ? new Watched(inner, count()) : new WatchedWithObserve(inner, count());
    },
  };
}

class Count {
  #calls = 0;
  readonly #poison = new Set<Entry>();
  readonly #pulse: Pulse;
  readonly #hangsAt: readonly number[];

  constructor(pulse: Pulse, hangsAt: readonly number[]) {
    this.#pulse = pulse;
    this.#hangsAt = hangsAt;
    pulse.ended(0);
  }

  next(entry?: Entry): void {
    this.#calls += 1;
    this.#pulse.began(this.#calls);
    if (this.#hangsAt.length === 0) return;
    if (this.#hangsAt.includes(this.#calls)) {
      if (entry !== undefined) this.#poison.add(entry);
    } else if (entry === undefined || !this.#poison.has(entry)) return;
    this.done();
    throw new MachineBroke("hung", "did not come to an end");
  }

  done(): void {
    this.#pulse.ended(this.#calls);
  }
}

class Watched implements StateMachine {
  constructor(
    protected readonly inner: StateMachine,
    protected readonly count: Count,
  ) {}

  apply(entry: Entry): Applied {
    this.count.next(entry);
    try {
      return this.inner.apply(entry);
    } finally {
      this.count.done();
    }
  }

  query(input: QueryInput): QueryAnswer {
    this.count.next();
    try {
      return this.inner.query(input);
    } finally {
      this.count.done();
    }
  }

  snapshot(): Uint8Array {
    this.count.next();
    try {
      return this.inner.snapshot();
    } finally {
      this.count.done();
    }
  }

  restore(chunks: Iterable<Uint8Array>): Restored {
    this.count.next();
    try {
      return this.inner.restore(chunks);
    } finally {
      this.count.done();
    }
  }
}

class WatchedWithObserve extends Watched {
  observe(): Uint8Array {
    this.count.next();
    try {
      return this.inner.observe?.() ?? new Uint8Array(0);
    } finally {
      this.count.done();
    }
  }
}
