// What the main thread and the watchman share: where each number lies in the shared memory, and what the worker is given.
// Types and constants only; the watchman gets the constants as data, so that it can be loaded from text.
import { constants } from "node:os";

/** Where each number lies in the shared Int32Array. */
export const at = {
  /** One of {@link states}; notified when it changes. */
  state: 0,
  pid: 1,
  /** The number of the wait that is on; 0: nobody waits. */
  waiting: 2,
  /** How long it may take, in milliseconds. */
  limit: 3,
  /** 1: the time limit ran out, and the process was killed for it. */
  ranOut: 4,
  exited: 5,
  /** -1: by a signal. */
  exitCode: 6,
  /** The place of its name in `signals`, from 1; 0: none. */
  signal: 7,
  /** Bytes that came on stderr, at most 2^31-1. */
  stderrBytes: 8,
  /** Where the next byte of stderr goes in the ring. */
  tailAt: 9,
} as const;
export const SLOTS = 10;

export const states = { starting: 0, running: 1, ended: 2, neverStarted: 3 } as const;

/** The last bytes of stderr that are kept. */
export const TAIL_BYTES = 8192;

/** Names of signals, so that one fits a number. */
export const signals: readonly string[] = Object.keys(constants.signals);

/** What the watchman is given. */
export interface Watch {
  readonly at: typeof at;
  readonly states: typeof states;
  readonly signals: readonly string[];
  readonly shared: SharedArrayBuffer;
  readonly tail: SharedArrayBuffer;
  readonly command: readonly string[];
  readonly folder: string | undefined;
  /** The child's ends of the two FIFOs. */
  readonly stdin: number;
  readonly stdout: number;
  readonly stdinPath: string;
  readonly stdoutPath: string;
}
