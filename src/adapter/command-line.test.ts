// The words of a command line.
import { describe, expect, it } from "vitest";
import { wordsOf } from "./command-line.js";

describe("a command line", () => {
  it.each([
    ["python3 machine.py", ["python3", "machine.py"]],
    ["  a   b\tc ", ["a", "b", "c"]],
    [`sh -c 'exec ./m "x y"'`, ["sh", "-c", `exec ./m "x y"`]],
    [`"a b"c ''`, ["a bc", ""]],
    [String.raw`a\ b "c\"d" 'e\f'`, ["a b", `c"d`, String.raw`e\f`]],
    ["", []],
  ])("%s", (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });

  it("a quote that stays open is said", () => {
    expect(() => wordsOf(`run "it`)).toThrow(/stays open/);
  });
});
