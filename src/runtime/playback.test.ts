// A tape at a pace, on a clock that the test moves.
import { beforeEach, expect, test } from "vitest";
import { Micros } from "../base/time.js";
import type { RegistryLine } from "../trace/line.js";
import { SessionDirectory } from "./directory.js";
import { type Clock, Playback, wallClock } from "./playback.js";

const SECOND = 1_000_000;

class HandClock implements Clock {
  ms = 1234;
  readonly waits: number[] = [];
  #due: { at: number; call: () => void }[] = [];

  now(): number {
    return this.ms;
  }

  after(ms: number, call: () => void): () => void {
    this.waits.push(ms);
    const one = { at: this.ms + ms, call };
    this.#due.push(one);
    return () => (this.#due = this.#due.filter((each) => each !== one));
  }

  forward(ms: number): void {
    this.ms += ms;
    const due = this.#due.filter((each) => each.at <= this.ms);
    this.#due = this.#due.filter((each) => each.at > this.ms);
    for (const { call } of due) call();
  }
}

function line(t: number, version: bigint): RegistryLine {
  const meta = { id: { name: `c${version}`, primitive: { id: "p" } }, version, labels: new Map<string, string>() };
  const entry = { meta, spec: { kind: "k", config: undefined }, status: { state: 1 as const } };
  return { e: "registry", t: Micros(t), change: "moved", version, entry, partition: 1 };
}

let clock: HandClock;
let directory: SessionDirectory;

beforeEach(() => {
  clock = new HandClock();
  directory = new SessionDirectory();
});

function play(tape: RegistryLine[], from: number, speed: number): Playback {
  const playback = new Playback(tape, directory, Micros(from), speed, clock);
  playback.start();
  return playback;
}

test("a change comes when its moment does, at the speed asked for", () => {
  const playback = play([line(2 * SECOND, 1n), line(10 * SECOND, 2n)], 0, 4);
  expect(directory.version).toBe(0n);
  expect(clock.waits).toEqual([500]);
  clock.forward(499);
  expect(directory.version).toBe(0n);
  clock.forward(1);
  expect(directory.version).toBe(1n);
  clock.forward(1999);
  expect(directory.version).toBe(1n);
  expect(playback.ended).toBe(false);
  clock.forward(1);
  expect(directory.version).toBe(2n);
  expect(playback.ended).toBe(true);
});

test("what lies at or before the start is there at once", () => {
  play([line(1, 1n), line(5, 2n), line(6, 3n)], 5, 1);
  expect(directory.version).toBe(2n);
});

test("changes that are due together wake a watcher once, with the last of them", () => {
  play([line(SECOND, 1n), line(SECOND, 2n), line(SECOND + 1, 3n)], 0, 1);
  const seen: bigint[] = [];
  directory.watch(0n, () => seen.push(directory.version));
  clock.forward(1001);
  expect(seen).toEqual([3n]);
});

test("after stop nothing is played", () => {
  const playback = play([line(SECOND, 1n)], 0, 1);
  playback.stop();
  clock.forward(5000);
  expect(directory.version).toBe(0n);
});

test("a wait that is longer than timers can be is made of several", () => {
  play([line(60 * SECOND, 1n)], 0, 0.00001);
  expect(clock.waits).toEqual([0x7fff_ffff]);
  clock.forward(0x7fff_ffff);
  expect(directory.version).toBe(0n);
  // A minute at a hundred-thousandth of the speed is 6 000 000 seconds.
  clock.forward(6_000_000_000 - 0x7fff_ffff);
  expect(directory.version).toBe(1n);
});

test("an empty tape has ended", () => {
  expect(play([], 0, 1).ended).toBe(true);
  expect(clock.waits).toEqual([]);
});

test("the process's clock goes forward and calls back, or not when called off", async () => {
  const before = wallClock.now();
  await new Promise<void>((resolve, reject) => {
    wallClock.after(0, () => reject(new Error("called off")))();
    wallClock.after(1, resolve);
  });
  expect(wallClock.now()).toBeGreaterThan(before);
});
