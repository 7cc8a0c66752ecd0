// SPEC 2.2: how sessions open and end.
import { describe, expect, test } from "vitest";
import { GetOutput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { payload, replied, say, Script } from "./script.laws.js";
import { AcquireInput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { EnterInput, Term } from "../proto/multiraft_sim/election/v1/election.js";

const forEver = payload(AcquireInput, { timeout: undefined });

describe("2.2 open_session", () => {
  test.each([
    ["missing", undefined],
    ["zero", { seconds: 0n, nanos: 0 }],
    ["negative", { seconds: -1n, nanos: 0 }],
    ["a negative fraction", { seconds: 0n, nanos: -1 }],
    ["longer than ten thousand years", { seconds: 315_576_000_001n, nanos: 0 }],
    ["of two signs", { seconds: 1n, nanos: -1 }],
    ["of too many nanoseconds", { seconds: 1n, nanos: 1_000_000_000 }],
  ])("2.2: a timeout that is %s is INVALID", (_, timeout) => {
    const script = new Script().at(5);
    expect(say(script.apply({ $case: "openSession", value: { timeout } }))).toBe("INVALID!");
    expect(script.keepAlive(1n, 0n, [])).toBe("NOT_FOUND!");
  });

  test("2.2: the session's id is the entry's index", () => {
    const script = new Script();
    script.tick();
    const applied = script.apply({ $case: "openSession", value: { timeout: { seconds: 0n, nanos: 1 } } });
    expect(say(applied)).toBe("session 2");
  });

  test("2.2: a timeout past the end of time never comes", () => {
    const script = new Script().at(253_402_300_799n);
    expect(
      say(script.apply({ $case: "openSession", value: { timeout: { seconds: 315_576_000_000n, nanos: 0 } } })),
    ).toBe("session 1");
    expect(script.at(253_402_300_799n, 999_999_999).keepAlive(1n, 0n, [])).toBe("kept");
    const other = script.restored();
    expect(other.snapshot()).toEqual(script.snapshot());
    expect(other.keepAlive(1n, 0n, [])).toBe("kept");
  });
});

describe("2.2 the end of a session", () => {
  test("2.2: an id is never used again, and an unknown one is NOT_FOUND", () => {
    const script = new Script().at(0);
    script.open(10);
    expect(script.closeSession(1n)).toBe("closed");
    expect(script.closeSession(1n)).toBe("NOT_FOUND!");
    expect(script.open(10)).toBe(4n);
  });

  test("2.2: only keep-alives refresh it: commands don't", () => {
    const script = new Script().at(0);
    script.open(10);
    script.create(1n, "counter");
    expect(script.at(9).run(1n, 2n, 1n, "Increment")).toBe("1:OK done");
    expect(script.at(10).run(1n, 2n, 2n, "Increment")).toBe("NOT_FOUND!");
  });

  test("2.2: a keep-alive puts the end off to its own log time and the timeout", () => {
    const script = new Script().at(0);
    script.open(10);
    expect(script.at(9).keepAlive(1n, 0n, [])).toBe("kept");
    expect(script.at(18, 999_999_999).keepAlive(1n, 0n, [])).toBe("kept");
    expect(script.at(28, 999_999_999).keepAlive(1n, 0n, [])).toBe("NOT_FOUND!");
  });

  test("2.2: every session has its own timeout", () => {
    const script = new Script().at(0);
    script.open(1000);
    script.open(10);
    expect(script.at(10).keepAlive(2n, 0n, [])).toBe("NOT_FOUND!");
    expect(script.keepAlive(1n, 0n, [])).toBe("kept");
  });

  test.each(["closed", "expired"])("2.2: its services, by service id, take back and hand on when it is %s", (how) => {
    const script = new Script().at(0);
    script.open(10);
    script.open(1000);
    // Created in one order, opened by session 1 in the other.
    const later = script.create(2n, "lock", "later"); // 3
    script.create(2n, "election", "latest"); // 4
    script.create(1n, "election", "latest");
    script.create(1n, "lock", "later");
    expect(later).toBe("service 3");
    script.run(1n, 4n, 1n, "Enter", payload(EnterInput, { candidate: "one" }));
    script.run(1n, 3n, 2n, "Acquire", forEver);
    script.run(2n, 4n, 1n, "Enter", payload(EnterInput, { candidate: "two" }));
    script.run(2n, 4n, 2n, "Events");
    script.run(2n, 3n, 3n, "Acquire", forEver);
    const applied = how === "closed" ? script.closeSession(1n) : script.at(10).tick();
    expect(applied).toBe(`${how === "closed" ? "closed" : "tick"} | 2/3 1:OK done | 2/2 2:OK`);
  });

  test("2.2: its open commands end silently: a waiter of a dead session is skipped", () => {
    const script = new Script().at(0);
    script.open(1000);
    script.open(10);
    script.open(1000);
    for (const session of [1n, 2n, 3n]) script.create(session, "lock");
    script.run(1n, 4n, 1n, "Acquire", forEver);
    script.run(2n, 4n, 1n, "Acquire", forEver);
    script.run(3n, 4n, 1n, "Acquire", forEver);
    expect(script.at(10).tick()).toBe("tick");
    expect(script.run(1n, 4n, 2n, "Release")).toBe("1:OK done | 3/1 1:OK done");
  });

  test("2.2: what another session holds stays with it", () => {
    const script = new Script().at(0);
    script.open(10);
    script.open(1000);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(2n, 3n, 1n, "Acquire", forEver);
    script.at(10).tick();
    const answer = script.query(2n, 3n, "Get");
    expect(typeof answer === "string" ? answer : GetOutput.decode(answer.payload)).toEqual({
      holder: { sessionId: 2n, token: 5n },
      waiters: 0,
    });
  });

  test("2.2: another session's expiry at that instant may hand something to a session about to die: it stands till then", () => {
    // 1 and 2 die at 10; the lock goes 1 → 2 → 3, and only 3 hears of it.
    const script = new Script().at(0);
    script.open(10);
    script.open(10);
    script.open(1000);
    for (const session of [1n, 2n, 3n]) script.create(session, "lock");
    for (const session of [1n, 2n, 3n]) script.run(session, 4n, 1n, "Acquire", forEver);
    expect(script.at(10).tick()).toBe("tick | 3/1 1:OK done");
  });

  test("2.4 election: all candidacies of a session end in one change, one event, one term", () => {
    const script = new Script().at(0);
    script.open(10);
    script.open(1000);
    script.create(1n, "election");
    script.create(2n, "election");
    for (const [at, candidate] of ["a", "b"].entries()) {
      script.run(1n, 3n, BigInt(at + 1), "Enter", payload(EnterInput, { candidate }));
    }
    script.run(2n, 3n, 1n, "Enter", payload(EnterInput, { candidate: "c" }));
    script.run(2n, 3n, 2n, "Events");
    expect(script.at(10).tick()).toBe("tick | 2/2 2:OK");
    const [term] = replied(script.command(2n, 3n, 3n, "Enter", payload(EnterInput, { candidate: "c" })));
    expect(Term.decode(term?.payload ?? new Uint8Array(0))).toEqual({ term: 2n, leader: "c", candidates: [] });
  });
});
