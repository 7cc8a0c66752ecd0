// A foreign machine's process, from the main thread: two FIFOs that are written and read synchronously (the kernel wakes the
// one who waits: a round trip is a dozen microseconds), and a watchman thread that owns the process, its stderr and the
// clock. Every wait ends: with bytes, with the end of the output, or because the watchman killed the process.
import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { transformSync } from "@swc/wasm-typescript";
import { UnfitError } from "../protocol/machine-errors.js";
import { shareCore, type Release } from "./same-core.js";
import { at, signals, SLOTS, states, TAIL_BYTES, type Watch } from "./watch.js";

/** How long a process may take until it is there, before it has said anything. Milliseconds. */
const START_LIMIT = 10_000;
/** How long a process may take to end by itself once its stdin is closed. Milliseconds. */
const END_LIMIT = 1_000;

const living = new Set<MachineProcess>();
process.on("exit", () => {
  for (const each of living) each.kill();
});

/** What is known of a process that ended, or was ended. */
export interface PostMortem {
  readonly exited: boolean;
  /** "exit code 3", "signal SIGSEGV", "still running". */
  readonly end: string;
  /** The last lines of its stderr, trimmed; empty where it said nothing. */
  readonly stderr: readonly string[];
  readonly stderrBytes: number;
}

export class MachineProcess {
  readonly #shared = new Int32Array(new SharedArrayBuffer(4 * SLOTS));
  readonly #tail = new Uint8Array(new SharedArrayBuffer(TAIL_BYTES));
  readonly #folder = mkdtempSync(join(tmpdir(), "multiraft-sim-"));
  readonly #worker: Worker;
  readonly #stdin: number;
  readonly #stdout: number;
  #release: Release = () => undefined;
  #waits = 0;
  #open = true;

  /** Starts the process. Throws an UnfitError where that can't be done. */
  constructor(command: readonly string[], folder?: string) {
    const stdinPath = join(this.#folder, "stdin");
    const stdoutPath = join(this.#folder, "stdout");
    makeFifos(this.#folder, stdinPath, stdoutPath);
    const [stdin, ours] = openBothEnds(stdinPath);
    const [theirs, stdout] = openBothEnds(stdoutPath);
    this.#stdin = ours;
    this.#stdout = theirs;
    const watch: Watch = {
      at,
      states,
      signals,
      shared: this.#shared.buffer as SharedArrayBuffer,
      tail: this.#tail.buffer as SharedArrayBuffer,
      command,
      folder,
      stdin,
      stdout,
      stdinPath,
      stdoutPath,
    };
    this.#worker = new Worker(watchmanCode(), { workerData: watch, name: "multiraft-sim watchman" });
    this.#worker.unref();
    living.add(this);
    this.#waitWhile(states.starting, START_LIMIT);
    // The child has its own copies by now. While ours were open, its end would not be seen here.
    closeSync(stdin);
    closeSync(stdout);
    if (Atomics.load(this.#shared, at.state) !== states.neverStarted) return;
    const why = this.postMortem(0).stderr.join(" ");
    this.close();
    throw new UnfitError(`\`${command.join(" ")}\` does not start: ${why}`);
  }

  /** Binds this thread and the process's first one to one core, until close(). To be called once its other threads are up. */
  shareCore(job: number | undefined): void {
    this.#release = shareCore(Atomics.load(this.#shared, at.pid), job);
  }

  /** From here on the clock runs: within `limit` milliseconds stopWaiting() is called, or the process is killed. */
  startWaiting(limit: number): void {
    this.#waits = (this.#waits + 1) & 0x7fff_ffff || 1;
    Atomics.store(this.#shared, at.limit, limit);
    Atomics.store(this.#shared, at.waiting, this.#waits);
  }

  stopWaiting(): void {
    Atomics.store(this.#shared, at.waiting, 0);
  }

  /** Writes all of it, between startWaiting() and stopWaiting(). False: nobody reads any more. */
  write(bytes: Uint8Array): boolean {
    let written = 0;
    while (written < bytes.length) {
      if (this.ranOut) return false;
      try {
        written += writeSync(this.#stdin, bytes, written, bytes.length - written);
      } catch (error) {
        if (isAgain(error)) continue;
        return false;
      }
    }
    return true;
  }

  /** Reads what is there, at least one byte, between startWaiting() and stopWaiting(). 0: nothing will come any more. */
  read(into: Uint8Array, from: number): number {
    for (;;) {
      try {
        const count = readSync(this.#stdout, into, from, into.length - from, null);
        return this.ranOut ? 0 : count;
      } catch (error) {
        if (!isAgain(error) || this.ranOut) return 0;
      }
    }
  }

  /** The time limit ran out, and the process was killed for it. */
  get ranOut(): boolean {
    return Atomics.load(this.#shared, at.ranOut) === 1;
  }

  /** Says how it ended; waits so many milliseconds for the end, where it has not come. */
  postMortem(limit: number): PostMortem {
    this.#waitWhile(states.running, limit);
    const read = (slot: number): number => Atomics.load(this.#shared, slot);
    const signal = signals[read(at.signal) - 1];
    const end = signal === undefined ? `exit code ${read(at.exitCode)}` : `signal ${signal}`;
    return {
      exited: read(at.exited) === 1,
      end: read(at.exited) === 1 ? end : "still running",
      stderr: lastLines(this.#tail, read(at.tailAt), read(at.stderrBytes)),
      stderrBytes: read(at.stderrBytes),
    };
  }

  /** Ends the process: by closing its stdin, and where that is not enough, by force. Returns when it is gone. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#release();
    closeSync(this.#stdin);
    if (!this.#waitWhile(states.running, END_LIMIT)) {
      this.kill();
      this.#waitWhile(states.running, END_LIMIT);
    }
    closeSync(this.#stdout);
    living.delete(this);
    rmSync(this.#folder, { recursive: true, force: true });
    void this.#worker.terminate();
  }

  /** Waits until the process is in another state; false: `limit` milliseconds were not enough. */
  #waitWhile(state: number, limit: number): boolean {
    const end = performance.now() + limit;
    // What counts is the cell, not why the wait was over: threads are woken for no reason, too.
    while (Atomics.load(this.#shared, at.state) === state) {
      const left = end - performance.now();
      if (left <= 0) return false;
      Atomics.wait(this.#shared, at.state, state, left);
    }
    return true;
  }

  /** Kills the process and everything in its group, now. */
  kill(): void {
    const pid = Atomics.load(this.#shared, at.pid);
    rmSync(this.#folder, { recursive: true, force: true });
    if (pid === 0 || Atomics.load(this.#shared, at.exited) === 1) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }
}

function makeFifos(folder: string, ...paths: readonly string[]): void {
  const made = spawnSync("mkfifo", ["-m", "600", ...paths], { encoding: "utf8" });
  if (made.status === 0) return;
  rmSync(folder, { recursive: true, force: true });
  const why = made.error?.message ?? made.stderr.trim();
  throw new UnfitError(`a machine in another process needs the system's mkfifo, which failed: ${why}`);
}

/** The reading and the writing end of a FIFO, both blocking. */
function openBothEnds(path: string): [number, number] {
  // Opening one end alone would wait for the other one.
  const both = openSync(path, constants.O_RDWR);
  const ends: [number, number] = [openSync(path, constants.O_RDONLY), openSync(path, constants.O_WRONLY)];
  closeSync(both);
  return ends;
}

/** A signal interrupted the call, or the end is set to answer at once: to be tried again. */
function isAgain(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "EINTR" || code === "EAGAIN";
}

/** Where the watchman's code is: beside this file once built; unbuilt, its text without types. */
function watchmanCode(): URL {
  const built = new URL("./watchman.js", import.meta.url);
  if (import.meta.url.endsWith(".js")) return built;
  const source = readFileSync(fileURLToPath(new URL("./watchman.ts", import.meta.url)), "utf8");
  const { code } = transformSync(source, { mode: "transform", module: true, filename: "watchman.ts" });
  return new URL(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
}

const MOST_LINES = 12;
const MOST_COLUMNS = 240;

function lastLines(ring: Uint8Array, next: number, total: number): readonly string[] {
  const bytes =
    total < ring.length ? ring.slice(0, total) : Buffer.concat([ring.subarray(next), ring.subarray(0, next)]);
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  return lines
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-MOST_LINES)
    .map((line) => (line.length > MOST_COLUMNS ? `${line.slice(0, MOST_COLUMNS)}…` : line));
}
