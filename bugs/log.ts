// Short logs of entries, written by hand: each bug of the machine carries one that shows its defect. A log is data; how it
// is played, and what came of it as lines of text to be compared, is here too. It never judges.
import type { CommandInput, QueryInput } from "../src/proto/atomix/multiraft/v1/fsm.js";
import { decodeEntry, makeEntry } from "../src/protocol/entry.js";
import { encodeInputFilter } from "../src/protocol/input-filter.js";
import type { MachineKind, StateMachine } from "../src/protocol/machine.js";
import { LogIndex } from "../src/protocol/words.js";

/** One thing that is done to a machine. */
export type Step =
  | { readonly do: "apply"; readonly input: CommandInput }
  | { readonly do: "query"; readonly input: QueryInput }
  /** Its state is saved, and it goes on. */
  | { readonly do: "save" }
  /** A fresh machine takes its place, restored from its state in chunks of so many bytes. */
  | { readonly do: "restore"; readonly chunk: number }
  /** It is offered its own state with the last byte changed, and goes on. */
  | { readonly do: "damage" };

const NO_BYTES = new Uint8Array(0);
const WHOLE = 1 << 20;

/** Writes a log. Entries are numbered from 1; ids of sessions and services are the numbers of their entries. */
export class LogWriter {
  readonly #steps: Step[] = [];
  #timestamp: CommandInput["timestamp"] = { seconds: 0n, nanos: 0 };

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** The entries from here on carry this timestamp. */
  at(seconds: number, nanos = 0): this {
    this.#timestamp = { seconds: BigInt(seconds), nanos };
    return this;
  }

  /** The entries from here on carry none. */
  undated(): this {
    this.#timestamp = undefined;
    return this;
  }

  open(seconds: number, nanos = 0): this {
    return this.#entry({ $case: "openSession", value: { timeout: { seconds: BigInt(seconds), nanos } } });
  }

  close(session: number): this {
    return this.#entry({ $case: "closeSession", value: { sessionId: BigInt(session) } });
  }

  /** `open`: the numbers in the filter. `acknowledged`: pairs of a command and an output. */
  keepAlive(
    session: number,
    last: number,
    open: readonly number[],
    acknowledged: readonly (readonly [number, number])[] = [],
  ): this {
    return this.keepAliveWith(session, last, encodeInputFilter(open.map(BigInt)), acknowledged);
  }

  /** A keep-alive whose filter is these bytes. */
  keepAliveWith(
    session: number,
    last: number,
    inputFilter: Uint8Array,
    acknowledged: readonly (readonly [number, number])[] = [],
  ): this {
    const value = {
      sessionId: BigInt(session),
      inputFilter,
      lastInputSequenceNum: BigInt(last),
      lastOutputSequenceNums: new Map(acknowledged.map(([command, output]) => [BigInt(command), BigInt(output)])),
    };
    return this.#entry({ $case: "keepAlive", value });
  }

  create(session: number, service: string): this {
    const spec = { service, namespace: "", name: service };
    return this.#command(session, { $case: "createService", value: { spec } });
  }

  leave(session: number, service: number): this {
    return this.#command(session, { $case: "closeService", value: { serviceId: BigInt(service) } });
  }

  run(session: number, service: number, number: number, name: string, payload: Uint8Array = NO_BYTES): this {
    const value = { serviceId: BigInt(service), sequenceNum: BigInt(number), operation: { name, payload } };
    return this.#command(session, { $case: "serviceCommand", value });
  }

  tick(): this {
    return this.#entry(undefined);
  }

  ask(session: number, service: number, name: string, payload: Uint8Array = NO_BYTES): this {
    const value = { serviceId: BigInt(service), operation: { name, payload } };
    const input = { $case: "serviceQuery" as const, value };
    const query = { $case: "sessionQuery" as const, value: { sessionId: BigInt(session), input } };
    return this.#step({ do: "query", input: { maxReceivedIndex: 0n, input: query } });
  }

  save(): this {
    return this.#step({ do: "save" });
  }

  restore(chunk = WHOLE): this {
    return this.#step({ do: "restore", chunk });
  }

  damage(): this {
    return this.#step({ do: "damage" });
  }

  #command(session: number, input: SessionInput): this {
    return this.#entry({ $case: "sessionCommand", value: { sessionId: BigInt(session), input } });
  }

  #entry(input: CommandInput["input"]): this {
    return this.#step({ do: "apply", input: { timestamp: this.#timestamp, input } });
  }

  #step(step: Step): this {
    this.#steps.push(step);
    return this;
  }
}

type SessionInput = Extract<CommandInput["input"], { readonly $case: "sessionCommand" }>["value"]["input"];

/** A log that begins at the epoch. */
export function log(): LogWriter {
  return new LogWriter();
}

/** What came of each step on a machine of that kind, and the state at the end: a line of text each. */
export function outcomes(kind: MachineKind, steps: readonly Step[]): string[] {
  let machine = kind.create();
  let index = 0n;
  const lines: string[] = [];
  const take = (step: Step): unknown => {
    switch (step.do) {
      case "apply":
        // By way of bytes: what a log says is what it says on the wire.
        index += 1n;
        return machine.apply(decodeEntry(LogIndex(index), makeEntry(LogIndex(index), step.input).bytes));
      case "query":
        return machine.query(step.input);
      case "save":
        return machine.snapshot();
      case "restore": {
        const saved = machine.snapshot();
        machine = kind.create();
        return [machine.restore(cut(saved, step.chunk)), machine.snapshot()];
      }
      case "damage":
        return offerDamaged(machine);
    }
  };
  for (const step of steps) lines.push(`${step.do}: ${attempt(() => take(step))}`);
  lines.push(`state: ${attempt(() => machine.snapshot())}`);
  return lines;
}

function offerDamaged(machine: StateMachine): unknown {
  const damaged = machine.snapshot().slice();
  const last = damaged.length - 1;
  damaged[last] = (damaged[last] as number) ^ 1;
  return [machine.restore([damaged]).kind, machine.snapshot()];
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

function attempt(take: () => unknown): string {
  try {
    return JSON.stringify(take(), plain);
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return value instanceof Uint8Array ? [...value].map((byte) => byte.toString(16).padStart(2, "0")).join("") : value;
}
