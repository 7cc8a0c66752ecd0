// Writes docs/reference/api.md from the docstrings of what src/index.ts exports, as the compiler emits them into dist: the page
// shows the very declarations that a user's editor shows. It reads the emitted files by their layout, which the compiler keeps.
// `npx vitest run scripts/reference-docs.test.ts -u` writes it; without `-u` the test says whether it is fresh.
import { readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

const HEAD = `<!-- Written by scripts/api-doc.ts. Do not edit: \`npx vitest run scripts/reference-docs.test.ts -u\` -->

# The library

Everything that \`import { … } from "multiraft-sim"\` can name, by the file that it comes from; each part begins with what stands
at the head of that file. Everything here is [a promise](stability.md). The bugs of the zoo are in \`multiraft-sim/zoo\`, arbitraries
for fast-check in \`multiraft-sim/fast-check\`. How it is used: [the tutorial](../tutorial/put-your-own-service-on-trial.md), and
\`examples/\`.
`;

/** What one file gives to the library. */
interface Part {
  /** From \`src\`, without its ending: "explore/own". */
  readonly file: string;
  readonly exports: readonly Export[];
}

export interface Export {
  /** As users import it. */
  readonly name: string;
  /** As its file declares it. */
  readonly declared: string;
  /** The docstring's text; "" without. */
  readonly doc: string;
  /** The declaration, without the docstring. */
  readonly declaration: string;
}

/** The page's Markdown. */
export function apiPage(): string {
  return `${HEAD}${partsOfLibrary().map(section).join("")}`;
}

/** Everything that is exported, in the order of src/index.ts; what index.ts declares itself comes first. */
export function partsOfLibrary(): Part[] {
  const text = readFileSync(join(root, "src/index.ts"), "utf8");
  const own = exportsIn(
    "index",
    declarationsOf("index").map(({ name }) => [name, name] as const),
  );
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from "\.\/(.*)\.js";$/gm)];
  const parts = new Map<string, Export[]>([["index", own]]);
  for (const [, list = "", file = ""] of lists) {
    const names = list.split(",").flatMap((each) => {
      const [declared = "", name = declared] = each
        .trim()
        .replace(/^type /, "")
        .split(" as ");
      return declared === "" ? [] : [[declared, name] as const];
    });
    parts.set(file, [...(parts.get(file) ?? []), ...exportsIn(file, names)]);
  }
  return [...parts].map(([file, exports]) => ({ file, exports }));
}

function exportsIn(file: string, names: readonly (readonly [string, string])[]): Export[] {
  return names.flatMap(([declared, name]) => {
    const found = find(file, declared);
    if (found.length === 0) throw new Error(`dist/src/${file}.d.ts declares no ${declared}: is the build fresh?`);
    const doc = found.map((one) => one.doc).find((text) => text !== "") ?? "";
    return [{ name, declared, doc, declaration: found.map((one) => one.declaration).join("\n") }];
  });
}

interface Declaration {
  readonly name: string;
  readonly doc: string;
  readonly declaration: string;
}

/** The declarations of that name; where a file only passes it on, those of the file that it has it from. */
function find(file: string, name: string): readonly Declaration[] {
  const here = declarationsOf(file).filter((one) => one.name === name);
  if (here.length > 0) return here;
  for (const [, list = "", from = ""] of emitted(file).matchAll(/^export (?:type )?\{([^}]*)\} from "(.*)\.js";$/gm)) {
    const passed = list.split(",").some((each) => each.trim().replace(/^type /, "") === name);
    if (passed) return find(normalize(join(file, "..", from)), name);
  }
  for (const [, from = ""] of emitted(file).matchAll(/^export (?:type )?\* from "(.*)\.js";$/gm)) {
    const there = find(normalize(join(file, "..", from)), name);
    if (there.length > 0) return there;
  }
  return [];
}

const files = new Map<string, string>();

function emitted(file: string): string {
  const text = files.get(file) ?? readFileSync(join(root, "dist/src", `${file}.d.ts`), "utf8");
  files.set(file, text);
  return text;
}

const HEADLINE =
  /^export (?:declare )?(?:abstract )?(?:function|const|class|interface|type|enum|namespace) ([A-Za-z_$][\w$]*)/;

/** The declarations that begin at the left edge of an emitted file, each with the docstring before it. */
function declarationsOf(file: string): Declaration[] {
  const found: Declaration[] = [];
  let doc: string[] = [];
  let open: string[] | null = null;
  let inDoc = false;
  for (const line of emitted(file).split("\n")) {
    if (open === null && (inDoc || line.startsWith("/**"))) {
      if (!inDoc) doc = [];
      doc.push(line);
      inDoc = !line.includes("*/");
      continue;
    }
    if (open === null) {
      if (HEADLINE.test(line)) open = [];
      else if (line.trim() !== "") doc = [];
    }
    if (open === null) continue;
    open.push(line);
    if (!isWhole(open)) continue;
    const [, name = ""] = HEADLINE.exec(open[0] ?? "") ?? [];
    found.push({ name, doc: textOf(doc), declaration: plain(open) });
    open = null;
    doc = [];
  }
  return found;
}

/** Whether the lines are a whole declaration: its brackets are closed, and its last line ends it. */
function isWhole(lines: readonly string[]): boolean {
  const code = lines
    .filter((line) => !/^\s*(\/\*\*|\*)/.test(line))
    .join("\n")
    .replace(/"[^"\n]*"/g, "");
  const count = (signs: RegExp): number => code.match(signs)?.length ?? 0;
  return count(/[({[]/g) === count(/[)}\]]/g) && /[;}]\s*$/.test(code);
}

/** As a reader wants it: without what the emitted form adds. */
function plain(lines: readonly string[]): string {
  return lines
    .filter((line) => !/^\s*(#private;|private readonly \w+;|private \w+;)$/.test(line))
    .join("\n")
    .replace(/^export (?:declare )?/, "")
    .trimEnd();
}

/** The words of a docstring; lines that are indented in it stay code. */
function textOf(doc: readonly string[]): string {
  return doc
    .join("\n")
    .replace(/^\/\*\*\s?/, "")
    .replace(/\s*\*\/\s*$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim();
}

function section({ file, exports }: Part): string {
  const head = file === "index" ? "" : `\n${headOf(file)}\n`;
  return `\n## ${file === "index" ? "simulate" : file}\n${head}${exports.map(entry).join("")}`;
}

/** The lines at the head of a source file. */
function headOf(file: string): string {
  const [comment = ""] = /^(\/\/.*\n)+/.exec(readFileSync(join(root, "src", `${file}.ts`), "utf8")) ?? [];
  return comment
    .replace(/^\/\/ ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

function entry({ name, declared, doc, declaration }: Export): string {
  const renamed = name === declared ? "" : `\n_In its file: \`${declared}\`._\n`;
  const words = doc === "" ? "" : `\n${examplesAsCode(doc)}\n`;
  return `\n### ${name}\n${words}${renamed}\n\`\`\`ts\n${declaration}\n\`\`\`\n`;
}

/** What a docstring indents is an example. */
function examplesAsCode(doc: string): string {
  return doc
    .replace(
      /(?:^|\n)((?: {4}.*(?:\n|$)|\n(?= {4}))+)/g,
      (_, code: string) => `\n\`\`\`ts\n${code.replace(/^ {4}/gm, "").trimEnd()}\n\`\`\`\n`,
    )
    .replaceAll(/\{@link ([^}]+)\}/g, "`$1`")
    .replaceAll(/^@param (\S+) /gm, "- `$1`: ")
    .replaceAll(/^@/gm, "");
}
