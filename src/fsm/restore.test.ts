// SPEC 2.5: what a snapshot holds, and every one that is refused, with the old state intact.
import { describe, expect, test } from "vitest";
import {
  CommandState,
  PartitionSnapshot,
  type CommandSnapshot,
  type ServiceCommandOutput,
} from "../proto/atomix/multiraft/v1/fsm.js";
import { AcquireInput, LockState } from "../proto/multiraft_sim/lock/v1/lock.js";
import { MapState, PutInput } from "../proto/multiraft_sim/map/v1/map.js";
import { SetInput, ValueState } from "../proto/multiraft_sim/value/v1/value.js";
import { open, seal } from "../protocol/snapshot-envelope.js";
import { payload, Script } from "./script.laws.js";

/** A snapshot that can be taken apart and changed: sessions 1 and 2; the lock 3 in both, the map 5 and the counter 6 in 1. */
function rich(): Script {
  const script = new Script().at(100, 5);
  script.open(1000, 250_000_000);
  script.open(2000);
  script.create(1n, "lock");
  script.create(2n, "lock");
  script.create(1n, "map");
  script.create(1n, "counter");
  script.run(1n, 3n, 1n, "Acquire");
  script.run(2n, 3n, 2n, "Acquire", payload(AcquireInput, { timeout: { seconds: 50n, nanos: 7 } }));
  script.run(1n, 5n, 5n, "Events");
  script.run(
    1n,
    5n,
    6n,
    "Put",
    payload(PutInput, { key: "k", value: Uint8Array.of(1), ttl: { seconds: 9n, nanos: 0 } }),
  );
  script.run(1n, 6n, 9n, "Increment");
  script.keepAlive(1n, 8n, [1n, 5n, 6n, 7n], { 5: 2n });
  return script;
}

function decoded(script: Script): PartitionSnapshot {
  const opened = open(script.snapshot());
  if (opened.kind === "refused") throw new Error(opened.message);
  return PartitionSnapshot.decode(opened.payload);
}

const encoded = (saved: PartitionSnapshot): Uint8Array => seal(PartitionSnapshot.encode(saved).finish());

describe("2.5 what is saved", () => {
  test("2.5: times, sessions, bookkeeping, commands, the marker, services, data", () => {
    const saved = decoded(rich());
    expect(saved.index).toBe(12n);
    expect(saved.timestamp).toEqual({ seconds: 100n, nanos: 5 });
    const [one, two] = saved.sessions;
    expect(one).toMatchObject({
      sessionId: 1n,
      timeout: { seconds: 1000n, nanos: 250_000_000 },
      lastUpdated: { seconds: 100n, nanos: 5 },
    });
    const short = ({ commandSequenceNum, state, input, pendingOutputs }: CommandSnapshot) => [
      commandSequenceNum,
      state,
      input?.operation?.name,
      pendingOutputs.map(({ sequenceNum, operation }) => [sequenceNum, operation?.status]),
    ];
    expect(one?.commands.map(short)).toEqual([
      [1n, CommandState.COMMAND_COMPLETE, "Acquire", [[1n, 1]]],
      [5n, CommandState.COMMAND_OPEN, "Events", [[2n, undefined]]],
      [6n, CommandState.COMMAND_COMPLETE, "Put", [[1n, 1]]],
      [7n, CommandState.COMMAND_OPEN, undefined, []],
      [8n, CommandState.COMMAND_COMPLETE, undefined, []],
      [9n, CommandState.COMMAND_COMPLETE, "Increment", [[1n, 1]]],
    ]);
    expect(two?.commands.map(short)).toEqual([[2n, CommandState.COMMAND_OPEN, "Acquire", []]]);
    expect(saved.services.map(({ serviceId, sessions }) => [serviceId, sessions])).toEqual([
      [3n, [1n, 2n]],
      [5n, [1n]],
      [6n, [1n]],
    ]);
    expect(LockState.decode(saved.services[0]?.data ?? new Uint8Array(0))).toEqual({
      holder: { sessionId: 1n, token: 7n },
      waiters: [{ sessionId: 2n, sequenceNum: 2n, token: 8n, deadline: { seconds: 150n, nanos: 12 } }],
    });
    expect(MapState.decode(saved.services[1]?.data ?? new Uint8Array(0))).toEqual({
      entries: [{ key: "k", value: Uint8Array.of(1), version: 10n, deadline: { seconds: 109n, nanos: 5 } }],
      listeners: [{ sessionId: 1n, sequenceNum: 5n }],
    });
  });

  test("2.5: log time and last_updated are there also at the epoch, and the mark is absent while it is 0", () => {
    const script = new Script().at(0);
    script.open(1);
    const saved = decoded(script);
    expect(saved.timestamp).toEqual({ seconds: 0n, nanos: 0 });
    expect(saved.sessions[0]?.lastUpdated).toEqual({ seconds: 0n, nanos: 0 });
    expect(saved.sessions[0]?.commands).toEqual([]);
  });

  test("2.5: at equal numbers: listed, mark, command", () => {
    const script = new Script().at(0);
    script.open(1);
    script.create(1n, "counter");
    script.keepAlive(1n, 3n, [3n]);
    expect(decoded(script).sessions[0]?.commands.map(({ state, input }) => [state, input])).toEqual([
      [CommandState.COMMAND_OPEN, undefined],
      [CommandState.COMMAND_COMPLETE, undefined],
    ]);
    script.run(1n, 2n, 3n, "Increment");
    expect(decoded(script).sessions[0]?.commands.map(({ state, input }) => [state, input?.sequenceNum])).toEqual([
      [CommandState.COMMAND_COMPLETE, undefined],
      [CommandState.COMMAND_COMPLETE, 3n],
    ]);
  });

  test("2.5: a deadline past the year 9999 is saved, restored, and never comes", () => {
    const script = new Script().at(253_402_300_799n);
    script.open(1000);
    script.create(1n, "value");
    const ttl = { seconds: 315_576_000_000n, nanos: 0 };
    script.run(1n, 2n, 1n, "Set", payload(SetInput, { value: Uint8Array.of(1), ttl }));
    const data = decoded(script).services[0]?.data ?? new Uint8Array(0);
    expect(ValueState.decode(data).entry?.deadline).toEqual({ seconds: 568_978_300_799n, nanos: 0 });
    const other = script.restored();
    expect(other.snapshot()).toEqual(script.snapshot());
    expect(other.asked(1n, 2n, "Get")).toBe("OK");
  });

  test("2.5: restored in chunks of 1 to 7 bytes it is the same", () => {
    const script = rich();
    for (let chunk = 1; chunk <= 7; chunk++) expect(script.restored(chunk).snapshot()).toEqual(script.snapshot());
  });

  test("2.5: restoring replaces everything", () => {
    const other = new Script().at(9999);
    other.open(5);
    other.create(1n, "set");
    const script = rich();
    expect(other.restore(script.snapshot())).toEqual({ kind: "restored" });
    expect(other.snapshot()).toEqual(script.snapshot());
    other.index = script.index;
    expect(other.at(109, 5).tick()).toBe("tick | 1/5 3:OK"); // the TTL of k
  });
});

describe("2.5 what is refused", () => {
  const session = (saved: PartitionSnapshot, at = 0) => {
    const found = saved.sessions[at];
    if (found === undefined) throw new Error("no such session");
    return found;
  };
  const service = (saved: PartitionSnapshot, at = 0) => {
    const found = saved.services[at];
    if (found === undefined) throw new Error("no such service");
    return found;
  };
  const record = (saved: PartitionSnapshot, number: bigint, inSession = 0): CommandSnapshot => {
    const found = session(saved, inSession).commands.find((one) => one.commandSequenceNum === number);
    if (found === undefined) throw new Error("no such record");
    return found;
  };
  const bookkeeping = (commandSequenceNum: bigint, state: CommandState): CommandSnapshot => ({
    commandSequenceNum,
    state,
    input: undefined,
    pendingOutputs: [],
  });
  const output = (sequenceNum: bigint): ServiceCommandOutput => ({
    sequenceNum,
    operation: { status: 1, payload: new Uint8Array(0), message: "" },
  });
  const lockState = (saved: PartitionSnapshot, change: (state: LockState) => void): void => {
    const state = LockState.decode(service(saved).data);
    change(state);
    service(saved).data = LockState.encode(state).finish();
  };
  const mapState = (saved: PartitionSnapshot, change: (state: MapState) => void): void => {
    const state = MapState.decode(service(saved, 1).data);
    change(state);
    service(saved, 1).data = MapState.encode(state).finish();
  };

  const cases: [string, (saved: PartitionSnapshot) => void][] = [
    ["no log time", (saved) => (saved.timestamp = undefined)],
    ["log time before the epoch", (saved) => (saved.timestamp = { seconds: -1n, nanos: 0 })],
    ["log time past the year 9999", (saved) => (saved.timestamp = { seconds: 253_402_300_800n, nanos: 0 })],
    ["sessions out of order", (saved) => saved.sessions.reverse()],
    ["a session twice", (saved) => saved.sessions.push(session(saved, 1))],
    ["session 0", (saved) => (session(saved).sessionId = 0n)],
    ["a session without a timeout", (saved) => (session(saved).timeout = undefined)],
    ["a timeout of nothing", (saved) => (session(saved).timeout = { seconds: 0n, nanos: 0 })],
    ["a session never updated", (saved) => (session(saved).lastUpdated = undefined)],
    ["a session updated in the future", (saved) => (session(saved).lastUpdated = { seconds: 101n, nanos: 0 })],
    ["two marks", (saved) => session(saved).commands.push(bookkeeping(10n, CommandState.COMMAND_COMPLETE))],
    [
      "a listed number above the mark",
      (saved) => session(saved).commands.push(bookkeeping(10n, CommandState.COMMAND_OPEN)),
    ],
    [
      "a listed number without a mark",
      (saved) => session(saved, 1).commands.unshift(bookkeeping(1n, CommandState.COMMAND_OPEN)),
    ],
    [
      "a listed number that is also remembered",
      (saved) => session(saved).commands.splice(2, 0, bookkeeping(6n, CommandState.COMMAND_OPEN)),
    ],
    ["number 0 remembered", (saved) => (record(saved, 1n).commandSequenceNum = 0n)],
    ["number 0 listed", (saved) => session(saved).commands.unshift(bookkeeping(0n, CommandState.COMMAND_OPEN))],
    [
      "number 0 as the mark",
      (saved) => session(saved, 1).commands.unshift(bookkeeping(0n, CommandState.COMMAND_COMPLETE)),
    ],
    ["records out of order", (saved) => session(saved).commands.reverse()],
    ["a command twice", (saved) => session(saved).commands.splice(1, 0, record(saved, 1n))],
    [
      "the mark before the listed number of the same value",
      (saved) => {
        session(saved).commands.splice(4, 1, bookkeeping(8n, CommandState.COMMAND_COMPLETE));
        session(saved).commands.splice(5, 0, bookkeeping(8n, CommandState.COMMAND_OPEN));
      },
    ],
    [
      "a command after the mark above it",
      (saved) => {
        const { commands } = session(saved);
        commands.splice(4, 0, ...commands.splice(2, 1));
      },
    ],
    ["bookkeeping of an unknown state", (saved) => (record(saved, 8n).state = 2 as CommandState)],
    ["a session updated before the epoch", (saved) => (session(saved).lastUpdated = { seconds: -1n, nanos: 0 })],
    [
      "a session updated at what is no instant",
      (saved) => (session(saved).lastUpdated = { seconds: 99n, nanos: 1_000_000_000 }),
    ],
    ["an unknown state", (saved) => (record(saved, 1n).state = 2 as CommandState)],
    ["bookkeeping with outputs", (saved) => (record(saved, 8n).pendingOutputs = [output(1n)])],
    [
      "an input with another number than its record",
      (saved) => {
        const { input } = record(saved, 9n);
        if (input !== undefined) input.sequenceNum = 10n;
      },
    ],
    ["outputs with a gap", (saved) => (record(saved, 9n).pendingOutputs = [output(1n), output(3n)])],
    ["outputs that go back", (saved) => (record(saved, 9n).pendingOutputs = [output(2n), output(1n)])],
    ["output 0", (saved) => (record(saved, 9n).pendingOutputs = [output(0n)])],
    [
      "a marker in a complete command",
      (saved) => (record(saved, 9n).pendingOutputs = [{ sequenceNum: 1n, operation: undefined }]),
    ],
    ["a marker of 0", (saved) => (record(saved, 5n).pendingOutputs = [{ sequenceNum: 0n, operation: undefined }])],
    [
      "a marker beside outputs",
      (saved) => (record(saved, 5n).pendingOutputs = [output(1n), { sequenceNum: 2n, operation: undefined }]),
    ],
    [
      "outputs beside a marker",
      (saved) => (record(saved, 5n).pendingOutputs = [{ sequenceNum: 2n, operation: undefined }, output(3n)]),
    ],
    [
      "a marker after which no number is left",
      (saved) => (record(saved, 5n).pendingOutputs = [{ sequenceNum: 2n ** 64n - 1n, operation: undefined }]),
    ],
    [
      "a service's id twice",
      (saved) =>
        saved.services.push({
          ...service(saved, 2),
          spec: { service: "counter", namespace: "", name: "another" },
        }),
    ],
    ["a service twice open in one session", (saved) => service(saved).sessions.unshift(1n)],
    [
      "a waiter whose command has no operation",
      (saved) => {
        const { input } = record(saved, 2n, 1);
        if (input !== undefined) input.operation = undefined;
      },
    ],
    [
      "a waiter whose command is another operation",
      (saved) => {
        const operation = record(saved, 2n, 1).input?.operation;
        if (operation !== undefined) operation.name = "Release";
      },
    ],
    [
      "a waiter whose command is of another service",
      (saved) => {
        const { input } = record(saved, 2n, 1);
        if (input !== undefined) input.serviceId = 5n;
        service(saved, 1).sessions = [1n, 2n];
      },
    ],
    ["services out of order", (saved) => saved.services.reverse()],
    ["service 0", (saved) => (service(saved).serviceId = 0n)],
    ["a service without a spec", (saved) => (service(saved).spec = undefined)],
    ["an unknown service", (saved) => (service(saved, 2).spec = { service: "queue", namespace: "", name: "counter" })],
    [
      "two services of one name",
      (saved) => (service(saved, 2).spec = { service: "counter", namespace: "", name: "map" }),
    ],
    ["a service's sessions out of order", (saved) => service(saved).sessions.reverse()],
    ["a service open in a session that is not there", (saved) => service(saved, 2).sessions.push(7n)],
    ["data that does not decode", (saved) => (service(saved).data = Uint8Array.of(0x0a, 9))],
    ["data that is not canonical", (saved) => (service(saved, 2).data = Uint8Array.of(0x08, 0x81, 0x00))],
    ["data with an unknown field", (saved) => (service(saved, 2).data = Uint8Array.of(0x08, 1, 0x78, 1))],
    ["a waiter without its command", (saved) => (session(saved, 1).commands = [])],
    [
      "a waiter whose command is complete",
      (saved) => {
        record(saved, 2n, 1).state = CommandState.COMMAND_COMPLETE;
      },
    ],
    [
      "a waiter of a session that is not there",
      (saved) =>
        lockState(saved, (state) => {
          for (const waiter of state.waiters) waiter.sessionId = 7n;
        }),
    ],
    ["a waiter twice", (saved) => lockState(saved, (state) => state.waiters.push(...state.waiters))],
    ["an open Acquire that the lock does not know", (saved) => lockState(saved, (state) => state.waiters.pop())],
    ["an open Events that the map does not know", (saved) => mapState(saved, (state) => state.listeners.pop())],
    [
      "a listener without its command",
      (saved) => mapState(saved, (state) => state.listeners.push({ sessionId: 2n, sequenceNum: 9n })),
    ],
    [
      "a waiter with a listener's command",
      (saved) =>
        lockState(saved, (state) =>
          state.waiters.push({ sessionId: 1n, sequenceNum: 5n, token: 9n, deadline: undefined }),
        ),
    ],
    ["a session that waits in a service that it does not have open", (saved) => (service(saved).sessions = [1n])],
    [
      "map keys out of order",
      (saved) =>
        mapState(saved, (state) =>
          state.entries.push({ key: "a", value: new Uint8Array(0), version: 1n, deadline: undefined }),
        ),
    ],
    [
      "a map key twice",
      (saved) =>
        mapState(saved, (state) =>
          state.entries.push({ key: "k", value: new Uint8Array(0), version: 1n, deadline: undefined }),
        ),
    ],
    [
      "a deadline that is no instant",
      (saved) =>
        lockState(saved, (state) => {
          for (const waiter of state.waiters) waiter.deadline = { seconds: 1n, nanos: 1_000_000_000 };
        }),
    ],
  ];

  test.each(cases)("2.5: %s", (_, change) => {
    const saved = decoded(rich());
    change(saved);
    const other = new Script().at(7);
    other.open(5);
    other.create(1n, "set");
    const before = other.snapshot();
    expect(other.restore(encoded(saved))).toMatchObject({ kind: "refused" });
    expect(other.snapshot()).toEqual(before);
    expect(other.keepAlive(1n, 0n, [])).toBe("kept");
  });

  test("2.5: a lock's waiters that stand in another order than their Acquires came", () => {
    const script = new Script().at(1);
    for (let session = 1n; session <= 3n; session++) script.open(50);
    for (let session = 1n; session <= 3n; session++) script.create(session, "lock");
    for (let session = 1n; session <= 3n; session++) script.run(session, 4n, 1n, "Acquire");
    const saved = decoded(script);
    expect(new Script().restore(encoded(saved))).toEqual({ kind: "restored" });
    lockState(saved, (state) => {
      expect(state.waiters.map(({ token }) => token)).toEqual([8n, 9n]);
      state.waiters.reverse();
    });
    expect(new Script().restore(encoded(saved))).toMatchObject({ kind: "refused" });
  });

  test("2.5: log time before the epoch, where nobody lives", () => {
    const saved = decoded(new Script());
    expect(new Script().restore(encoded(saved))).toEqual({ kind: "restored" });
    saved.timestamp = { seconds: -1n, nanos: 0 };
    expect(new Script().restore(encoded(saved))).toMatchObject({ kind: "refused" });
  });

  test("2.5: what nobody changed is not refused", () => {
    const script = rich();
    expect(encoded(decoded(script))).toEqual(script.snapshot());
    expect(new Script().restore(encoded(decoded(script)))).toEqual({ kind: "restored" });
  });

  test("2.5: a cut, an empty and a longer snapshot are refused with a message", () => {
    const bytes = rich().snapshot();
    for (const damaged of [bytes.subarray(0, 0), bytes.subarray(0, bytes.length - 1), Uint8Array.of(...bytes, 0)]) {
      const result = new Script().restore(damaged, 5);
      expect(result.kind === "refused" && result.message.length > 0).toBe(true);
    }
  });

  test("2.5: bytes after the message, inside a whole envelope, are refused", () => {
    const opened = open(rich().snapshot());
    if (opened.kind === "refused") throw new Error(opened.message);
    expect(new Script().restore(seal(Uint8Array.of(...opened.payload, 0x28, 1)))).toMatchObject({ kind: "refused" });
  });
});
