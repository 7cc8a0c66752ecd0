// Sessions as text.
import { expect, test } from "vitest";
import type { Session } from "../proto/atomix/runtime/v1/session.js";
import { State } from "./states.js";
import { sessionTable, stateName } from "./table.js";

function session(name: string, primitive: string, state: State, labels: [string, string][] = []): Session {
  return {
    meta: { id: { name, primitive: { id: primitive } }, version: 12n, labels: new Map(labels) },
    spec: { kind: "k", config: undefined },
    status: { state },
  };
}

test("columns are as wide as what they hold, and no line ends in blanks", () => {
  const labels: [string, string][] = [
    ["partition", "1"],
    ["session", "3"],
  ];
  expect(sessionTable([session("c1", "lock/d/leader", State.OPENED, labels), session("c10", "p", State.CLOSED)])).toBe(
    "PRIMITIVE      NAME  STATE   VERSION  LABELS\n" +
      "lock/d/leader  c1    OPENED  12       partition=1 session=3\n" +
      "p              c10   CLOSED  12\n",
  );
});

test("what would move the cursor is shown as an escape", () => {
  const table = sessionTable([session("a\u001b[31m\nb\u2028", "p", State.OPENING)]);
  expect(table).toContain("a\\u001b[31m\\u000ab\\u2028");
  expect(table.split("\n")).toHaveLength(3);
});

test.each([
  [State.NONE, "NONE"],
  [State.OPENING, "OPENING"],
  [State.OPENED, "OPENED"],
  [State.CLOSING, "CLOSING"],
  [State.CLOSED, "CLOSED"],
])("state %d is called %s", (state, name) => {
  expect(stateName(state)).toBe(name);
});
