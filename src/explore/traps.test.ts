// The traps hear of everything ambient while they are awake, and change nothing while they sleep.
import nodeCrypto from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { installTraps, type Touch, withTraps } from "./traps.js";

function touchesOf(body: () => unknown): Touch[] {
  const touches: Touch[] = [];
  withTraps((touch) => touches.push(touch), body);
  return touches;
}

describe("traps", () => {
  // The test runner borrows process.nextTick while it reports, and does not always give back what it found: it is taken here.
  let { nextTick } = process;
  beforeAll(() => {
    installTraps();
    ({ nextTick } = process);
  });

  it.each<[string, () => unknown]>([
    ["Date.now", () => Date.now()],
    ["new Date()", () => new Date()],
    ["Date()", () => Date()],
    ["Math.random", () => Math.random()],
    ["performance.now", () => performance.now()],
    ["process.hrtime", () => process.hrtime()],
    ["process.hrtime.bigint", () => process.hrtime.bigint()],
    ["setTimeout", () => setTimeout(() => undefined)],
    ["setInterval", () => setInterval(() => undefined)],
    ["setImmediate", () => setImmediate(() => undefined)],
    ["queueMicrotask", () => queueMicrotask(() => undefined)],
    ["process.nextTick", () => nextTick(() => undefined)],
    ["crypto.getRandomValues", () => crypto.getRandomValues(new Uint8Array(4))],
    ["crypto.randomUUID", () => crypto.randomUUID()],
    ["crypto.randomUUID", () => nodeCrypto.randomUUID()],
    ["crypto.randomBytes", () => nodeCrypto.randomBytes(4)],
    ["crypto.randomInt", () => nodeCrypto.randomInt(4)],
  ])("%s is heard of", (source, touch) => {
    expect(touchesOf(touch).map((one) => one.source)).toEqual([source]);
  });

  it("a function kept in a variable is heard of too, where the traps came first", () => {
    const { now } = Date;
    expect(touchesOf(() => now())).toHaveLength(1);
  });

  it("a date made from a number is no touch", () => {
    expect(touchesOf(() => new Date(5).getTime())).toEqual([]);
  });

  it("the stack begins with whoever called, and names no folder above the project", () => {
    const [touch] = touchesOf(function machineThatCheats() {
      return Date.now();
    });
    expect(touch?.stack.split("\n")[0]).toMatch(/machineThatCheats \(explore\/traps\.test\.ts:\d+:\d+\)$/);
  });

  it("every run is told the same", () => {
    const draws: unknown[] = [];
    for (let run = 0; run < 2; run++) {
      withTraps(
        () => undefined,
        () => draws.push([Math.random(), Math.random(), Date.now(), performance.now(), crypto.randomUUID()]),
      );
    }
    expect(draws[0]).toEqual(draws[1]);
  });

  it("a timer that was set while they were awake never fires", async () => {
    let fired = false;
    touchesOf(() => setTimeout(() => (fired = true), 0));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fired).toBe(false);
  });

  it("asleep, everything is what it was", async () => {
    expect(Math.abs(Date.now() - new Date().getTime())).toBeLessThan(1000);
    expect(new Date()).toBeInstanceOf(Date);
    expect(new Date(5).constructor).toBe(Date);
    expect(Math.random()).toBeLessThan(1);
    await new Promise((resolve) => setImmediate(resolve));
  });
});
