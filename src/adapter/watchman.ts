// The worker that owns a foreign machine's process: starts it, drains its stderr, keeps the clock of every answer, ends the
// process when that runs out, and sees to it that no blocked thread stays blocked. It never touches a frame: those go
// straight between the main thread and the two FIFOs. Loaded from text where the sources run unbuilt: imports Node only.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { workerData } from "node:worker_threads";
import type { Watch } from "./watch.js";

const watch = workerData as Watch;
const shared = new Int32Array(watch.shared);
const tail = new Uint8Array(watch.tail);
const { at, states } = watch;

/** How often the clock is looked at, in milliseconds. */
const PERIOD = 20;
/** How long after its end a process may still say something on stderr, or a grandchild may hold it open. */
const LAST_WORDS = 300;
// Outlives whoever started it, in whatever way that ended: hears from the launcher which process it is for, and told nothing
// more, ends what is left of that after a grace. Once this thread is gone too, it takes the FIFOs away, where nobody did.
const GUARD =
  'read pid && { read word || { sleep 2; kill -s KILL -- "-$pid" 2>/dev/null; }; }; read word; rm -f -- "$1/stdin" "$1/stdout"; rmdir -- "$1" 2>/dev/null';
// Becomes the machine's process. The guard knows it before there is a machine, so that none can be left without a guard.
const LAUNCHER = 'echo $$ >&3; exec "$@" 3>&-';
const FINDER = 'command -v -- "$1"';

let tailAt = 0;
const child = begin();

function begin(): ChildProcess | undefined {
  const where = watch.folder === undefined ? {} : { cwd: watch.folder };
  const program = watch.command[0] ?? "";
  if (spawnSync("/bin/sh", ["-c", FINDER, "sh", program], where).status !== 0) {
    return notStarted(`there is no program ${program} that may be run here (ENOENT)`);
  }
  const guard = spawn("/bin/sh", ["-c", GUARD, "multiraft-sim-guard", dirname(watch.stdinPath)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  const started = spawn("/bin/sh", ["-c", LAUNCHER, "multiraft-sim", ...watch.command], {
    stdio: [watch.stdin, watch.stdout, "pipe", guard.stdin],
    detached: true,
    ...where,
  });
  started.on("error", (error) => notStarted(error.message));
  if (started.pid === undefined) return undefined;
  Atomics.store(shared, at.pid, started.pid);
  started.stderr?.on("data", remember);
  started.on("exit", (code, signal) => {
    guard.stdin.write("over\n");
    Atomics.store(shared, at.exitCode, code ?? -1);
    Atomics.store(shared, at.signal, signal === null ? 0 : watch.signals.indexOf(signal) + 1);
    Atomics.store(shared, at.exited, 1);
    setTimeout(() => move(states.ended), LAST_WORDS);
  });
  started.on("close", () => move(states.ended));
  move(states.running);
  return started;
}

function notStarted(why: string): undefined {
  remember(Buffer.from(why));
  move(states.neverStarted);
}

function move(state: number): void {
  if (Atomics.load(shared, at.state) >= states.ended) return;
  Atomics.store(shared, at.state, state);
  Atomics.notify(shared, at.state);
}

/** Keeps the last bytes of stderr in a ring, and counts all of them. */
function remember(chunk: Buffer): void {
  const last = chunk.subarray(Math.max(0, chunk.length - tail.length));
  for (const byte of last) {
    tail[tailAt] = byte;
    tailAt = (tailAt + 1) % tail.length;
  }
  Atomics.store(shared, at.tailAt, tailAt);
  Atomics.store(shared, at.stderrBytes, Math.min(0x7fff_ffff, Atomics.load(shared, at.stderrBytes) + chunk.length));
}

// The clock. The main thread says which call waits and how long it may; nobody but this thread reads the time.
let waiting = 0;
let since = 0;
setInterval(() => {
  const call = Atomics.load(shared, at.waiting);
  if (call !== waiting) {
    waiting = call;
    since = performance.now();
    return;
  }
  if (call === 0) return;
  const over = performance.now() - since - Atomics.load(shared, at.limit);
  if (over < 0) return;
  if (Atomics.compareExchange(shared, at.ranOut, 0, 1) === 0) kill();
  // The process is gone, and still somebody holds the other ends: a grandchild that left the process's group.
  else if (over > LAST_WORDS) unblock();
}, PERIOD);

function kill(): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

/** Wakes a main thread that is blocked in read or in write: gives it a byte, and takes what it has written. */
function unblock(): void {
  withFifo(watch.stdoutPath, constants.O_WRONLY, (fd) => writeSync(fd, new Uint8Array(1)));
  withFifo(watch.stdinPath, constants.O_RDONLY, (fd) => readSync(fd, new Uint8Array(1 << 16)));
}

function withFifo(path: string, mode: number, use: (fd: number) => number): void {
  try {
    const fd = openSync(path, mode | constants.O_NONBLOCK);
    try {
      use(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Nobody waits at the other end, or there is nothing to take.
  }
}
