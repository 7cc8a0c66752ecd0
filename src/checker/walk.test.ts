// The model that goes forth and back: taken back, it is what it was, in what it answers and in what it expects of a state.
import { expect, it } from "vitest";
import { reference } from "../fsm/reference.js";
import { makeEntry } from "../protocol/entry.js";
import { LogIndex } from "../protocol/words.js";
import type { CommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { Walk } from "./walk.js";

const at = (seconds: bigint) => ({ seconds, nanos: 0 });
const open = (seconds: bigint): CommandInput => ({
  timestamp: at(seconds),
  input: { $case: "openSession", value: { timeout: at(2n) } },
});
const close = (sessionId: bigint): CommandInput => ({
  timestamp: undefined,
  input: { $case: "closeSession", value: { sessionId } },
});
const tick = (seconds: bigint): CommandInput => ({ timestamp: at(seconds), input: undefined });

it("an entry that is taken back never was: the next one comes to what it would have come to", () => {
  const walk = new Walk(reference.capabilities);
  walk.forth(open(1n));
  const before = walk.fingerprint();
  expect(walk.forth(tick(3n)).ended).toHaveLength(1);
  expect(walk.fingerprint()).not.toBe(before);
  walk.back();
  expect(walk.fingerprint()).toBe(before);
  expect(walk.index).toBe(1n);
  // At 2 s it lives, and is closed by nobody else's death: no grave of the other way is left.
  const closed = walk.forth(close(1n));
  expect(closed.sessionWas).toBe("fresh");
  walk.back();
  expect(walk.forth(tick(2n)).ended).toEqual([]);
  walk.back();
  expect(walk.forth(tick(3n)).ended).toHaveLength(1);
});

it("says whether a machine's answer and state are the model's", () => {
  const walk = new Walk(reference.capabilities);
  const machine = reference.create();
  const step = walk.forth(open(1n));
  const applied = machine.apply(makeEntry(LogIndex(1n), open(1n)));
  expect(walk.answers(step, applied)).toBe(true);
  expect(walk.shows(machine.snapshot())).toBe(true);
  expect(walk.answers(step, { ...applied, reply: { kind: "answer", outputs: [], complete: true } })).toBe(false);
  walk.forth(tick(2n));
  expect(walk.shows(machine.snapshot())).toBe(false);
});
