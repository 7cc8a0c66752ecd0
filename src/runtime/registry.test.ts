// The registry's decisions, claim by claim: moves, versions, restarts, late reports, compaction.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Micros } from "../base/time.js";
import type { Session, SessionId } from "../proto/atomix/runtime/v1/session.js";
import { type Change, type Life, type Outcome, Registry } from "./registry.js";
import { refuse, registryParts, type Report, State, to } from "./states.js";

const HOUR = 3_600_000_000;
const id: SessionId = { name: "c1", primitive: { id: "lock/default/l" } };
const first: Life = { incarnation: 0, session: 3n };
const spec = { kind: "lock", config: undefined };

function changes(outcome: Outcome): readonly Change[] {
  if (outcome.kind === "refused") throw new Error(`refused: ${outcome.reason}`);
  return outcome.changes;
}

/** "OPENED@2" per change; compactions as "compacted@3". */
function told(list: readonly Change[]): string[] {
  return list.map((change) => {
    if (change.change === "compacted") return `compacted@${change.version}`;
    const state = change.entry.status!.state;
    return `${Object.keys(State).find((name) => State[name as keyof typeof State] === state)}@${change.version}`;
  });
}

function opened(at = Micros(0)): Registry {
  const registry = new Registry();
  registry.open(id, first, spec, {}, at);
  return registry;
}

const at = Micros(0);

describe("moves", () => {
  test("a use goes OPENING, OPENED, CLOSING, CLOSED, each change one version on", () => {
    const registry = new Registry();
    expect(told(changes(registry.open(id, first, spec, {}, at)))).toEqual(["OPENING@1"]);
    expect(told(changes(registry.report(id, first, "opened", {}, at)))).toEqual(["OPENED@2"]);
    expect(told(changes(registry.report(id, first, "closing", {}, at)))).toEqual(["CLOSING@3"]);
    expect(told(changes(registry.report(id, first, "closed", {}, at)))).toEqual(["CLOSED@4"]);
    expect(registry.version).toBe(4n);
  });

  test.each<[Report[], string[]]>([
    [["lost"], ["CLOSED@2"]],
    [
      ["opened", "lost"],
      ["OPENED@2", "CLOSED@3"],
    ],
    [
      ["opened", "closing", "lost"],
      ["OPENED@2", "CLOSING@3", "CLOSED@4"],
    ],
    [["closed"], ["CLOSED@2"]],
    [
      ["opened", "closed"],
      ["OPENED@2", "CLOSED@3"],
    ],
  ])("%j ends the entry", (reports, expected) => {
    const registry = opened();
    expect(reports.flatMap((report) => told(changes(registry.report(id, first, report, {}, at))))).toEqual(expected);
  });

  test("who closes before the opening is answered is CLOSING as soon as it is", () => {
    const registry = opened();
    expect(changes(registry.report(id, first, "closing", {}, at))).toEqual([]);
    expect(told(changes(registry.report(id, first, "opened", {}, at)))).toEqual(["OPENED@2", "CLOSING@3"]);
  });

  test.each<[Report[], Report, string]>([
    [["opened"], "opened", "answered before"],
    [["opened", "closing"], "opened", "answered before"],
    [["opened", "closing"], "closing", "closing before"],
    [["lost"], "opened", "answered before"],
    [["lost"], "closing", "closing before"],
    [["lost"], "closed", "ended before"],
    [["closed"], "lost", "ended before"],
  ])("after %j the report %s is refused and changes nothing", (reports, late, reason) => {
    const registry = opened();
    for (const report of reports) registry.report(id, first, report, {}, at);
    const version = registry.version;
    expect(registry.report(id, first, late, {}, at)).toEqual({
      kind: "refused",
      reason: expect.stringContaining(reason),
    });
    expect(registry.version).toBe(version);
  });

  test("a report of what was never asked for is refused", () => {
    expect(new Registry().report(id, first, "opened", {}, at)).toEqual({ kind: "refused", reason: "no such entry" });
  });

  test("an entry carries the version of its last change, and keeps its id and spec", () => {
    const registry = opened();
    const config = { typeUrl: "t", value: new Uint8Array([1]) };
    const other: SessionId = { name: "c2", primitive: id.primitive };
    registry.open(other, first, { kind: "lock", config }, {}, at);
    registry.report(id, first, "opened", {}, at);
    const [change] = changes(registry.report(other, first, "opened", {}, at));
    expect(change!.entry).toEqual<Session>({
      meta: { id: other, version: 4n, labels: new Map() },
      spec: { kind: "lock", config },
      status: { state: State.OPENED },
    });
  });

  test("a change leaves the entries that were handed out before as they were", () => {
    const registry = new Registry();
    const [opening] = changes(registry.open(id, first, spec, { partition: "1" }, at));
    registry.report(id, first, "opened", { service: "9" }, at);
    expect(opening!.entry.status!.state).toBe(State.OPENING);
    expect(opening!.entry.meta!.version).toBe(1n);
    expect([...opening!.entry.meta!.labels]).toEqual([["partition", "1"]]);
  });

  test("labels add up and stand in the order of their keys", () => {
    const registry = new Registry();
    registry.open(id, first, spec, { partition: "1", session: "3" }, at);
    const [change] = changes(registry.report(id, first, "lost", { ended: "lost" }, at));
    expect([...change!.entry.meta!.labels]).toEqual([
      ["ended", "lost"],
      ["partition", "1"],
      ["session", "3"],
    ]);
  });
});

describe("restart under the same name", () => {
  const later: Life = { incarnation: 1, session: 9n };

  test.each<[Report[], string[]]>([
    [[], ["CLOSED@2", "compacted@3", "OPENING@4"]],
    [["opened"], ["CLOSED@3", "compacted@4", "OPENING@5"]],
    [
      ["opened", "closing"],
      ["CLOSED@4", "compacted@5", "OPENING@6"],
    ],
    [
      ["opened", "lost"],
      ["compacted@4", "OPENING@5"],
    ],
  ])("after %j the old entry is closed and compacted before the new one is made", (reports, expected) => {
    const registry = opened();
    for (const report of reports) registry.report(id, first, report, {}, at);
    expect(told(changes(registry.open(id, later, spec, {}, at)))).toEqual(expected);
  });

  test("the old entry says that it was replaced, and the new one does not inherit its labels", () => {
    const registry = new Registry();
    registry.open(id, first, spec, { session: "3" }, at);
    const [closed, compacted, opening] = changes(registry.open(id, later, spec, { session: "9" }, at));
    expect(Object.fromEntries(closed!.entry.meta!.labels)).toEqual({ ended: "replaced", session: "3" });
    expect(compacted!.entry).toBe(closed!.entry);
    expect(compacted!.life).toEqual(first);
    expect(Object.fromEntries(opening!.entry.meta!.labels)).toEqual({ session: "9" });
    expect(opening!.life).toEqual(later);
  });

  test("a client that lost its session uses the service anew in the next one", () => {
    const registry = opened();
    registry.report(id, first, "lost", {}, at);
    const next: Life = { incarnation: 0, session: 7n };
    expect(told(changes(registry.open(id, next, spec, {}, at)))).toEqual(["compacted@3", "OPENING@4"]);
  });

  test("the same opening told twice is refused, also when its entry has ended", () => {
    const registry = opened();
    expect(registry.open(id, first, spec, {}, at).kind).toBe("refused");
    registry.report(id, first, "closed", {}, at);
    expect(registry.open(id, first, spec, {}, at).kind).toBe("refused");
    expect(registry.version).toBe(2n);
  });

  test.each<[string, Life]>([
    ["an earlier incarnation", { incarnation: 0, session: 99n }],
    ["an earlier session", { incarnation: 1, session: 3n }],
  ])("an opening of %s comes too late", (_, stale) => {
    const registry = new Registry();
    registry.open(id, later, spec, {}, at);
    expect(registry.open(id, stale, spec, {}, at)).toEqual({
      kind: "refused",
      reason: "a later use has taken its name",
    });
  });

  test("a supervisor's report of the earlier use leaves the new entry alone", () => {
    const registry = opened();
    registry.open(id, later, spec, {}, at);
    expect(registry.report(id, first, "lost", {}, at)).toEqual({
      kind: "refused",
      reason: "the entry stands for another use under this name",
    });
  });

  test("a reporter that does not know the session speaks of the incarnation's present one", () => {
    const registry = opened();
    const vague: Life = { incarnation: 0, session: undefined };
    expect(told(changes(registry.report(id, vague, "lost", {}, at)))).toEqual(["CLOSED@2"]);
  });
});

describe("a report about a session", () => {
  test("holds for each of its uses, in list order, and for no other's", () => {
    const registry = new Registry();
    const ids = ["set/d/b", "lock/d/a", "map/d/c"].map((primitive) => ({ name: "c1", primitive: { id: primitive } }));
    for (const each of ids) registry.open(each, first, spec, {}, at);
    registry.open({ name: "c2", primitive: { id: "lock/d/a" } }, first, spec, {}, at);
    registry.report(ids[2]!, first, "lost", {}, at);
    const list = registry.reportAll((entry) => entry.meta!.id!.name === "c1", first, "lost", {}, at);
    expect(list.map((change) => change.entry.meta!.id!.primitive!.id)).toEqual(["lock/d/a", "set/d/b"]);
    expect(told(list)).toEqual(["CLOSED@6", "CLOSED@7"]);
  });
});

describe("compaction", () => {
  test("takes an entry an hour after it was CLOSED, not a microsecond earlier, and is a change", () => {
    const registry = opened(Micros(5));
    registry.report(id, first, "lost", {}, Micros(10));
    expect(registry.compact(Micros(HOUR + 9))).toEqual([]);
    expect(told(registry.compact(Micros(HOUR + 10)))).toEqual(["compacted@3"]);
    expect(registry.compact(Micros(HOUR + 10))).toEqual([]);
    expect(registry.version).toBe(3n);
  });

  test("takes those first that were closed first, and leaves what lives", () => {
    const registry = new Registry();
    const ids = ["a", "b", "c", "d"].map((name) => ({ name, primitive: { id: "p" } }));
    for (const each of ids) registry.open(each, first, spec, {}, at);
    registry.report(ids[2]!, first, "lost", {}, Micros(1));
    registry.report(ids[0]!, first, "lost", {}, Micros(2));
    registry.report(ids[3]!, first, "lost", {}, Micros(3));
    expect(registry.compact(Micros(HOUR + 2)).map((change) => change.entry.meta!.id!.name)).toEqual(["c", "a"]);
    expect(registry.compact(Micros(2 * HOUR)).map((change) => change.entry.meta!.id!.name)).toEqual(["d"]);
    expect(registry.compact(Micros(9 * HOUR))).toEqual([]);
  });

  test("does not take the entry that has replaced a closed one", () => {
    const registry = opened();
    registry.report(id, first, "lost", {}, Micros(1));
    registry.open(id, { incarnation: 1, session: 9n }, spec, {}, Micros(2));
    expect(registry.compact(Micros(2 * HOUR))).toEqual([]);
  });

  test("an opening after compaction makes the entry anew", () => {
    const registry = opened();
    registry.report(id, first, "lost", {}, at);
    registry.compact(Micros(HOUR));
    const outcome = registry.open(id, { incarnation: 0, session: 8n }, spec, {}, Micros(HOUR));
    expect(told(changes(outcome))).toEqual(["OPENING@4"]);
  });
});

describe("parts", () => {
  test("a registry whose closing goes to NONE drops the entry, and says so", () => {
    const moves = { ...registryParts.moves, closing: () => to(State.NONE) };
    const registry = new Registry({ ...registryParts, moves });
    registry.open(id, first, spec, {}, at);
    registry.report(id, first, "opened", {}, at);
    expect(told(changes(registry.report(id, first, "closing", {}, at)))).toEqual(["NONE@3"]);
    expect(registry.report(id, first, "closed", {}, at)).toEqual({ kind: "refused", reason: "no such entry" });
  });

  test("a registry that is deaf to losses leaves the entry OPENED", () => {
    const moves = { ...registryParts.moves, lost: () => refuse("deaf") };
    const registry = new Registry({ ...registryParts, moves });
    registry.open(id, first, spec, {}, at);
    registry.report(id, first, "opened", {}, at);
    expect(registry.report(id, first, "lost", {}, at)).toEqual({ kind: "refused", reason: "deaf" });
    expect(registry.version).toBe(2n);
  });
});

// The legal moves of SPEC 4, written down a second time, as pairs.
const LEGAL = new Set([
  "NONE>OPENING",
  "OPENING>OPENED",
  "OPENED>CLOSING",
  "CLOSING>CLOSED",
  "OPENING>CLOSED",
  "OPENED>CLOSED",
]);

test("whatever is reported in whatever order, moves are legal and versions rise by exactly one", () => {
  const event = fc.record({
    name: fc.constantFrom("a", "b"),
    life: fc.record({ incarnation: fc.nat(2), session: fc.option(fc.bigInt(1n, 3n), { nil: undefined }) }),
    what: fc.constantFrom("open" as const, "opened" as const, "closing" as const, "closed" as const, "lost" as const),
    wait: fc.constantFrom(0, 1, HOUR),
  });
  const claim = fc.property(fc.array(event, { maxLength: 60 }), (events) => {
    const registry = new Registry();
    const states = new Map<string, string>();
    let version = 0n;
    let now = 0;
    const see = (change: Change): void => {
      expect(change.version).toBe(++version);
      const name = change.entry.meta!.id!.name;
      const from = states.get(name) ?? "NONE";
      if (change.change === "compacted") {
        expect(from).toBe("CLOSED");
        states.delete(name);
        return;
      }
      const [state] = told([change])[0]!.split("@");
      expect(LEGAL).toContain(`${from}>${state}`);
      expect(change.entry.meta!.version).toBe(version);
      states.set(name, state!);
    };
    for (const { name, life, what, wait } of events) {
      now += wait;
      registry.compact(Micros(now)).forEach(see);
      const which = { name, primitive: { id: "p" } };
      const outcome =
        what === "open"
          ? registry.open(which, life, spec, {}, Micros(now))
          : registry.report(which, life, what, {}, Micros(now));
      if (outcome.kind === "changed") outcome.changes.forEach(see);
    }
    expect(registry.version).toBe(version);
  });
  fc.assert(claim, { numRuns: 300 });
});
