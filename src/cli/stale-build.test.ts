// A clone whose sources are newer than its build says so; an installed package, which has no sources, says nothing.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { staleBuild } from "./stale-build.js";

const made: string[] = [];
afterEach(() => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true });
});

/** A folder with these files, each changed at that second. */
function clone(files: Readonly<Record<string, number>>): string {
  const root = mkdtempSync(join(tmpdir(), "multiraft-sim-stale-"));
  made.push(root);
  for (const [file, second] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
    utimesSync(join(root, file), second, second);
  }
  return root;
}

const built = { "dist/src/cli/main.js": 1000 };

describe("staleBuild", () => {
  it("names the newest source that was changed after the build", () => {
    const root = clone({ ...built, "src/fsm/keep-alive.ts": 1002, "src/fsm/timers.ts": 1001, "bugs/lifo.ts": 1001 });
    expect(staleBuild(root)).toBe(
      "warning: src/fsm/keep-alive.ts is newer than dist/, and dist/ is what runs (as are 2 more): npm run build",
    );
  });

  it("says nothing where the build is the newest, and of files that are not built", () => {
    const tests = { "src/fsm/timers.test.ts": 1001, "src/fsm/script.laws.ts": 1001 };
    expect(
      staleBuild(clone({ ...built, ...tests, "src/fsm/services/lock.ts": 999, "README.md": 1001 })),
    ).toBeUndefined();
  });

  it("says nothing of an installed package", () => {
    expect(staleBuild(clone({ ...built, "package.json": 1001 }))).toBeUndefined();
  });
});
