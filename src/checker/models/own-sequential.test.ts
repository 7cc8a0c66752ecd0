// A user's model without a log, in the search: legal and illegal histories that were thought out by hand.
import { expect, test } from "vitest";
import { Status } from "../../protocol/failure.js";
import { check } from "../linearizability/check.js";
import type { Operation } from "../linearizability/history.js";
import { answered, defineModel, refused, type ModelDefinition } from "./own-model.js";
import { type Asked, NotSequential, type Sequential, type Told } from "./own-sequential.js";

/** One thing that one session at a time may hold. */
const cup: ModelDefinition<bigint> = {
  empty: 0n,
  commands: {
    Take: (holder, _payload, { session }) => (holder === 0n ? [session, answered()] : refused(Status.CONFLICT)),
    Stamp: (holder, _payload, { index }) => [holder, answered(Uint8Array.of(Number(index)))],
    Await: (holder, _payload, { session }) => (holder === 0n ? [session, answered()] : "waits"),
  },
  queries: { Whose: (holder) => answered(Uint8Array.of(Number(holder))) },
  left: (holder, session) => (holder === session ? 0n : holder),
  save: (holder) => Uint8Array.of(Number(holder)),
  load: ([holder = 0]) => BigInt(holder),
};

const none = new Uint8Array(0);
const sequential = defineModel(cup).sequential as Sequential;

function asked(
  session: bigint,
  how: Asked["how"],
  operation: string,
  told: Told | null,
  call: number,
  until: number,
): Operation {
  const head = { process: `${session}`, input: { how, operation, payload: none, session }, call };
  return told === null
    ? { ...head, outcome: "unknown", return: Infinity }
    : { ...head, output: told, outcome: "ok", return: until };
}

const OK: Told = { status: Status.OK, payload: none };
const NO: Told = { status: Status.CONFLICT, payload: none };
const told = (byte: number): Told => ({ status: Status.OK, payload: Uint8Array.of(byte) });
const verdict = (...operations: Operation[]): string =>
  check(sequential, operations as Operation<Asked, Told>[], { debug: true }).verdict;

test("one after the other: who comes second is refused", () => {
  expect(verdict(asked(1n, "command", "Take", OK, 1, 2), asked(2n, "command", "Take", NO, 3, 4))).toBe("linearizable");
  expect(verdict(asked(1n, "command", "Take", OK, 1, 2), asked(2n, "command", "Take", OK, 3, 4))).toBe(
    "not-linearizable",
  );
});

test("a session that ended holds nothing, from whenever its end may have been", () => {
  const first = asked(1n, "command", "Take", OK, 1, 2);
  const second = asked(2n, "command", "Take", OK, 4, 5);
  expect(verdict(first, asked(1n, "end", "", null, 3, 0), second)).toBe("linearizable");
  expect(verdict(first, asked(3n, "end", "", null, 3, 0), second)).toBe("not-linearizable");
});

test("a query must not be older than what was answered before it began", () => {
  const take = asked(1n, "command", "Take", OK, 1, 2);
  expect(verdict(take, asked(2n, "query", "Whose", told(1), 3, 4))).toBe("linearizable");
  expect(verdict(take, asked(2n, "query", "Whose", told(0), 3, 4))).toBe("not-linearizable");
  // While it was under way, either may be seen.
  expect(verdict(asked(1n, "command", "Take", OK, 1, 5), asked(2n, "query", "Whose", told(0), 3, 4))).toBe(
    "linearizable",
  );
});

test("what is not known may have happened, or not", () => {
  const lost = asked(1n, "command", "Take", null, 1, 0);
  expect(verdict(lost, asked(2n, "query", "Whose", told(1), 3, 4))).toBe("linearizable");
  expect(verdict(lost, asked(2n, "query", "Whose", told(0), 3, 4))).toBe("linearizable");
  expect(verdict(lost, asked(2n, "query", "Whose", told(2), 3, 4))).toBe("not-linearizable");
});

test("an operation that is not there is NOT_SUPPORTED", () => {
  const unknown: Told = { status: Status.NOT_SUPPORTED, payload: none };
  expect(verdict(asked(1n, "command", "toString", unknown, 1, 2))).toBe("linearizable");
  expect(verdict(asked(1n, "query", "Take", OK, 1, 2))).toBe("not-linearizable");
});

test("whoever looks at the log, or waits, can't be searched", () => {
  expect(() => verdict(asked(1n, "command", "Stamp", told(4), 1, 2))).toThrow(NotSequential);
  const waits = [asked(1n, "command", "Take", OK, 1, 2), asked(2n, "command", "Await", OK, 3, 4)];
  expect(() => verdict(...waits)).toThrow(NotSequential);
  expect(defineModel({ ...cup, timer: () => null }).sequential).toBeUndefined();
});
