// What a client says of a query that nobody answered. SPEC 3.
import { expect, test } from "vitest";
import { linesOf, only, planOf } from "./default-scenario.laws.js";

test("SPEC 3: a time-out or a lost session is an unknown outcome, never a failure: who says so was told", () => {
  let unknown = 0;
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const { lines } = linesOf(planOf(seed));
    for (const { outcome, status } of only(lines, "return")) {
      if (outcome === "unknown") unknown++;
      if (outcome === "failed") expect(status).toBeDefined();
      else if (outcome !== "ok") expect(status).toBeUndefined();
    }
  }
  expect(unknown).toBeGreaterThan(0);
});
