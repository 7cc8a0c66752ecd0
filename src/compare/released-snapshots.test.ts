// The saved states of every released version load into the machine of today, whole and in pieces, and it goes on from them.
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { reference } from "../fsm/reference.js";
import type { MachineKind } from "../protocol/machine.js";
import { Player } from "./player.js";
import { callsOfSnapshot, compareSnapshot, snapshotFiles } from "./released-snapshots.js";

const folder = fileURLToPath(new URL("../../traces/snapshots", import.meta.url));
const files = snapshotFiles(folder);
const OPTIONS = { accepted: () => false, sizeBound: 1.5, carries: true };

describe("the saved states of released versions", () => {
  test("there are some of each, and most have entries that came after them", () => {
    expect(files.length).toBeGreaterThanOrEqual(13);
    const applies = files.map((file) => callsOfSnapshot(file).filter(({ e }) => e === "commit").length);
    // Nine ticks follow each of them.
    expect(applies.filter((count) => count > 9 + 19).length).toBeGreaterThanOrEqual(12);
  });

  test.each(files.map((file) => [file.slice(folder.length + 1), file]))(
    "%s restores, and nothing breaks after it",
    (_, file) => {
      const player = new Player({ machine: reference, inThisProcess: false });
      for (const line of callsOfSnapshot(file)) {
        const outcome = player.play(line);
        expect(outcome?.did).not.toBe("broke");
        if (outcome?.did === "restore") expect(outcome.result).toEqual({ kind: "restored" });
      }
    },
  );

  test("a candidate that refuses one is flagged, even where the baseline refuses it too", () => {
    const proud: MachineKind = {
      ...reference,
      create: () => ({ ...reference.create(), restore: () => ({ kind: "refused", message: "too old" }) }),
    };
    const side = { machine: proud, inThisProcess: false };
    const { found } = compareSnapshot(files[0] as string, { baseline: side, candidate: side }, OPTIONS);
    expect(found.map(({ fingerprint }) => fingerprint)).toEqual(["restore | a released state | refused"]);
  });
});
