// SPEC 2.1.2: timers leave by (deadline, rank), whatever was set and cancelled in between.
import fc from "fast-check";
import { expect, test } from "vitest";
import { Nanos } from "../base/time.js";
import { CommandNum, ServiceId, SessionId } from "../protocol/words.js";
import { emptyState, type Timer } from "./state.js";
import { timers } from "./timers.js";

const timer = (deadline: number, of: Partial<Omit<Timer, "deadline">> = {}): Timer => ({
  deadline: Nanos(BigInt(deadline)),
  expiry: false,
  service: ServiceId(0n),
  session: SessionId(0n),
  command: CommandNum(0n),
  key: "",
  slot: -1,
  ...of,
});

// In the order in which they must leave.
const ranked: readonly Timer[] = [
  timer(1, { service: ServiceId(9n), session: SessionId(9n), command: CommandNum(9n), key: "z" }),
  timer(2, { expiry: true, session: SessionId(1n) }),
  timer(2, { expiry: true, session: SessionId(2n) }),
  timer(2, { service: ServiceId(3n), session: SessionId(7n), command: CommandNum(1n) }),
  timer(2, { service: ServiceId(3n), session: SessionId(7n), command: CommandNum(2n) }),
  timer(2, { service: ServiceId(3n), session: SessionId(8n), command: CommandNum(1n) }),
  timer(2, { service: ServiceId(4n), key: "a" }),
  timer(2, { service: ServiceId(4n), key: "b" }),
];

test("2.1.2: by deadline, expiries first and by session; then by service, session, number and key", () => {
  const order = ranked.map((one) => ranked.map((other) => Math.sign(timers.compare(one, other))));
  expect(order).toEqual(ranked.map((_, one) => ranked.map((__, other) => Math.sign(one - other))));
});

test("2.1.2: whatever order they were set in, and whichever were cancelled, the next one is the first that is left", () => {
  const some = fc.array(fc.record({ at: fc.nat({ max: 20 }), session: fc.nat(), cancelled: fc.boolean() }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(some, (made) => {
      const state = emptyState();
      const all = made.map(({ at }, place) => timer(at, { session: SessionId(BigInt(place)) }));
      for (const one of all) timers.set(state, one);
      const gone = all.filter((_, place) => made[place]?.cancelled === true);
      for (const one of [...gone, ...gone]) timers.cancel(state, one);
      const left: Timer[] = [];
      for (let next = timers.next(state); next !== undefined; next = timers.next(state)) {
        left.push(next);
        timers.cancel(state, next);
      }
      const expected = all.filter((one) => !gone.includes(one)).toSorted(timers.compare);
      expect(left).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test("a timer that is taken out of the middle of the heap leaves it a heap, upwards as well", () => {
  // 1 over 10 and 2; 10 over 11 and 12; 2 over 3: taking 11 away puts 3 into its place, which rises over 10.
  const state = emptyState();
  const all = [1, 10, 2, 11, 12, 3].map((deadline) => timer(deadline));
  for (const one of all) timers.set(state, one);
  timers.cancel(state, all[3] as Timer);
  expect(state.timers.map(({ deadline }) => deadline)).toEqual([1n, 3n, 2n, 10n, 12n]);
});
