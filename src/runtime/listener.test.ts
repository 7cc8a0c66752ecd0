// The registry as a run's listener: from what clients and their supervisor report to lines of the registry.
import { describe, expect, test } from "vitest";
import { Micros } from "../base/time.js";
import { OpenParameters } from "../proto/multiraft_sim/runtime/v1/config.js";
import { ServiceId, SessionId } from "../protocol/words.js";
import type { RegistryLine, SessionLine, UseLine } from "../trace/line.js";
import { createSessionListener } from "./listener.js";
import { refuse, registryParts, State, to } from "./states.js";

const spec = { service: "lock", namespace: "default", name: "leader" };
const HOUR = 3_600_000_000;

type UseRest = Partial<Omit<UseLine, "e" | "t" | "change">>;
type SessionRest = Partial<Omit<SessionLine, "e" | "t" | "change">>;

function use(t: number, change: UseLine["change"], rest: UseRest = {}): UseLine {
  const base = { client: "c1", incarnation: 0, partition: 2, spec, session: SessionId(3n) };
  return { e: "use", t: Micros(t), change, ...base, ...rest };
}

function session(t: number, change: SessionLine["change"], rest: SessionRest = {}): SessionLine {
  return { e: "session", t: Micros(t), change, client: "c1", incarnation: 0, partition: 2, ...rest };
}

function told(lines: readonly RegistryLine[]): string[] {
  return lines.map((line) => {
    const { meta, status } = line.entry;
    return `${line.version} ${line.change} ${meta!.id!.primitive!.id} ${meta!.id!.name} ${status!.state}`;
  });
}

describe("a use", () => {
  test("becomes an entry with its id, labels, kind and open parameters, and a line at the time of the report", () => {
    const listener = createSessionListener();
    expect(listener.heard(session(1, "opening", { timeout: 1_500_000_000n }))).toEqual([]);
    expect(listener.heard(session(2, "opened", { session: SessionId(3n) }))).toEqual([]);
    const [line] = listener.heard(use(7, "opening"));
    expect({ ...line, entry: undefined }).toEqual({
      e: "registry",
      t: 7,
      change: "moved",
      version: 1n,
      entry: undefined,
      partition: 2,
      session: 3n,
    });
    expect(line!.entry.meta).toEqual({
      id: { name: "c1", primitive: { id: "lock/default/leader" } },
      version: 1n,
      labels: new Map([
        ["incarnation", "0"],
        ["partition", "2"],
        ["session", "3"],
      ]),
    });
    expect(line!.entry.status).toEqual({ state: State.OPENING });
    expect(line!.entry.spec!.kind).toBe("lock");
    expect(line!.entry.spec!.config!.typeUrl).toBe("type.googleapis.com/multiraft_sim.runtime.v1.OpenParameters");
    expect(OpenParameters.decode(line!.entry.spec!.config!.value)).toEqual({
      timeout: { seconds: 1n, nanos: 500_000_000 },
      spec,
    });
  });

  test("that is opened has its service's id as a label; one that ended says how", () => {
    const listener = createSessionListener();
    listener.heard(use(1, "opening"));
    const [opened] = listener.heard(use(2, "opened", { service: ServiceId(12n) }));
    expect(opened!.entry.meta!.labels.get("service")).toBe("12");
    listener.heard(use(3, "closing"));
    const [closed] = listener.heard(use(4, "closed"));
    expect(closed!.entry.meta!.labels.get("ended")).toBe("closed");
    expect(closed!.entry.meta!.labels.get("service")).toBe("12");
  });

  test("without a known time-out has parameters without one; without a session, no session", () => {
    const { session: _, ...bare } = use(1, "opening");
    const [line] = createSessionListener().heard(bare);
    expect(OpenParameters.decode(line!.entry.spec!.config!.value).timeout).toBeUndefined();
    expect(line).not.toHaveProperty("session");
    expect(line!.entry.meta!.labels.has("session")).toBe(false);
  });

  test("of services whose names hold slashes has a primitive of its own", () => {
    const listener = createSessionListener();
    const [a] = listener.heard(use(1, "opening", { spec: { service: "set", namespace: "a/b", name: "c%" } }));
    const [b] = listener.heard(use(1, "opening", { spec: { service: "set", namespace: "a", name: "b/c%" } }));
    expect(a!.entry.meta!.id!.primitive!.id).toBe("set/a%2Fb/c%25");
    expect(b!.entry.meta!.id!.primitive!.id).toBe("set/a/b%2Fc%25");
  });

  test("that the supervisor reports lost is CLOSED, and the client's own late news is harmless", () => {
    const listener = createSessionListener();
    listener.heard(use(1, "opening"));
    listener.heard(use(2, "opened"));
    expect(told(listener.heard(use(9, "lost", { since: Micros(5) })))).toEqual(["3 moved lock/default/leader c1 4"]);
    for (const late of ["opened", "closing", "closed", "lost"] as const)
      expect(listener.heard(use(10, late))).toEqual([]);
  });
});

describe("a session", () => {
  function twoUses() {
    const listener = createSessionListener();
    const other = { service: "counter", namespace: "default", name: "hits" };
    for (const each of [spec, other]) {
      listener.heard(use(1, "opening", { spec: each }));
      listener.heard(use(2, "opened", { spec: each }));
    }
    return listener;
  }

  test("that is closing and closed takes its uses with it, in list order", () => {
    const listener = twoUses();
    expect(told(listener.heard(session(3, "closing", { session: SessionId(3n) })))).toEqual([
      "5 moved counter/default/hits c1 3",
      "6 moved lock/default/leader c1 3",
    ]);
    expect(told(listener.heard(session(4, "closed", { session: SessionId(3n) })))).toEqual([
      "7 moved counter/default/hits c1 4",
      "8 moved lock/default/leader c1 4",
    ]);
  });

  test("that is lost takes its uses with it, and reports of each use afterwards change nothing", () => {
    const listener = twoUses();
    expect(listener.heard(session(3, "lost", { session: SessionId(3n) }))).toHaveLength(2);
    expect(listener.heard(use(3, "lost"))).toEqual([]);
  });

  test.each([
    ["another client's", { client: "c2", session: SessionId(3n) }],
    ["another partition's", { partition: 1, session: SessionId(3n) }],
    ["an earlier", { session: SessionId(2n) }],
    ["an earlier incarnation's", { incarnation: -1, session: SessionId(3n) }],
  ])("%s changes nothing", (_, rest) => {
    expect(twoUses().heard(session(3, "lost", rest))).toEqual([]);
  });

  test("that crashed tells the registry nothing: nobody knows yet", () => {
    expect(twoUses().heard(session(3, "crashed", { session: SessionId(3n) }))).toEqual([]);
  });
});

describe("time", () => {
  test("compacts at a tick, and before a report is taken", () => {
    const ticked = createSessionListener();
    ticked.heard(use(0, "opening"));
    ticked.heard(use(1, "lost"));
    expect(ticked.tick(Micros(HOUR))).toEqual([]);
    const lines = ticked.tick(Micros(HOUR + 1));
    expect(told(lines)).toEqual(["3 compacted lock/default/leader c1 4"]);
    expect(lines[0]).toMatchObject({ t: HOUR + 1, partition: 2, session: 3n });

    const reported = createSessionListener();
    reported.heard(use(0, "opening"));
    reported.heard(use(1, "lost"));
    expect(told(reported.heard(use(HOUR + 1, "opening", { client: "c0" })))).toEqual([
      "3 compacted lock/default/leader c1 4",
      "4 moved lock/default/leader c0 1",
    ]);
  });

  test("a restart under the same name is three lines", () => {
    const listener = createSessionListener();
    listener.heard(use(0, "opening"));
    expect(told(listener.heard(use(9, "opening", { incarnation: 1, session: SessionId(8n) })))).toEqual([
      "2 moved lock/default/leader c1 4",
      "3 compacted lock/default/leader c1 4",
      "4 moved lock/default/leader c1 1",
    ]);
  });
});

describe("parts", () => {
  test("registry-skips-closing and registry-misses-loss are a part each", () => {
    const { moves } = registryParts;
    const skips = createSessionListener({
      ...registryParts,
      moves: { ...moves, closing: (from) => (from === State.OPENED ? to(State.NONE) : moves.closing(from)) },
    });
    const misses = createSessionListener({ ...registryParts, moves: { ...moves, lost: () => refuse("unheard") } });
    for (const listener of [skips, misses]) {
      listener.heard(use(0, "opening"));
      listener.heard(use(1, "opened"));
    }
    expect(told(skips.heard(use(2, "closing")))).toEqual(["3 moved lock/default/leader c1 0"]);
    expect(misses.heard(use(2, "lost"))).toEqual([]);
  });
});
