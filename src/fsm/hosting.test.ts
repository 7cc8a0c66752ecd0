// SPEC 2.4: services are created, opened, closed; and 2.7: what queries are refused.
import { describe, expect, test } from "vitest";
import { CounterOutput } from "../proto/multiraft_sim/counter/v1/counter.js";
import { say, Script } from "./script.laws.js";

function sessions(count: number): Script {
  const script = new Script().at(0);
  for (let i = 0; i < count; i++) script.open(1000);
  return script;
}

describe("2.4 create_service", () => {
  test("2.4: an equal spec is opened, else it is created with the entry's index as id", () => {
    const script = sessions(2);
    expect(script.create(1n, "counter", "x")).toBe("service 3");
    expect(script.create(2n, "counter", "x")).toBe("service 3");
    expect(script.create(1n, "counter", "x")).toBe("service 3");
    expect(script.create(1n, "counter", "y")).toBe("service 6");
  });

  test("2.4: namespace and name together make the name, however they are cut", () => {
    const script = sessions(1);
    const create = (namespace: string, name: string) =>
      say(
        script.apply({
          $case: "sessionCommand",
          value: {
            sessionId: 1n,
            input: { $case: "createService", value: { spec: { service: "set", namespace, name } } },
          },
        }),
      );
    expect(create("a", "b")).toBe("service 2");
    expect(create("ab", "")).toBe("service 3");
    expect(create("", "ab")).toBe("service 4");
    expect(create("a", "b")).toBe("service 2");
  });

  test("2.4: an unknown kind is NOT_SUPPORTED, also without a spec, and under a name that is taken", () => {
    const script = sessions(1);
    expect(script.create(1n, "constructor")).toBe("NOT_SUPPORTED!");
    const input = { $case: "createService" as const, value: { spec: undefined } };
    expect(say(script.apply({ $case: "sessionCommand", value: { sessionId: 1n, input } }))).toBe("NOT_SUPPORTED!");
    script.create(1n, "counter", "x");
    expect(script.create(1n, "nonsense", "x")).toBe("NOT_SUPPORTED!");
  });

  test("2.4: another kind under the same name is a CONFLICT, and opens nothing", () => {
    const script = sessions(2);
    script.create(1n, "counter", "x");
    expect(script.create(2n, "lock", "x")).toBe("CONFLICT!");
    expect(script.run(2n, 3n, 1n, "Increment")).toBe("1:FORBIDDEN done");
  });

  test("2.4: opening again keeps what the session has there", () => {
    const script = sessions(2);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(1n, 3n, 1n, "Acquire");
    script.run(2n, 3n, 1n, "Acquire");
    script.create(2n, "lock");
    expect(script.run(1n, 3n, 2n, "Release")).toBe("1:OK done | 2/1 1:OK done");
  });
});

describe("2.4 close_service", () => {
  test("2.4: not open here is OK, an id that never was is NOT_FOUND", () => {
    const script = sessions(2);
    script.create(1n, "counter");
    expect(script.closeService(2n, 3n)).toBe("closed service");
    expect(script.closeService(1n, 2n)).toBe("NOT_FOUND!");
  });

  test("2.4: open commands there get one last output CANCELED, by number; then the service takes back and hands on", () => {
    const script = sessions(2);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(1n, 3n, 5n, "Acquire"); // holds
    script.run(1n, 3n, 4n, "Acquire");
    script.run(2n, 3n, 1n, "Acquire");
    script.run(1n, 3n, 2n, "Acquire");
    expect(script.closeService(1n, 3n)).toBe(
      "closed service | 1/2 1:CANCELED done | 1/4 1:CANCELED done | 2/1 1:OK done",
    );
    expect(script.run(1n, 3n, 6n, "Acquire")).toBe("1:FORBIDDEN done");
  });

  test("2.4: a listener that is closed does not hear of what closing changes", () => {
    const script = sessions(1);
    script.create(1n, "election");
    script.run(1n, 2n, 1n, "Events");
    script.run(1n, 2n, 2n, "Enter");
    expect(script.closeService(1n, 2n)).toBe("closed service | 1/1 3:CANCELED done");
  });

  test("2.4: open commands with other services go on", () => {
    const script = sessions(1);
    script.create(1n, "value", "a"); // 2
    script.create(1n, "value", "b"); // 3
    script.run(1n, 2n, 1n, "Events");
    script.run(1n, 3n, 2n, "Events");
    expect(script.closeService(1n, 2n)).toBe("closed service | 1/1 2:CANCELED done");
    expect(script.run(1n, 3n, 3n, "Set")).toBe("1:OK done | 1/2 2:OK");
  });

  test("2.4: what other sessions hold there stays theirs", () => {
    const script = sessions(2);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(2n, 3n, 1n, "Acquire");
    script.run(2n, 3n, 2n, "Acquire");
    expect(script.closeService(1n, 3n)).toBe("closed service");
    expect(script.run(2n, 3n, 3n, "Release")).toBe("1:OK done | 2/2 1:OK done");
  });

  test("2.4: a service and its data outlive its sessions", () => {
    const script = sessions(1);
    script.create(1n, "counter");
    script.run(1n, 2n, 1n, "Increment");
    script.closeSession(1n);
    const other = script.restored();
    const session = other.open(1000);
    expect(other.create(session, "counter")).toBe("service 2");
    const answer = other.query(session, 2n, "Get");
    expect(typeof answer === "string" ? answer : CounterOutput.decode(answer.payload).value).toBe(1n);
  });
});

describe("2.7 queries", () => {
  test("2.7: the session first, as a Failure; then the service's refusals, as outputs", () => {
    const script = sessions(2);
    script.create(1n, "counter");
    expect(script.asked(9n, 99n, "Get")).toBe("NOT_FOUND!");
    expect(script.asked(1n, 99n, "Get")).toBe("NOT_FOUND");
    expect(script.asked(2n, 3n, "Get")).toBe("FORBIDDEN");
    expect(script.asked(1n, 3n, "Increment")).toBe("NOT_SUPPORTED");
    expect(script.asked(1n, 3n, "Get", Uint8Array.of(0x08))).toBe("INVALID");
    expect(script.asked(1n, 3n, "Get")).toBe("OK");
  });

  test("2.7: a query changes nothing", () => {
    const script = sessions(1);
    for (const kind of ["counter", "value", "map", "set", "lock", "election"]) script.create(1n, kind);
    const before = script.snapshot();
    for (const service of [2n, 3n, 4n, 5n, 6n, 7n]) {
      for (const name of ["Get", "Size", "Entries", "Contains", "Elements", "GetTerm"]) script.asked(1n, service, name);
    }
    expect(script.snapshot()).toEqual(before);
  });
});
