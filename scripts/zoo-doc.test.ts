// The page of the zoo has every bug, caught, and every property, broken by some bug.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bugs } from "../bugs/index.js";
import { catalogue } from "../src/checker/catalogue.js";

const page = readFileSync(new URL("../docs/reference/zoo.md", import.meta.url), "utf8");

/** The cells of the tables' rows, heads and rules left out. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("|") && !/^\|\s*(bug|property|-|:)/.test(line))
  .map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );

describe("docs/reference/zoo.md", () => {
  test("has a row for each bug, in the zoo's order, with one of the properties that it is known to break", () => {
    const written = rows.filter(([first = ""]) => first.startsWith("["));
    expect(written.map(([first = ""]) => /^\[([^\]]+)\]/.exec(first)?.[1])).toEqual(bugs.map(({ name }) => name));
    for (const [at, { caughtBy, livesIn }] of bugs.entries()) {
      const [, lives, caught = ""] = written[at] ?? [];
      expect(lives).toBe(livesIn);
      expect(caughtBy).toEqual(expect.arrayContaining(caught.split(", ")));
    }
  });

  test("has a row for each property, in the catalogue's order, with a bug that breaks it", () => {
    const written = rows.filter(([first = ""]) => !first.startsWith("["));
    expect(written.map(([first]) => first)).toEqual(catalogue.map(({ name }) => name));
    for (const [, broken = ""] of written) expect(broken).not.toBe("");
  });
});
