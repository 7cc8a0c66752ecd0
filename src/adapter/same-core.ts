// Keeps this thread and a machine's process on one core. They take turns, never work at the same time, and the kernel hands
// over on one core in a fraction of the time that it needs to wake another one: two to three times the entries a second.
// Linux only, with util-linux; anywhere else, or where anything fails, nothing happens.
import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** Undoes it for this thread. */
export type Release = () => void;

const nothing: Release = () => undefined;

/**
 * Binds the calling thread and the first thread of the process `pid` to one core: the one that the caller is on, or where
 * several threads work side by side, the one that is `job`'s share of those that may be used.
 */
export function shareCore(pid: number, job?: number): Release {
  if (process.platform !== "linux") return nothing;
  try {
    const thread = readlinkSync("/proc/thread-self").split("/").at(-1) as string;
    const before = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/thread-self/status", "utf8"))?.[1];
    if (before === undefined) return nothing;
    const core = job === undefined ? coreOf(readFileSync("/proc/thread-self/stat", "utf8")) : shareOf(job, before);
    if (core === undefined) return nothing;
    // The machine first: where that fails, this thread stays free.
    if (!bind(core, String(pid)) || !bind(core, thread)) return nothing;
    return () => void bind(before, thread);
  } catch {
    return nothing;
  }
}

function bind(cores: string, thread: string): boolean {
  return spawnSync("taskset", ["-p", "-c", cores, thread], { stdio: "ignore" }).status === 0;
}

/** Field 39 of a thread's stat; counted from behind its name, which may hold anything. */
function coreOf(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[36];
}

/** The core at place `job` of a list such as "0-3,8", counted round and round. */
function shareOf(job: number, list: string): string | undefined {
  const cores = list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => String(first + at));
  });
  return cores[job % cores.length];
}
