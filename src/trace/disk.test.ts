// What can't be read or written is said in words, with what to do; and nothing is left half written.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeFolder, readJson, readText, writeText, writeWhole } from "./disk.js";

const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-disk-"));
const at = (name: string): string => join(folder, name);
writeFileSync(at("file"), "{oops");
mkdirSync(at("folder"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("disk", () => {
  it.each([
    ["none", "none can't be read: there is no such file"],
    ["folder", "folder can't be read: it is a folder"],
    ["file/below", "below can't be read: on its way stands a file, where a folder is needed"],
  ])("%s is not read, and the reason is said", (name, says) => {
    expect(() => readText(at(name), "Give another.")).toThrow(says);
  });

  it("what is no JSON is told from what is not there", () => {
    expect(() => readJson(at("file"), "", "the profile")).toThrow(/^the profile is not JSON: /);
    expect(() => readJson(at("none"), "", "the profile")).toThrow("the profile can't be read: there is no such file");
  });

  it("a file's folders are made, and what was there before is replaced", () => {
    writeText(at("a/b/c.txt"), "one");
    writeText(at("a/b/c.txt"), "two");
    expect(readFileSync(at("a/b/c.txt"), "utf8")).toBe("two");
    expect(readdirSync(at("a/b"))).toEqual(["c.txt"]);
  });

  it("what the tool keeps in a project is not offered to git, until somebody takes its .gitignore away", () => {
    makeFolder(at("project/.multiraft-sim/cases"));
    expect(readFileSync(at("project/.multiraft-sim/.gitignore"), "utf8")).toBe("*\n");
    rmSync(at("project/.multiraft-sim/.gitignore"));
    makeFolder(at("project/.multiraft-sim/traces"));
    expect(readdirSync(at("project/.multiraft-sim"))).toEqual(["cases", "traces"]);
  });

  it("what breaks off in the middle leaves what was there", () => {
    writeText(at("kept.txt"), "before");
    const half = (draft: string): void => {
      writeFileSync(draft, "half");
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    };
    expect(() => writeWhole(at("kept.txt"), half)).toThrow("kept.txt can't be written: the disk is full");
    expect(readFileSync(at("kept.txt"), "utf8")).toBe("before");
    expect(readdirSync(folder).filter((name) => name.includes("kept"))).toEqual(["kept.txt"]);
  });

  it("neither a file nor a folder stands below a file", () => {
    expect(() => writeText(at("file/x.txt"), "")).toThrow("x.txt can't be written: a file stands there");
    expect(() => makeFolder(at("file"))).toThrow("file can't be made: a file stands there");
    expect(() => makeFolder(at("file/below/further"), "the report folder")).toThrow("the report folder can't be made");
  });

  it.runIf(process.platform === "linux")("where the system makes no folders, nobody waits for one", () => {
    expect(() => makeFolder("/proc/none/below")).toThrow("/proc/none/below can't be made: no folder can be made there");
    expect(() => writeText("/proc/none.txt", "")).toThrow("/proc/none.txt can't be written: no file can be made there");
  });
});
