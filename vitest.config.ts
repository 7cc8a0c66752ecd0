// What vitest runs: the units beside their files, the laws of the house in scripts/, the promises in properties/.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,scripts,bugs,bench,viewer}/**/*.test.ts", "{properties,examples}/**/*.property.ts"],
    setupFiles: ["scripts/fast-check-seed.ts"],
    testTimeout: 60_000,
    pool: "forks",
  },
});
