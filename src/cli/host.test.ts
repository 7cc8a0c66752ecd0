// The reference machine behind the pipe is the reference machine: the same seeds give the same traces. And nobody outlives
// the tool. Both need the built tool (`npm run build`), which is what runs in the other process.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { machineFrom } from "../adapter/load.js";
import { packageRoot, version } from "../explore/package.js";
import { castOf, type Contestant } from "../explore/contestant.js";
import { headerOf } from "../explore/trial.js";
import { reference } from "../fsm/reference.js";
import type { MachineKind } from "../protocol/machine.js";
import { draw, readScenario } from "../sim/scenario.js";
import { play } from "../sim/world.js";
import { linesOf, saveLine, type Trace } from "../trace/file.js";
import { Recorder } from "../trace/recorder.js";

const tool = join(packageRoot, "dist", "src", "cli", "main.js");
const scenario = readScenario(JSON.parse(readFileSync(join(packageRoot, "scenarios", "default.json"), "utf8")));

const SEEDS = 200;
/** Of these, the traces are compared as text too. */
const AS_TEXT = 5;

function traceOf(machine: MachineKind, seed: bigint): Trace {
  const contestant: Contestant = { fsm: machine.name, bug: null, machine, inThisProcess: false };
  const plan = draw(scenario, seed);
  // The header names the machine: everything else is to be the same, so it is left out of the digest.
  const recorder = new Recorder(headerOf(plan, { ...contestant, machine: reference }, version(), seed.toString()));
  machine.begin?.();
  play(plan, castOf(contestant), (line) => recorder.take(line));
  return recorder.finish();
}

describe("the reference machine in another process", () => {
  it(
    `gives the same traces as in this one, on ${SEEDS} seeds`,
    async () => {
      expect(existsSync(tool), "run `npm run build` first").toBe(true);
      const loaded = await machineFrom(`exec:node '${tool}' host`, { reference });
      try {
        const different: string[] = [];
        for (let seed = 0n; seed < SEEDS; seed++) {
          const here = traceOf(reference, seed);
          const there = traceOf(loaded.kind, seed);
          if (here.end?.digest !== there.end?.digest) different.push(`seed ${seed}`);
          if (seed < AS_TEXT) expect(text(there)).toBe(text(here));
        }
        expect(different).toEqual([]);
      } finally {
        loaded.close();
      }
    },
    15 * 60_000,
  );

  it("is gone soon after the tool was killed, also one that does not mind the end of its stdin", async () => {
    const stubborn = join(packageRoot, "src", "adapter", "testdata", "misbehaving.mjs");
    // A word of its own: other tests have such machines at the same time.
    const mine = `of-${process.pid}`;
    const machine = `exec:node ${stubborn} ignores-the-end ${mine}`;
    // The guard is there before the machine is: it makes no difference how early the tool is killed.
    const folders: string[] = [];
    for (const later of [0, 50, 400]) {
      const run = spawn("node", [tool, "run", "--seeds", "500", "--jobs", "1", "--fsm", machine]);
      await waitUntil(() => running(mine).length > 0);
      await after(later);
      folders.push(...running(mine).flatMap(folderOf));
      run.kill("SIGKILL");
      await waitUntil(() => running(mine).length === 0);
    }
    expect(folders).not.toEqual([]);
    await waitUntil(() => !folders.some((folder) => existsSync(folder)));
  }, 120_000);

  it("tells a person who starts it by hand what it is for", () => {
    const said = spawnSync("node", [tool, "host"], { input: "hello?\n", encoding: "utf8" });
    expect(said.status).toBe(2);
    expect(said.stdout).toBe("");
    expect(said.stderr).toContain("--fsm 'exec:npx multiraft-sim host'");
  });
});

function text(trace: Trace): string {
  return linesOf(trace).map(saveLine).join("\n");
}

async function waitUntil(holds: () => boolean): Promise<void> {
  for (let tried = 0; !holds(); tried++) {
    if (tried === 300) throw new Error("it never came about");
    await after(100);
  }
}

/** Where the FIFOs of a machine lie, if it is still there. */
function folderOf(machine: string): string[] {
  try {
    return [dirname(readlinkSync(`/proc/${machine}/fd/0`))];
  } catch {
    return [];
  }
}

/** Machines whose command line ends with `word`; the tool's own holds it too, but is no `node …mjs`. */
function running(word: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^[0-9]+$/.test(pid)) return false;
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return words.at(-2) === word && words[1]?.endsWith(".mjs") === true;
    } catch {
      return false;
    }
  });
}
