// Two machines over the same calls, by hand: each kind of difference has its name, what is accepted is passed over, and of
// machines that do the same nothing is said.
import { describe, expect, test } from "vitest";
import { reference } from "../fsm/reference.js";
import { encode } from "../protocol/codec.js";
import type { Applied, Entry, MachineKind, StateMachine } from "../protocol/machine.js";
import { MachineBroke } from "../protocol/machine-errors.js";
import { CounterOutput } from "../proto/multiraft_sim/counter/v1/counter.js";
import type { LogStep } from "../shrink/log-steps.js";
import { compareCalls, type ComparisonOptions } from "./comparison.js";
import { linesOfSteps } from "./step-lines.js";

const OPTIONS: ComparisonOptions = { accepted: () => false, sizeBound: 1.5, carries: true };

const STEPS: readonly LogStep[] = [
  { at: "0s", open: "5s" },
  { at: "0s", session: 1, create: "counter", name: "counter" },
  { at: "1s", session: 1, service: 2, number: 1, operation: "Increment" },
  { session: 1, service: 2, query: "Get" },
  { damage: true },
  { restart: true, chunks: 7 },
  { at: "6s", tick: true },
];

/** The real machine, but for some of its calls. */
function variant(change: (real: StateMachine) => Partial<StateMachine>): MachineKind {
  return {
    ...reference,
    name: "variant",
    create() {
      const real = reference.create();
      const whole: StateMachine = {
        apply: (entry) => real.apply(entry),
        query: (input) => real.query(input),
        snapshot: () => real.snapshot(),
        restore: (chunks) => real.restore(chunks),
      };
      return { ...whole, ...change(real) };
    },
  };
}

/** Changes what comes of the third entry, the increment. */
function atIncrement(change: (applied: Applied) => Applied): MachineKind {
  return variant((real) => ({
    apply: (entry: Entry) => (entry.index === 3n ? change(real.apply(entry)) : real.apply(entry)),
  }));
}

function fingerprints(candidate: MachineKind, options: Partial<ComparisonOptions> = {}): string[] {
  const sides = [reference, candidate].map((machine) => ({ machine, inThisProcess: false })) as [never, never];
  const { found } = compareCalls(linesOfSteps(STEPS, true), ...sides, { ...OPTIONS, ...options });
  return found.map(({ fingerprint }) => fingerprint);
}

describe("two machines side by side", () => {
  test("of two that do the same nothing is said", () => {
    expect(fingerprints(variant(() => ({})))).toEqual([]);
  });

  test("another status is told from another output", () => {
    const refused = atIncrement(() => ({ reply: { kind: "failure", status: 3, message: "" }, emissions: [] }));
    expect(fingerprints(refused)).toEqual(["status | counter Increment | OK → FAILURE CANCELED"]);
    const two = encode(CounterOutput, { value: 2n });
    const other = atIncrement((applied) => JSON.parse(JSON.stringify(applied, texts), bytesAs(two)) as Applied);
    expect(fingerprints(other)).toEqual(["output | counter Increment | another output"]);
  });

  test("an answer that stays open is another answer", () => {
    const open = atIncrement((applied) =>
      applied.reply.kind === "answer" ? { ...applied, reply: { ...applied.reply, complete: false } } : applied,
    );
    expect(fingerprints(open)).toEqual(["output | counter Increment | complete → stays open"]);
  });

  test("what a failure says to a person is nobody's business", () => {
    const closing: LogStep[] = [{ at: "0s", session: 9, close: true }];
    const reworded = variant((real) => ({
      apply(entry: Entry) {
        const { reply, emissions } = real.apply(entry);
        return { reply: reply.kind === "failure" ? { ...reply, message: "no" } : reply, emissions };
      },
    }));
    const side = { machine: reference, inThisProcess: false };
    const { found, calls } = compareCalls(linesOfSteps(closing, false), side, { ...side, machine: reworded }, OPTIONS);
    expect(found).toEqual([]);
    expect(calls).toBe(2);
  });

  test("a machine that throws, or hangs, broke", () => {
    const fails = (error: Error): MachineKind =>
      variant(() => ({
        query: () => {
          throw error;
        },
      }));
    expect(fingerprints(fails(new Error("oh")))).toEqual(["broke | counter Get (query) | the candidate threw"]);
    const hangs = fails(new MachineBroke("hung", "5 s"));
    expect(fingerprints(hangs)).toEqual(["broke | counter Get (query) | the candidate hung"]);
  });

  test("a session that outlives its time is a matter of expiry, whatever shows it", () => {
    // Its clock never gets beyond the fifth second.
    const slow = variant((real) => ({
      apply: (entry: Entry) => real.apply(entry.index === 4n ? early(entry) : entry),
    }));
    expect(fingerprints(slow)).toEqual(["expiry | a session | ends later"]);
  });

  test("a saved state in small chunks that is refused, and a damaged one that is taken", () => {
    const hasty = variant((real) => ({
      restore: (chunks: Iterable<Uint8Array>) => real.restore([...chunks].slice(0, 1)),
    }));
    expect(fingerprints(hasty)).toEqual(["restore | a saved state | restored → refused"]);
    const credulous = variant(() => ({ restore: () => ({ kind: "restored" as const }) }));
    expect(fingerprints(credulous)[0]).toBe("restore | a damaged state | refused → restored");
  });

  test("a state that can't be carried over, and one that takes too much room", () => {
    const padded = variant((real) => ({
      snapshot: () => Uint8Array.from([...real.snapshot(), ...new Uint8Array(400)]),
      restore: (chunks: Iterable<Uint8Array>) => {
        const bytes = Buffer.concat([...chunks]);
        return real.restore([Uint8Array.from(bytes.subarray(0, bytes.length - 400))]);
      },
    }));
    expect(fingerprints(padded)).toEqual([
      "snapshot bytes | unreadable",
      "cost | size of a saved state | more than 1.5 times the bytes",
      "forward | what the baseline saved | refused",
      "back | what the candidate saved | refused",
      // The bit that is turned over lies in the padding, which it does not check.
      "restore | a damaged state | refused → restored",
    ]);
    const [first, second] = fingerprints(padded, { carries: false, sizeBound: 20 });
    expect([first, second?.startsWith("restore")]).toEqual(["snapshot bytes | unreadable", true]);
  });

  test("what is accepted is passed over and counted, and the play goes on", () => {
    const refused = atIncrement(() => ({ reply: { kind: "failure", status: 3, message: "" }, emissions: [] }));
    const meant = "status | counter Increment | OK → FAILURE CANCELED";
    const sides = [reference, refused].map((machine) => ({ machine, inThisProcess: false })) as [never, never];
    const options = { ...OPTIONS, accepted: (fingerprint: string) => fingerprint === meant };
    const { found, accepted } = compareCalls(linesOfSteps(STEPS, true), ...sides, options);
    expect(found).toEqual([]);
    expect([...accepted]).toEqual([[meant, 1]]);
  });
});

function early({ index, input }: Entry): Entry {
  const timestamp = { seconds: 4n, nanos: 0 };
  return { index, bytes: new Uint8Array(0), input: input === "undecodable" ? input : { ...input, timestamp } };
}

// JSON has no bytes and no big integers.
function texts(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `bigint ${value}`;
  return value instanceof Uint8Array ? "bytes" : value;
}

function bytesAs(bytes: Uint8Array): (_: string, value: unknown) => unknown {
  return (_, value) => {
    if (value === "bytes") return bytes;
    return typeof value === "string" && value.startsWith("bigint ") ? BigInt(value.slice(7)) : value;
  };
}
