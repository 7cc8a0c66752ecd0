// The guard of what trials cost, by counts that are the same on every machine.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { countsFile, countsNow } from "./counts.js";

it("trials and the checker do as much as they did: where that is meant, `npm run counts` writes the counts anew", () => {
  expect(countsNow()).toEqual(JSON.parse(readFileSync(countsFile, "utf8")));
});
