import { expect, test } from "vitest";
import { Clock, Stamper } from "./clock.js";

test("clock: shows virtual time when nothing is wrong with it", () => {
  expect(new Clock().reading(1_234_567)).toBe(1_234_567);
});

test("clock: is ahead by its jumps, and behind by those backwards", () => {
  const clock = new Clock();
  clock.jump(500);
  expect(clock.reading(1000)).toBe(1500);
  clock.jump(-1200);
  expect(clock.reading(1000)).toBe(300);
});

test("clock: what it gained while it ran fast, it keeps when it runs right again", () => {
  const clock = new Clock();
  clock.gain(1_000_000, 100_000); // a tenth of a second in a second
  expect(clock.reading(3_000_000)).toBe(3_200_000);
  clock.gain(3_000_000, 0);
  expect(clock.reading(10_000_000)).toBe(10_200_000);
});

test("clock: stands while it is told to", () => {
  const clock = new Clock();
  clock.stand(42);
  expect(clock.reading(5_000_000)).toBe(42);
  clock.stand(undefined);
  expect(clock.reading(5_000_000)).toBe(5_000_000);
});

test("clock: when it heals it is not behind log time, and not ahead of it for nothing", () => {
  const behind = new Clock();
  behind.jump(-9_000_000);
  behind.heal(10_000_000, 12_000_000);
  expect(behind.reading(10_000_000)).toBe(12_000_000);
  const ahead = new Clock();
  ahead.gain(0, 400_000);
  ahead.heal(10_000_000, 3_000_000);
  expect(ahead.reading(11_000_000)).toBe(11_000_000);
});

test("timestamps: count from the year 2000, also before it, with nanoseconds from 0 to 999 999 999", () => {
  const stamper = new Stamper();
  expect(stamper.timestamp(0, 0)).toEqual({ seconds: 946_684_800n, nanos: 0 });
  expect(stamper.timestamp(1_500_000, 7)).toEqual({ seconds: 946_684_801n, nanos: 500_000_007 });
  expect(stamper.timestamp(-1, 999)).toEqual({ seconds: 946_684_799n, nanos: 999_999_999 });
});
