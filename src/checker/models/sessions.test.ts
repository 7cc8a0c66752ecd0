// The model of sessions, case by case: what SPEC 2 says, worked out by hand.
import { describe, expect, test } from "vitest";
import { Status } from "../../protocol/failure.js";
import { AcquireInput } from "../../proto/multiraft_sim/lock/v1/lock.js";
import { closeService, closeSession, command, createService, HOLDS_1, keepAlive, openSession } from "../tape.laws.js";
import { models } from "./registry.js";
import { PartitionModel } from "./sessions.js";
import type { ExpectedReply, Step } from "./step.js";

type Input = Parameters<typeof at>[1];

const at = (seconds: bigint, input?: ReturnType<typeof openSession>, nanos = 0) => ({
  timestamp: { seconds, nanos },
  input,
});

class Log {
  readonly model = new PartitionModel(models, Object.keys(models));
  #line = 1;

  step(seconds: bigint, input?: Input, nanos = 0): Step {
    return this.model.step(++this.#line, at(seconds, input, nanos));
  }

  reply(seconds: bigint, input?: Input): ExpectedReply {
    return this.step(seconds, input).reply;
  }
}

const refused = (reply: ExpectedReply): Status | null => (reply.kind === "failure" ? reply.status : null);
const numbers = (reply: ExpectedReply): bigint[] | null =>
  reply.kind === "outputs" ? reply.outputs.map((output) => output.num) : null;

// Session 1 of 10 s at 100 s; service 2, opened by it.
function begun(kind: string): Log {
  const log = new Log();
  log.step(100n, openSession(10n));
  log.step(100n, createService(1n, kind));
  return log;
}

describe("log time", () => {
  test("is the greatest valid timestamp; others move nothing", () => {
    const log = new Log();
    const seconds = (): bigint => log.model.time / 1_000_000_000n;
    log.step(100n);
    log.step(99n);
    expect(seconds()).toBe(100n);
    log.step(-1n);
    log.step(253_402_300_800n);
    log.step(101n, undefined, 1_000_000_000);
    expect(seconds()).toBe(100n);
    log.model.step(9, { timestamp: undefined, input: undefined });
    expect(seconds()).toBe(100n);
    log.step(253_402_300_799n);
    expect(seconds()).toBe(253_402_300_799n);
  });

  test("an undecodable entry moves nothing and takes its index", () => {
    const log = new Log();
    expect(refused(log.model.step(2, "undecodable").reply)).toBe(Status.INVALID);
    expect(log.model.index).toBe(1n);
  });
});

describe("sessions", () => {
  test("a time-out must be above zero and in range", () => {
    const log = new Log();
    expect(refused(log.reply(1n, openSession(0n)))).toBe(Status.INVALID);
    expect(refused(log.reply(1n, openSession(-1n)))).toBe(Status.INVALID);
    expect(refused(log.reply(1n, openSession(315_576_000_001n)))).toBe(Status.INVALID);
    expect(log.reply(1n, openSession(0n, 1))).toEqual({ kind: "opened", id: 4n });
  });

  test("dead at the deadline, alive a nanosecond before", () => {
    const log = begun("counter");
    expect(log.step(109n, undefined, 999_999_999).ended).toEqual([]);
    expect(log.step(110n).ended).toMatchObject([{ id: 1n, how: "expired" }]);
    expect(refused(log.reply(110n, keepAlive(1n)))).toBe(Status.NOT_FOUND);
  });

  test("only a keep-alive refreshes", () => {
    const log = begun("counter");
    log.step(105n, command(1n, 1n, 2n, "Increment"));
    log.step(106n, keepAlive(1n));
    expect(log.step(115n).ended).toEqual([]);
    expect(log.step(116n).ended).toHaveLength(1);
  });

  test("sessions of one deadline end by id", () => {
    const log = new Log();
    log.step(100n, openSession(10n));
    log.step(100n, openSession(10n));
    expect(log.step(120n).ended.map((grave) => grave.id)).toEqual([1n, 2n]);
  });
});

describe("keep-alives", () => {
  const increments = (count: bigint): Log => {
    const log = begun("counter");
    for (let num = 1n; num <= count; num++) log.step(100n, command(1n, num, 2n, "Increment"));
    return log;
  };
  const session = (log: Log) => log.model.sessions.get(1n)!;

  test("forget what is not in the filter up to last_input, and leave what is above", () => {
    const log = increments(3n);
    log.step(100n, keepAlive(1n, 2n, HOLDS_1));
    expect([...session(log).commands.keys()]).toEqual([1n, 3n]);
    expect(session(log).mark).toBe(2n);
  });

  test("list what is in the filter and never arrived, once above the mark as it stood before", () => {
    const log = begun("counter");
    log.step(100n, keepAlive(1n, 2n, HOLDS_1));
    expect([...session(log).listed.keys()]).toEqual([1n]);
    // Number 1 was given up: it leaves. An older keep-alive that still has it does not bring it back.
    log.step(100n, keepAlive(1n, 2n));
    log.step(100n, keepAlive(1n, 1n, HOLDS_1));
    expect(session(log).listed.size).toBe(0);
    expect(refused(log.reply(100n, command(1n, 1n, 2n, "Increment")))).toBe(Status.CANCELED);
  });

  test("an older one neither lowers the mark nor forgets what came later", () => {
    const log = increments(3n);
    log.step(100n, keepAlive(1n, 2n, HOLDS_1));
    log.step(100n, keepAlive(1n, 0n));
    expect(session(log).mark).toBe(2n);
    expect([...session(log).commands.keys()]).toEqual([1n, 3n]);
  });

  test("cover at most 65 536 numbers that never arrived", () => {
    const log = begun("counter");
    expect(refused(log.reply(100n, keepAlive(1n, 65_537n)))).toBe(Status.INVALID);
    expect(session(log).mark).toBe(0n);
    expect(log.reply(100n, keepAlive(1n, 65_536n))).toEqual({ kind: "kept-alive" });
  });

  test("a filter that does not decode refreshes nothing", () => {
    const log = begun("counter");
    expect(refused(log.reply(105n, keepAlive(1n, 0n, new Uint8Array([123, 125]))))).toBe(Status.INVALID);
    expect(log.step(110n).ended).toHaveLength(1);
  });
});

describe("commands", () => {
  test("are answered once and repeated until they are forgotten", () => {
    const log = begun("counter");
    const first = log.step(100n, command(1n, 1n, 2n, "Increment"));
    const again = log.step(100n, command(1n, 1n, 2n, "Increment"));
    expect([first.run, again.run]).toEqual(["first", "retry"]);
    expect(again.reply).toEqual(first.reply);
    expect(refused(log.reply(100n, command(1n, 1n, 2n, "Decrement")))).toBe(Status.CONFLICT);
    log.step(100n, keepAlive(1n, 1n));
    expect(refused(log.reply(100n, command(1n, 1n, 2n, "Decrement")))).toBe(Status.CANCELED);
  });

  test("a listed number runs once, whatever the mark", () => {
    const log = begun("counter");
    log.step(100n, keepAlive(1n, 5n, HOLDS_1));
    expect(log.step(100n, command(1n, 1n, 2n, "Increment")).run).toBe("listed");
    expect(log.step(100n, command(1n, 1n, 2n, "Increment")).run).toBe("retry");
  });

  test("number 0 is INVALID, a dead session NOT_FOUND, in this order of checks", () => {
    const log = begun("counter");
    expect(refused(log.reply(100n, command(1n, 0n, 2n, "Increment")))).toBe(Status.INVALID);
    expect(refused(log.reply(100n, command(9n, 0n, 2n, "Increment")))).toBe(Status.NOT_FOUND);
  });

  test("what is wrong with the service or the operation is an output", () => {
    const log = begun("counter");
    log.step(100n, openSession(10n));
    const status = (session: bigint, num: bigint, service: bigint, name: string, payload?: Uint8Array): unknown => {
      const { reply } = log.step(100n, command(session, num, service, name, payload));
      return reply.kind === "outputs" ? [reply.complete, reply.outputs.map((output) => output.status)] : null;
    };
    expect(status(1n, 1n, 9n, "Increment")).toEqual([true, [Status.NOT_FOUND]]);
    expect(status(3n, 1n, 2n, "Increment")).toEqual([true, [Status.FORBIDDEN]]);
    expect(status(1n, 2n, 2n, "Get")).toEqual([true, [Status.NOT_SUPPORTED]]);
    expect(status(1n, 3n, 2n, "Set", new Uint8Array([8]))).toEqual([true, [Status.INVALID]]);
  });

  test("an acknowledged output is not repeated, and numbering goes on", () => {
    const log = begun("set");
    log.step(100n, command(1n, 1n, 2n, "Events"));
    log.step(100n, keepAlive(1n, 1n, HOLDS_1, [[1n, 1n]]));
    expect(numbers(log.reply(100n, command(1n, 1n, 2n, "Events")))).toEqual([]);
    const { emissions } = log.step(100n, command(1n, 2n, 2n, "Add"));
    expect(emissions.map(({ output }) => output.num)).toEqual([2n]);
    expect(numbers(log.reply(100n, command(1n, 1n, 2n, "Events")))).toEqual([2n]);
  });
});

describe("services", () => {
  test("are opened by spec, refused when unknown or when the name is taken", () => {
    const log = begun("counter");
    expect(log.reply(100n, createService(1n, "counter"))).toEqual({ kind: "service-opened", id: 2n });
    expect(refused(log.reply(100n, createService(1n, "nonsense")))).toBe(Status.NOT_SUPPORTED);
    expect(refused(log.reply(100n, createService(1n, "lock", "counter")))).toBe(Status.CONFLICT);
  });

  test("closing ends open commands with a last CANCELED, and hands on", () => {
    const log = begun("lock");
    log.step(100n, openSession(10n));
    log.step(100n, createService(3n, "lock"));
    log.step(100n, command(1n, 1n, 2n, "Acquire")); // entry 5: granted
    log.step(100n, command(3n, 1n, 2n, "Acquire")); // entry 6: waits
    log.step(100n, command(1n, 2n, 2n, "Acquire")); // entry 7: waits behind
    const { reply, emissions } = log.step(100n, closeService(1n, 2n));
    expect(reply).toEqual({ kind: "service-closed" });
    expect(emissions.map(({ session, command: each, output }) => [session.id, each.num, output.status])).toEqual([
      [1n, 2n, Status.CANCELED],
      [3n, 1n, Status.OK],
    ]);
    expect(log.reply(100n, closeService(1n, 2n))).toEqual({ kind: "service-closed" });
    expect(refused(log.reply(100n, closeService(1n, 9n)))).toBe(Status.NOT_FOUND);
  });

  test("a lock goes to the next one when its holder expires; a grant to one who dies in the same entry is not emitted", () => {
    const log = begun("lock");
    log.step(100n, openSession(15n)); // session 3, until 115 s
    log.step(100n, createService(3n, "lock"));
    log.step(100n, command(1n, 1n, 2n, "Acquire"));
    log.step(100n, command(3n, 1n, 2n, "Acquire"));
    const both = log.step(115n);
    expect(both.ended.map((grave) => grave.id)).toEqual([1n, 3n]);
    expect(both.emissions).toEqual([]);
    expect(both.notes).toContain("emission-to-the-dead");
  });

  test("a waiter's time-out in the entry that retries it stands in the reply only", () => {
    const log = begun("lock");
    const wait = AcquireInput.encode({ timeout: { seconds: 1n, nanos: 0 } }).finish();
    log.step(100n, command(1n, 1n, 2n, "Acquire"));
    log.step(100n, command(1n, 2n, 2n, "Acquire", wait));
    const { reply, emissions } = log.step(101n, command(1n, 2n, 2n, "Acquire", wait));
    expect(emissions).toEqual([]);
    expect(reply).toMatchObject({ kind: "outputs", complete: true, outputs: [{ num: 1n, status: Status.TIMEOUT }] });
  });
});

test("closing a session frees what it had; its id is never found again", () => {
  const log = begun("lock");
  log.step(100n, command(1n, 1n, 2n, "Acquire"));
  expect(log.reply(100n, closeSession(1n))).toEqual({ kind: "closed" });
  expect(refused(log.reply(100n, closeSession(1n)))).toBe(Status.NOT_FOUND);
  expect(refused(log.reply(100n, closeSession(77n)))).toBe(Status.NOT_FOUND);
});

test("the state can be looked at as it was after any remembered entry", () => {
  const log = begun("counter");
  for (let num = 1n; num <= 5n; num++) log.step(100n, command(1n, num, 2n, "Increment"));
  const value = (): Uint8Array => log.model.services.get(2n)!.object!.data();
  expect(log.model.at(4n, () => [log.model.sessions.get(1n)!.commands.size, [...value()]])).toEqual([2, [8, 2]]);
  expect([...value()]).toEqual([8, 5]);
});
