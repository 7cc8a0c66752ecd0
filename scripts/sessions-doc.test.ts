// What README and the how-to show of a red run is what comes of one. Needs the built tool (`npm run build`).
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the sessions in README and docs/how-to/reproduce-a-failure.md are fresh, but for times", () => {
  const script = fileURLToPath(new URL("./sessions-doc.js", import.meta.url));
  const { stderr, status } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
}, 300_000);
