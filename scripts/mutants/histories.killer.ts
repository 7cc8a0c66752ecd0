// Kills mutants by short histories: those of two entries of each subject. Not a test of npm test; `npm run mutants` runs it.
import { expect, it } from "vitest";
import { goThrough, inThisThread } from "../../src/exhaustive/histories.js";
import { subjects } from "../../src/exhaustive/subjects/registry.js";
import { plainContestant } from "../../src/explore/contestant.js";
import { reference } from "../../src/fsm/reference.js";

it.each(subjects)("short histories: $name", async (subject) => {
  const contestant = plainContestant(reference);
  const { findings, unexplained } = await goThrough({
    contestant,
    subjects: [subject],
    bound: 2,
    expanders: inThisThread(contestant),
    stop: () => false,
    found: () => true,
  });
  expect(findings.map(({ finding }) => finding.fingerprint)).toEqual([]);
  expect(unexplained).toEqual([]);
});
