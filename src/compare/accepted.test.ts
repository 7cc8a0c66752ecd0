// The file of accepted changes: what a person writes is read, and what can't be meant is refused with its place.
import { describe, expect, test } from "vitest";
import { acceptedText, parseAccepted } from "./accepted.js";

describe("the file of accepted changes", () => {
  test("holds a reason for each fingerprint, on as many lines as it takes", () => {
    const text = `# Version 2\n\nstate | counter.value\n    counters saturate now;\n    see the release note\n\norder | x\n\tmeant\n`;
    expect([...parseAccepted(text, "a.txt")]).toEqual([
      ["state | counter.value", "counters saturate now; see the release note"],
      ["order | x", "meant"],
    ]);
  });

  test("is read back as it was printed", () => {
    const text = acceptedText("state | counter.value", "meant") + acceptedText("snapshot bytes | map", "also meant");
    expect([...parseAccepted(text, "a.txt").values()]).toEqual(["meant", "also meant"]);
  });

  test.each([
    ["state | a\nstate | b\n    why\n", "a.txt: state | a has no reason"],
    ["state | a\n", "a.txt: state | a has no reason"],
    ["    why\n", "a.txt:1: a reason without its difference"],
    ["sate | a\n    why\n", 'a.txt:1: "sate" is no kind of difference'],
    ["state | a\n    why\nstate | a\n    why\n", "a.txt:3: state | a stands there twice"],
  ])("refuses %j", (text, says) => {
    expect(() => parseAccepted(text, "a.txt")).toThrow(says);
  });
});
