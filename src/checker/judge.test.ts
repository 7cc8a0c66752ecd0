// What the judge says of whole runs, beside the properties: milestones, what a machine lacks, what was not asked for.
import { expect, test } from "vitest";
import { Status } from "../protocol/failure.js";
import { CounterOutput } from "../proto/multiraft_sim/counter/v1/counter.js";
import { models } from "./models/registry.js";
import { command, createService, emission, keepAlive, openSession, output, Tape } from "./tape.laws.js";

// Entry 1 opens session 1 with a time-out of 10 s at 100 s; entry 2 creates a service of the kind with id 2.
function begun(kind: string): Tape {
  const tape = new Tape();
  return tape
    .entry(100n, openSession(10n), tape.answers.opened())
    .entry(100n, createService(1n, kind), tape.answers.created());
}

test("milestones are counted, and those are left out that no service of the run can bring about", () => {
  const tape = begun("counter");
  tape.entry(110n, keepAlive(1n), tape.answers.no(Status.NOT_FOUND));
  const { reached } = tape.judge();
  expect(reached["keep-alive after expiry"]).toBe(1);
  expect(reached["duplicate after forgetting"]).toBe(0);
  expect(reached).not.toHaveProperty("lock contended");
  expect(begun("lock").judge().reached["lock contended"]).toBe(0);
});

test("of a service that the judge has no model of, sessions are judged and answers are not", () => {
  const { counter, ...others } = models;
  expect(counter).toBeDefined();
  const tape = begun("counter");
  const any = output(1n, Status.OK, CounterOutput.encode({ value: 77n }).finish());
  tape.entry(100n, command(1n, 1n, 2n, "Increment"), tape.answers.outputs(true, any));
  tape.entry(100n, command(1n, 1n, 2n, "Increment"), tape.answers.outputs(true, any));
  tape.entry(100n, command(1n, 2n, 2n, "Anything"), tape.answers.outputs(false), [
    emission(1n, 1n, output(2n, Status.OK), false),
  ]);
  tape.entry(100n, keepAlive(1n, 2n), tape.answers.kept());
  expect(tape.judge({ models: others }).first).toBeNull();
  tape.entry(100n, command(1n, 1n, 2n, "Increment"), tape.answers.outputs(true, any));
  expect(tape.judge({ models: others }).first?.property).toBe("command/at-most-once");
});

test("a property that does not exist is a mistake of whoever asks", () => {
  expect(() => begun("counter").judge({ properties: ["lock/fair"] })).toThrow('there is no property "lock/fair"');
});

test("after many differences the judge counts and no longer explains, and keeps three witnesses", () => {
  const tape = begun("counter");
  const wrong = (num: bigint) => output(1n, Status.OK, CounterOutput.encode({ value: -num }).finish());
  for (let num = 1n; num <= 300n; num++) {
    tape.entry(100n, command(1n, num, 2n, "Increment"), tape.answers.outputs(true, wrong(num)));
  }
  const result = tape.verdict("service/as-modelled");
  expect(result.broken).toBe(300);
  expect(result.witnesses).toHaveLength(3);
});

test("an entry that is applied again is seen by its place, whatever it answers", () => {
  const tape = begun("counter");
  tape.apply(1, { kind: "answer", complete: true, outputs: [] }, [], 2n);
  expect(tape.verdict("replica/same-outputs").witnesses[0]?.says).toContain("had applied 2, and applied 2 next");
});

test("a replica that lags is compared with the model as it stood", () => {
  const tape = new Tape(2);
  const opened = tape.answers.opened();
  tape.entry(100n, openSession(10n), opened);
  for (let i = 0; i < 5; i++) tape.entry(101n, undefined, tape.answers.tick());
  tape.apply(2, opened);
  const session = {
    sessionId: 1n,
    timeout: { seconds: 10n, nanos: 0 },
    lastUpdated: { seconds: 100n, nanos: 0 },
    commands: [],
  };
  tape.observe(2, { index: 1n, timestamp: { seconds: 100n, nanos: 0 }, sessions: [session], services: [] });
  expect(tape.judge().first).toBeNull();
});
