// When the registry's interval begins: not before somebody could have told it. What else is judged of it is in client-cases.
import { expect, test } from "vitest";
import { SessionStatus_State as State } from "../proto/atomix/runtime/v1/session.js";
import { begun, registered, with_ } from "./runs.laws.js";
import type { Tape } from "./tape.laws.js";

// Session 1 ends in entry 3, which replica 1 applies; a second later replica 1 is gone, and replica 2 has not applied it.
const goes = (): Tape =>
  with_(
    begun(),
    (t) => t.apply(2, t.answers.opened()).apply(2, t.answers.created()),
    (t) => registered(t, 1n, State.OPENING),
    (t) => t.entry(110n, undefined, t.answers.tick()).later(1),
    (t) => t.line({ e: "replica", partition: 1, replica: 1, change: "crash" }).later(9),
  );
const ended = (t: Tape): Tape => t.line({ e: "phase", phase: "end" });

test("registry/agrees: an end that no replica can tell is not judged. SPEC 4, 6", () => {
  expect(ended(goes()).verdict("registry/agrees").judged).toBe(0);
});

test("registry/agrees: the interval of 2.5 s begins when a replica can tell. SPEC 4, 6", () => {
  const told = (seconds: number): Tape => with_(goes(), (t) => t.apply(2, t.answers.tick()).later(seconds), ended);
  expect(told(2).verdict("registry/agrees").judged).toBe(0);
  expect(told(3).verdict("registry/agrees").verdict).toBe("broken");
});
