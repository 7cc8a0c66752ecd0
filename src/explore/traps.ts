// Traps for what a state machine must not touch: clocks, randomness, timers. Installed once, before a machine's module is
// loaded (a module may keep `Date.now` in a variable), and asleep except while a run is played. A touch is noted, and answered by
// a stand-in that is the same in every run, so that even a machine that cheats plays one seed in one way.
import crypto, { webcrypto } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";

/** One touch of something ambient. */
export interface Touch {
  /** As one writes it: "Date.now", "Math.random". */
  readonly source: string;
  /** Who called, innermost first, one frame a line, without paths of this machine. */
  readonly stack: string;
}

// 2000-01-01T00:00:00Z: what a trapped clock says.
const STAND_IN_MILLIS = 946_684_800_000;

let note: ((touch: Touch) => void) | undefined;
let installed = false;
let ticks = 0;
let luck = 1;

/** Puts the traps in place. Once they are, calling it again does nothing. */
export function installTraps(): void {
  if (installed) return;
  installed = true;
  trapDate();
  trap(Math, "Math", "random", drawStandIn);
  trap(performance, "performance", "now", () => ticks++);
  trap(process, "process", "hrtime", hrtimeStandIn());
  for (const holder of [globalThis, timers] as object[]) {
    const where = holder === timers ? "timers." : "";
    for (const name of ["setTimeout", "setInterval", "setImmediate"]) trap(holder, where, name, () => neverFires);
  }
  trap(globalThis, "", "queueMicrotask", () => undefined);
  trap(process, "process", "nextTick", () => undefined);
  trap(webcrypto, "crypto", "getRandomValues", fillStandIn);
  trap(webcrypto, "crypto", "randomUUID", uuidStandIn);
  trap(crypto, "crypto", "randomUUID", uuidStandIn);
  trap(crypto, "crypto", "randomBytes", (size: number) => Buffer.alloc(size, 4));
  trap(crypto, "crypto", "randomInt", () => 4);
  trap(crypto, "crypto", "randomFillSync", fillStandIn);
  syncBuiltinESMExports();
}

/** Whether the traps are in place: without them nothing is judged of what a machine touches. */
export function trapsInstalled(): boolean {
  return installed;
}

/** Wakes the traps while `body` runs. `noted` hears of every touch. */
export function withTraps<Result>(noted: (touch: Touch) => void, body: () => Result): Result {
  const outer = note;
  note = noted;
  ticks = 0;
  luck = 1;
  try {
    return body();
  } finally {
    note = outer;
  }
}

const neverFires = {
  ref: () => neverFires,
  unref: () => neverFires,
  hasRef: () => false,
  refresh: () => neverFires,
  [Symbol.toPrimitive]: () => 0,
};

type AnyFunction = (...args: never[]) => unknown;

/** Replaces `holder[name]`: asleep it is what it was, awake it notes the touch and answers with the stand-in. */
function trap(holder: object, where: string, name: string, standIn: AnyFunction): void {
  const real = (holder as Record<string, unknown>)[name];
  if (typeof real !== "function") return;
  const source = where === "" || where.endsWith(".") ? `${where}${name}` : `${where}.${name}`;
  const trapped = function (this: unknown, ...args: unknown[]): unknown {
    if (note === undefined) return Reflect.apply(real, this, args);
    touched(source);
    return Reflect.apply(standIn, this, args);
  };
  // What hangs on the function goes on hanging on it: setTimeout[promisify], hrtime.bigint.
  for (const key of Reflect.ownKeys(real)) {
    const own = Object.getOwnPropertyDescriptor(real, key);
    if (own !== undefined && Object.getOwnPropertyDescriptor(trapped, key)?.configurable !== false) {
      Object.defineProperty(trapped, key, own);
    }
  }
  Object.defineProperty(holder, name, { value: trapped, configurable: true, writable: true, enumerable: true });
  if (source === "process.hrtime") trap(trapped, source, "bigint", () => BigInt(ticks++));
}

function trapDate(): void {
  const Real = Date;
  const trapped = new Proxy(Real, {
    construct(target, args, newTarget) {
      if (note === undefined || args.length > 0) return Reflect.construct(target, args, newTarget) as object;
      touched("new Date()");
      return Reflect.construct(target, [STAND_IN_MILLIS], newTarget) as object;
    },
    apply(target, self, args) {
      if (note === undefined) return Reflect.apply(target, self, args) as unknown;
      touched("Date()");
      return new Real(STAND_IN_MILLIS).toString();
    },
  });
  trap(Real, "Date", "now", () => STAND_IN_MILLIS);
  Real.prototype.constructor = trapped;
  globalThis.Date = trapped;
}

function touched(source: string): void {
  const noted = note;
  if (noted === undefined) return;
  // Asleep while the stack is made: Node itself may look at a clock for it.
  note = undefined;
  try {
    noted({ source, stack: framesOf(new Error().stack ?? "") });
  } finally {
    note = noted;
  }
}

/** The frames between this file and the stage, without the folder that the project lies in. */
function framesOf(stack: string): string {
  const frames: string[] = [];
  for (const line of stack.split("\n").slice(1)) {
    const frame = line.trim().replace(/^at /, "");
    if (
      /[\\/]explore[\\/]traps\.[jt]s/.test(frame) ||
      frame.includes("node:internal") ||
      frame.includes("Reflect.apply")
    ) {
      continue;
    }
    if (/[\\/]src[\\/]sim[\\/]/.test(frame)) break;
    frames.push(frame.replace(/(?:file:\/\/)?(?:[^()\s]*[\\/])?([^\\/()\s]+[\\/][^\\/()\s]+:\d+:\d+)/, "$1"));
    if (frames.length === 8) break;
  }
  return frames.join("\n");
}

function drawStandIn(): number {
  // xorshift32
  luck ^= luck << 13;
  luck ^= luck >>> 17;
  luck ^= luck << 5;
  return (luck >>> 0) / 0x1_0000_0000;
}

function fillStandIn<Values extends ArrayBufferView>(values: Values): Values {
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength).fill(4);
  return values;
}

function uuidStandIn(): string {
  return "00000000-0000-4000-8000-000000000000";
}

function hrtimeStandIn(): () => [number, number] {
  return () => [0, ticks++];
}
