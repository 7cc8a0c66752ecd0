// The pages that a newcomer follows do what they say: every file, change, command and line of output. Needs `npm run build`.
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { blocksOf, ReadersFolder } from "./pages.js";

const PAGES = [
  "README.md",
  "docs/tutorial/put-your-own-service-on-trial.md",
  "docs/how-to/own-scenario.md",
  "docs/how-to/own-fault.md",
  "docs/how-to/own-property.md",
];

describe.each(PAGES)("%s", (path) => {
  const blocks = blocksOf(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"));
  const folder = new ReadersFolder();
  afterAll(() => folder.remove());

  it("has something to do", () => {
    expect(blocks.filter(({ language, words }) => language === "sh" && !words.has("skip")).length).toBeGreaterThan(0);
  });

  it("does what it says, from the first block to the last", { timeout: 600_000 }, () => {
    for (const block of blocks) {
      try {
        folder.play(block);
      } catch (error) {
        throw new Error(`${path}, line ${block.line}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
});

describe("the package comes into a project", () => {
  const page = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

  it("README says how before it imports from it", () => {
    const readme = page("README.md");
    const says = readme.indexOf("npm install ../multiraft-sim");
    expect(says).toBeGreaterThan(0);
    expect(says).toBeLessThan(readme.indexOf('from "multiraft-sim"'));
  });

  it("the tutorial leaves the clone before it makes a folder and installs from beside it", () => {
    const [install] = blocksOf(page("docs/tutorial/put-your-own-service-on-trial.md"));
    expect(install?.text.split("\n").map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      "cd ..",
      "mkdir quota",
      "npm init",
      "npm install",
      "",
    ]);
  });
});

describe("how pages are played", () => {
  it("a block's words stand behind its language", () => {
    const [block, other] = blocksOf("Text\n\n```sh exit=1 skip\nfalse\n```\n\n```ts file=a/b.ts\nlet a;\n```\n");
    expect(block).toEqual({
      language: "sh",
      words: new Map([
        ["exit", "1"],
        ["skip", ""],
      ]),
      text: "false\n",
      line: 3,
    });
    expect(other?.words.get("file")).toBe("a/b.ts");
  });

  it("what does not come about is said", () => {
    const folder = new ReadersFolder();
    const block = (language: string, text: string, ...words: [string, string][]): void =>
      folder.play({ language, words: new Map(words), text, line: 1 });
    block("ts", "one\ntwo\nthree\n", ["file", "a.ts"]);
    block("diff", " one\n-two\n+2\n three\n", ["file", "a.ts"]);
    block("sh", "cat a.ts; echo 4 seeds, 17 lines\n");
    block("text", "one\n2\n4 seeds, … lines\n");
    expect(() => block("text", "2\none\n")).toThrow('"one" is not printed');
    expect(() => block("diff", "-two\n+2\n", ["file", "a.ts"])).toThrow("a.ts has not once, and only once");
    expect(() => block("sh", "exit 3\n")).toThrow("ended with 3, not 0");
    expect(() => block("sh", "true\n", ["exit", "1"])).toThrow("ended with 0, not 1");
    folder.remove();
  });
});
