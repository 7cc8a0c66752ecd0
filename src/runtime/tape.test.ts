// The registry's changes in a trace.
import { expect, test } from "vitest";
import { Micros } from "../base/time.js";
import { SessionId } from "../protocol/words.js";
import type { EventLine, UseLine } from "../trace/line.js";
import { createSessionListener } from "./listener.js";
import { registryTape } from "./tape.js";

const HOUR = 3_600_000_000;

function use(t: number, change: UseLine["change"]): UseLine {
  const spec = { service: "set", namespace: "d", name: "s" };
  return { e: "use", t: Micros(t), change, client: "c1", incarnation: 0, partition: 1, spec, session: SessionId(1n) };
}

const said = [use(1, "opening"), use(3, "opened"), use(5, "lost")];

test("a trace without a registry gives what one would have made of what was said, until the moment asked for", () => {
  const times = (until: number) => registryTape(said, Micros(until)).map((line) => [line.t, line.version]);
  expect(times(0)).toEqual([]);
  expect(times(3)).toEqual([
    [1, 1n],
    [3, 2n],
  ]);
  expect(times(4)).toHaveLength(2);
  expect(times(5)).toHaveLength(3);
  expect(times(HOUR + 5)).toEqual([
    [1, 1n],
    [3, 2n],
    [5, 3n],
    [HOUR + 5, 4n],
  ]);
});

test("a trace with a registry gives what that one said, and not what it should have", () => {
  const listener = createSessionListener();
  const [opening] = listener.heard(use(1, "opening"));
  const recorded: EventLine[] = [said[0]!, opening!, said[1]!, said[2]!];
  expect(registryTape(recorded, Micros(9))).toEqual([opening]);
  expect(registryTape(recorded, Micros(0))).toEqual([]);
});
