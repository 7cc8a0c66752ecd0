// What vitest runs: the units beside their files, the laws of the house in scripts/, the promises in properties/, and what
// `shrink --emit-test` wrote into this folder.
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["*.test.ts", "{src,scripts,bugs,bench,viewer}/**/*.test.ts", "{properties,examples}/**/*.property.ts"],
    setupFiles: ["scripts/fast-check-seed.ts"],
    testTimeout: 60_000,
    pool: "forks",
    // Many tests wait for processes of their own: as many files at once as there are processors, none left free.
    maxWorkers: availableParallelism(),
  },
});
