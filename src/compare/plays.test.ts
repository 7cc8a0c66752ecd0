// Where calls come from: a log on file plays like a run, a hang is told with the words of the call that hung, and a machine that
// is asked along makes the very calls that the world made.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { scenarioFrom } from "../explore/scenarios.js";
import { reference } from "../fsm/reference.js";
import { createMachine, referenceParts } from "../fsm/session-machine.js";
import type { MachineKind } from "../protocol/machine.js";
import { MachineBroke } from "../protocol/machine-errors.js";
import { SessionId } from "../protocol/words.js";
import { entryOf } from "../replay/as-log.js";
import { loadTrace } from "../trace/file.js";
import { callsOf, comparePlay, type Pair } from "./plays.js";
import { writeDelimited } from "./recorded-log.js";

const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-plays-"));
afterAll(() => rmSync(folder, { recursive: true }));
const OPTIONS = { accepted: () => false, sizeBound: 1.5, carries: true };

const golden = fileURLToPath(new URL("../../traces/golden/late-duplicates.jsonl", import.meta.url));
const { events } = loadTrace(golden);
const log = join(folder, "production.log");
const entries = events.flatMap((line) => (line.e === "commit" && line.partition === 1 ? [entryOf(line).bytes] : []));
writeFileSync(log, writeDelimited(entries));

const { sessions } = referenceParts;
const renumbered: MachineKind = {
  ...reference,
  name: "renumbered",
  create: () => createMachine({ ...referenceParts, sessions: { ...sessions, newId: () => SessionId(1_000n) } }),
};

function pair(candidate: MachineKind): Pair {
  return {
    baseline: { machine: reference, inThisProcess: false },
    candidate: { machine: candidate, inThisProcess: false },
  };
}

describe("a play", () => {
  test("of a recorded log: every entry on two replicas, one of which is restarted on the way", () => {
    const calls = callsOf({ from: "log", path: log }, pair(reference));
    expect(calls.filter(({ e }) => e === "apply")).toHaveLength(2 * entries.length);
    expect(calls.filter(({ e }) => e === "restore").length).toBeGreaterThan(10);
    expect(comparePlay({ from: "log", path: log }, pair({ ...reference }), OPTIONS).found).toEqual([]);
  });

  test("of a recorded log, or of the trace that it was made of, shows a candidate that numbers sessions otherwise", () => {
    for (const play of [
      { from: "log", path: log },
      { from: "trace", path: golden },
    ] as const) {
      const [found] = comparePlay(play, pair(renumbered), OPTIONS).found;
      expect(found?.fingerprint).toBe("output | open-session | another output");
    }
  });

  test("of a seed names the call that does not come back", () => {
    const hangs: MachineKind = {
      ...reference,
      create() {
        const real = reference.create();
        return {
          ...real,
          apply(entry) {
            const { input } = entry;
            if (input !== "undecodable" && input.input?.$case === "keepAlive")
              throw new MachineBroke("hung", "for ever");
            return real.apply(entry);
          },
        };
      },
    };
    const play = { from: "seed", scenario: scenarioFrom("default"), seed: 0n } as const;
    expect(comparePlay(play, pair(hangs), OPTIONS).found.map(({ fingerprint }) => fingerprint)).toEqual([
      "broke | keep-alive | the candidate hung",
    ]);
  });
});
