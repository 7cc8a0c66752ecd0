// What a machine in another process may do wrong, and what is then said of it. Every case ends; nobody is left behind.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { makeEntry } from "../protocol/entry.js";
import { MachineBroke, UnfitError } from "../protocol/machine-errors.js";
import type { MachineKind } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import { machineFrom, type LoadedMachine } from "./load.js";

const program = fileURLToPath(new URL("./testdata/misbehaving.mjs", import.meta.url));
const reference = undefined as unknown as MachineKind;
let loaded: LoadedMachine | undefined;

/** Only those that hang are to be found out by the clock: a test must not depend on how busy the machine is. */
async function start(how: string, answerWithin = 30_000): Promise<MachineKind> {
  loaded = await machineFrom(`exec:node '${program}' ${how}`, { reference, answerWithin, startWithin: 30_000 });
  return loaded.kind;
}

afterEach(() => {
  loaded?.close();
  loaded = undefined;
});

const tick = (index: bigint) => makeEntry(LogIndex(index), { timestamp: undefined, input: undefined });

/** Applies entries until the machine breaks. */
function breakIt(kind: MachineKind): MachineBroke {
  const replica = kind.create();
  for (let index = 1n; index < 6n; index++) {
    try {
      replica.apply(tick(index));
    } catch (error) {
      if (error instanceof MachineBroke) return error;
      throw error;
    }
  }
  throw new Error("it did not break");
}

describe("a machine in another process that misbehaves", () => {
  it.each([
    [
      "crash",
      "silent",
      [/^apply of entry 3 on instance 1: the process ended \(exit code 1\)/, /the map has no such key: quorum/],
    ],
    ["killed", "silent", [/^apply of entry 3 on instance 1: the process ended \(signal SIGSEGV\)/]],
    ["exit", "silent", [/^apply of entry 3 on instance 1: the process ended \(exit code 0\)/, /its stderr is empty/]],
    [
      "hang",
      "hung",
      [/^apply of entry 3 on instance 1: no answer within 400 ms/, /waiting for a lock that nobody holds/],
    ],
    ["garbage", "threw", [/^apply of entry 3 on instance 1: what came is no Response/, /hex 08ff/]],
    [
      "print",
      "threw",
      [/^apply of entry 3 on instance 1: .*no frame.*the text "applying entry 3\\n/, /logs belong on stderr/],
    ],
    ["wrong-instance", "threw", [/^apply of entry 3 on instance 1: it answered for instance 77, not 1/]],
    ["wrong-index", "threw", [/^apply of entry 3 on instance 1: it answered for entry 99/]],
    ["wrong-kind", "threw", [/^apply of entry 3 on instance 1: it answered "done", where "applied" was to come/]],
    [
      "oversized",
      "threw",
      [/^apply of entry 3 on instance 1: .*a frame of 1073741824 bytes, where 67108864 is the most/],
    ],
    ["closes-stdout", "silent", [/^apply of entry 3 on instance 1: its stdout ended, though the process still ran/]],
    [
      "twice",
      "threw",
      [/^apply of entry 4 on instance 1: it answered call 5, which was answered before \(apply of entry 3/],
    ],
    ["floods", "silent", [/the process ended \(exit code 9\)/, /line 40000 of a log/, /of 2[0-9]{6} bytes/]],
    ["says-so", "threw", [/^apply of entry 3 on instance 1: it says that it failed: panic: nil map/]],
    [
      "half-an-answer",
      "silent",
      [/the process ended \(exit code 4\)/, /half a frame had come on its stdout: hex 1408061001/],
    ],
  ] as const)("%s: is %s, and the report says so", async (how, expected, patterns) => {
    const broke = breakIt(await start(how, how === "hang" ? 400 : 30_000));
    expect(broke.how).toBe(expected);
    for (const pattern of patterns) expect(broke.message).toMatch(pattern);
    expect(broke.message.length).toBeLessThan(4000);
  });

  it("never reads its stdin: hangs once the pipe is full, and is ended", async () => {
    const kind = await start("never-reads", 400);
    const replica = kind.create();
    const broke = caught(() => replica.restore([new Uint8Array(1 << 20)]));
    expect(broke.how).toBe("hung");
    expect(broke.message).toMatch(/^restore on instance 1: no answer within 400 ms/);
  });

  it("a grandchild that holds the pipes keeps nobody waiting", async () => {
    const broke = breakIt(await start("leaves-a-grandchild", 400));
    expect(broke.how).toBe("hung");
    process.kill(Number(/grandchild (\d+)/.exec(broke.message)?.[1]), "SIGKILL");
  });

  it.each([
    ["speaks-version-7", /it speaks version 7 of the protocol, not 1/],
    ["prints-first", /the text "machine 1.0 ready/],
    ["no-start", /hello: the process ended \(exit code 7\)/],
  ] as const)("%s: can't stand trial", async (how, pattern) => {
    const error = await start(how).catch((caughtError: unknown) => caughtError);
    expect(error).toBeInstanceOf(UnfitError);
    expect((error as Error).message).toMatch(pattern);
  });

  it("a program that does not exist can't stand trial", async () => {
    await expect(machineFrom("exec:/nowhere/machine --fast", { reference })).rejects.toThrow(/does not start.*ENOENT/);
  });
});

describe("a machine in another process", () => {
  it("is asked nothing more once it broke, and a new replica has a new process", async () => {
    const kind = await start("exit");
    const [first, second] = [kind.create(), kind.create()];
    second.apply(tick(1n));
    for (const index of [1n, 2n]) first.apply(tick(index));
    expect(caught(() => first.apply(tick(3n))).how).toBe("silent");
    expect(caught(() => second.apply(tick(2n))).message).toMatch(
      /^apply of entry 2 on instance 2 was not asked: apply of entry 3 on instance 1: the process ended/,
    );
    expect(kind.create().apply(tick(1n)).reply).toEqual({
      kind: "answer",
      outputs: [{ index: 1n, output: undefined }],
      complete: true,
    });
  });

  it("says what it can do", async () => {
    const { capabilities } = await start("honest");
    expect(capabilities).toEqual({ services: ["counter"], snapshots: "opaque", ticks: true, codec: "own" });
  });

  it("saves and applies on many instances", async () => {
    const kind = await start("honest");
    const replicas = Array.from({ length: 40 }, () => kind.create());
    for (const replica of replicas) replica.apply(tick(1n));
    expect(Buffer.from(replicas[17]!.snapshot()).toString()).toBe("state");
  });

  it("is gone when it is closed, also one that does not mind the end of its stdin", async () => {
    const kind = await start("ignores-the-end");
    kind.create().apply(tick(1n));
    const pid = childOf(process.pid, "ignores-the-end");
    expect(pid).toBeGreaterThan(0);
    loaded?.close();
    expect(isRunning(pid)).toBe(false);
  });
});

function caught(act: () => unknown): MachineBroke {
  try {
    act();
  } catch (error) {
    if (error instanceof MachineBroke) return error;
    throw error;
  }
  throw new Error("it did not break");
}

/** The child whose command line holds `word`; 0: there is none. */
function childOf(parent: number, word: string): number {
  const tasks = readdirSync(`/proc/${parent}/task`);
  const all = tasks.flatMap((task) => readFileSync(`/proc/${parent}/task/${task}/children`, "utf8").trim().split(" "));
  return Number(all.find((pid) => pid !== "" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word)) ?? 0);
}

function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
