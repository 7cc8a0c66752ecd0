// Plays a page of the docs as a reader would: writes the files that its blocks show, makes the changes, runs the commands, and
// looks whether what the page says they print is printed. What a block is stands behind its language:
//
//   ```ts file=quota.ts     the file has this text from now on
//   ```diff file=quota.ts   these lines of it change
//   ```sh exit=1            is run in the reader's folder, and ends so (0 where nothing is said)
//   ```text                 lines of what the commands before it printed, in this order; … stands for anything
//
// A block with `skip`, or in any other language, is only for reading.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

interface Block {
  readonly language: string;
  /** What stands behind the language: `file=quota.ts` as ["file", "quota.ts"]. */
  readonly words: ReadonlyMap<string, string>;
  readonly text: string;
  /** The line of the page on which it begins. */
  readonly line: number;
}

/** The fenced blocks of a page. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  for (const match of page.matchAll(/^```([a-z]+)([^\n]*)\n([\s\S]*?)^```$/gm)) {
    const [whole, language = "", behind = "", text = ""] = match;
    const words = behind
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "");
    const line = page.slice(0, match.index).split("\n").length;
    const named = words.map((word): [string, string] => [word.split("=")[0] ?? "", word.split("=")[1] ?? ""]);
    if (whole !== "") blocks.push({ language, words: new Map(named), text, line });
  }
  return blocks;
}

/** A reader's folder, in which the package is installed. */
export class ReadersFolder {
  readonly path = mkdtempSync(join(tmpdir(), "multiraft-sim-page-"));
  #printed = "";

  constructor() {
    const modules = join(this.path, "node_modules");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    symlinkSync(root, join(modules, "multiraft-sim"), "dir");
    for (const name of ["vitest", "typescript", "@types"])
      symlinkSync(join(root, "node_modules", name), join(modules, name));
    symlinkSync(join(root, "dist/src/cli/main.js"), join(modules, ".bin/multiraft-sim"));
    for (const name of ["vitest", "tsc"])
      symlinkSync(join(root, "node_modules/.bin", name), join(modules, ".bin", name));
    this.write("package.json", `{ "name": "reader", "type": "module", "private": true }\n`);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), text);
  }

  /** Plays one block; throws where it does not do what the page says. */
  play({ language, words, text }: Block): void {
    if (words.has("skip")) return;
    const file = words.get("file");
    if (language === "diff" && file !== undefined) this.#change(file, text);
    else if (file !== undefined) this.write(file, text);
    else if (language === "sh") this.#run(text, Number(words.get("exit") ?? "0"));
    else if (language === "text") this.#prints(text);
  }

  #change(file: string, diff: string): void {
    // An empty line is one that stays, whose one space an editor took away.
    const lines = diff
      .split("\n")
      .slice(0, -1)
      .map((line) => (line === "" ? " " : line));
    const side = (sign: string): string =>
      lines.flatMap((line) => (line.startsWith(sign) || line.startsWith(" ") ? [`${line.slice(1)}\n`] : [])).join("");
    const before = readFileSync(join(this.path, file), "utf8");
    if (before.split(side("-")).length !== 2) throw new Error(`${file} has not once, and only once:\n${side("-")}`);
    this.write(
      file,
      before.replace(side("-"), () => side("+")),
    );
  }

  #run(script: string, exit: number): void {
    const PATH = `${join(this.path, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
    // npx finds what is installed here; without it a look into a registry would follow.
    const env = { ...process.env, PATH, npm_config_offline: "true", NO_COLOR: "1", FORCE_COLOR: "0" };
    const done = spawnSync("sh", ["-ec", `exec 2>&1\n${script}`], {
      cwd: this.path,
      env,
      encoding: "utf8",
      timeout: 110_000,
    });
    this.#printed = done.stdout;
    if (done.status !== exit) throw new Error(`ended with ${done.status}, not ${exit}:\n${script}\n${this.#printed}`);
  }

  #prints(text: string): void {
    let rest = this.#printed;
    for (const line of text.split("\n").map((each) => each.trim())) {
      if (line === "" || line === "…") continue;
      const pattern = line
        .split("…")
        .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replace(/\s+/g, "\\s+"));
      const found = new RegExp(pattern.join(".*")).exec(rest);
      if (found === null) throw new Error(`"${line}" is not printed, or not there, by what was run:\n${this.#printed}`);
      rest = rest.slice(found.index + found[0].length);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
