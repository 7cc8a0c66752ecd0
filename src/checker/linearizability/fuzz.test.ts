// The differential fuzz: a few seconds of it by default, a million histories with FUZZ_HISTORIES=1000000.
import { describe, expect, test } from "vitest";
import { fuzzCases } from "./oracle/fuzz-cases.js";

const histories = Number(process.env["FUZZ_HISTORIES"] ?? 4400);
const first = Number(process.env["FUZZ_FIRST_SEED"] ?? 1);

describe("every way of checking agrees with the plain search of the papers", () => {
  for (const one of fuzzCases) {
    test(
      one.name,
      () => {
        const share = Math.ceil(histories / fuzzCases.length);
        for (let seed = first; seed < first + share; seed++) {
          const difference = one.small(seed);
          if (difference !== null) expect.unreachable(`seed ${seed}: ${difference}`);
        }
      },
      3_600_000,
    );
  }
});

// The general search may take for ever over queues and stacks of forty clients.
const searchable = fuzzCases.filter(({ name }) => name !== "queue" && name !== "stack");
const largeShare = Math.ceil(histories / 1000);

describe("a large history that is legal by construction is found legal", () => {
  test.each(searchable)("$name", { timeout: 3_600_000 }, (one) => {
    for (let seed = first; seed < first + largeShare; seed++) expect(one.large(seed), `seed ${seed}`).toBeNull();
  });
});

describe("a large history with an answer that was never possible is never found legal", () => {
  test.each(searchable)("$name", { timeout: 3_600_000 }, (one) => {
    for (let seed = first; seed < first + largeShare; seed++) expect(one.largeIllegal(seed), `seed ${seed}`).toBeNull();
  });
});
