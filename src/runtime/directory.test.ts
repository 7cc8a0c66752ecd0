// What callers see of the registry: lists, lookups, and the wait for the next version.
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Session } from "../proto/atomix/runtime/v1/session.js";
import { type DirectoryChange, SessionDirectory } from "./directory.js";
import { State } from "./states.js";

function entry(primitive: string, name: string, kind: string, version: bigint, state: State = State.OPENED): Session {
  return {
    meta: { id: { name, primitive: { id: primitive } }, version, labels: new Map() },
    spec: { kind, config: undefined },
    status: { state },
  };
}

function moved(version: bigint, of: Session): DirectoryChange {
  return { change: "moved", version, entry: of };
}

function ids(list: readonly Session[]): string[] {
  return list.map((each) => `${each.meta!.id!.primitive!.id} ${each.meta!.id!.name}`);
}

describe("list", () => {
  test("is in key order of the primitive, then of the name, whatever the order of change", () => {
    const directory = new SessionDirectory();
    // U+FF61 is EF BD A1 in UTF-8, U+1F600 is F0 9F 98 80; in UTF-16 the second would come first.
    const keys: [string, string][] = [
      ["b", "1"],
      ["a", "\u{1F600}"],
      ["a", "｡"],
      ["a/x", "0"],
      ["a", "z"],
      ["B", "9"],
    ];
    directory.take(keys.map(([primitive, name], i) => moved(BigInt(i + 1), entry(primitive, name, "k", 1n))));
    expect(ids(directory.list(""))).toEqual(["B 9", "a z", "a ｡", "a \u{1F600}", "a/x 0", "b 1"]);
  });

  test("with a type holds the entries of exactly that kind; without, all", () => {
    const directory = new SessionDirectory();
    directory.take([
      moved(1n, entry("p", "a", "lock", 1n)),
      moved(2n, entry("p", "b", "locks", 2n)),
      moved(3n, entry("p", "c", "lock", 3n)),
    ]);
    expect(ids(directory.list("lock"))).toEqual(["p a", "p c"]);
    expect(directory.list("")).toHaveLength(3);
    expect(directory.list("loc")).toEqual([]);
  });

  test("holds an entry once, as it was last, and not after it was compacted or moved to NONE", () => {
    const directory = new SessionDirectory();
    directory.take([moved(1n, entry("p", "a", "k", 1n, State.OPENING)), moved(2n, entry("p", "a", "k", 2n))]);
    expect(directory.list("").map((each) => each.status!.state)).toEqual([State.OPENED]);
    directory.take([{ change: "compacted", version: 3n, entry: entry("p", "a", "k", 2n, State.CLOSED) }]);
    expect(directory.list("")).toEqual([]);
    expect(directory.version).toBe(3n);
    directory.take([moved(4n, entry("p", "b", "k", 4n)), moved(5n, entry("p", "b", "k", 5n, State.NONE))]);
    expect(directory.list("")).toEqual([]);
  });
});

describe("get", () => {
  test("finds by name and primitive together", () => {
    const directory = new SessionDirectory();
    const a = entry("p", "a", "k", 1n);
    directory.take([moved(1n, a), moved(2n, entry("q", "a", "k", 2n))]);
    expect(directory.get({ name: "a", primitive: { id: "p" } })).toBe(a);
    expect(directory.get({ name: "p", primitive: { id: "a" } })).toBeUndefined();
    expect(directory.get({ name: "a", primitive: undefined })).toBeUndefined();
  });

  test("does not take two ids for one that only read alike", () => {
    const directory = new SessionDirectory();
    directory.take([moved(1n, entry("ab", "c", "k", 1n))]);
    expect(directory.get({ name: "bc", primitive: { id: "a" } })).toBeUndefined();
    expect(directory.get({ name: "", primitive: { id: "abc" } })).toBeUndefined();
  });
});

describe("watch", () => {
  test("waits while the version is the one seen, and is woken once", () => {
    const directory = new SessionDirectory();
    directory.take([moved(1n, entry("p", "a", "k", 1n))]);
    const wake = vi.fn(() => expect(directory.version).toBe(3n));
    directory.watch(1n, wake);
    expect(wake).not.toHaveBeenCalled();
    expect(directory.waiting).toBe(1);
    directory.take([moved(2n, entry("p", "b", "k", 2n)), moved(3n, entry("p", "c", "k", 3n))]);
    expect(wake).toHaveBeenCalledTimes(1);
    directory.take([moved(4n, entry("p", "d", "k", 4n))]);
    expect(wake).toHaveBeenCalledTimes(1);
    expect(directory.waiting).toBe(0);
  });

  test.each([
    ["nothing", undefined],
    ["an older version", 0n],
    ["another registry's later version", 2n],
  ])("who has seen %s is woken at once", (_, seen) => {
    const directory = new SessionDirectory();
    directory.take([moved(1n, entry("p", "a", "k", 1n))]);
    const wake = vi.fn();
    directory.watch(seen, wake);
    expect(wake).toHaveBeenCalledTimes(1);
    expect(directory.waiting).toBe(0);
  });

  test("waits at version 0 for the first change of all", () => {
    const directory = new SessionDirectory();
    const wake = vi.fn();
    directory.watch(0n, wake);
    expect(directory.waiting).toBe(1);
    directory.take([moved(1n, entry("p", "a", "k", 1n))]);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  test("is not woken after it was called off, and calls off itself only", () => {
    const directory = new SessionDirectory();
    const wake = vi.fn();
    const first = directory.watch(0n, wake);
    directory.watch(0n, wake);
    first();
    first();
    expect(directory.waiting).toBe(1);
    directory.take([moved(1n, entry("p", "a", "k", 1n))]);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  test("who is woken may watch again, and then waits for the change after", () => {
    const directory = new SessionDirectory();
    const seen: bigint[] = [];
    const again = (): void => {
      seen.push(directory.version);
      directory.watch(directory.version, again);
    };
    directory.watch(undefined, again);
    directory.take([moved(1n, entry("p", "a", "k", 1n))]);
    directory.take([moved(2n, entry("p", "a", "k", 2n))]);
    expect(seen).toEqual([0n, 1n, 2n]);
    expect(directory.waiting).toBe(1);
  });

  test("no change: nobody is woken", () => {
    const directory = new SessionDirectory();
    const wake = vi.fn();
    directory.watch(0n, wake);
    directory.take([]);
    expect(wake).not.toHaveBeenCalled();
  });
});

test("a watcher that lags or reconnects at any time misses no final state", () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    state: fc.constantFrom<State | "gone">(1, 2, 3, 4, "gone"),
  });
  const claim = fc.property(
    fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 12 }),
    fc.array(fc.boolean()),
    (batches, asks) => {
      const directory = new SessionDirectory();
      let version = 0n;
      let seen: bigint | undefined;
      let view: string[] = [];
      let waiting = false;
      const look = (): void => {
        waiting = false;
        seen = directory.version;
        view = directory.list("").map((each) => `${each.meta!.id!.name}=${each.status!.state}`);
      };
      const ask = (): void => {
        if (waiting) return;
        waiting = true;
        directory.watch(seen, look);
      };
      const truth = new Map<string, State>();
      batches.forEach((batch, i) => {
        if (asks[i] === true) ask();
        const changes = batch.map(({ name, state }): DirectoryChange => {
          version += 1n;
          if (state === "gone") truth.delete(name);
          else truth.set(name, state);
          if (state === "gone") return { change: "compacted", version, entry: entry("p", name, "k", version, 4) };
          return moved(version, entry("p", name, "k", version, state));
        });
        directory.take(changes);
      });
      ask();
      expect(seen).toBe(version);
      expect(view).toEqual([...truth].map(([name, state]) => `${name}=${state}`).sort());
    },
  );
  fc.assert(claim, { numRuns: 300 });
});
