// The picture of ARCHITECTURE.md as a test: which room may import which. It reads every import of every source file.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

const peers = ["fsm", "adapter", "sim", "checker", "runtime"];
const below = ["base", "protocol", "trace"];

/** For every room, the rooms that it may import besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  protocol: ["base"],
  trace: ["base", "protocol"],
  ...Object.fromEntries(peers.map((room) => [room, below])),
  // The stage's faults, the judge's models and the accused's services are rooms of their own only as folders.
  explore: [...below, ...peers],
  shrink: [...below, ...peers, "explore", "replay"],
  replay: [...below, ...peers, "explore"],
  compare: [...below, ...peers, "explore", "replay", "shrink"],
  exhaustive: [...below, ...peers, "explore", "shrink"],
  index: [...below, ...peers, "explore", "shrink", "replay", "compare", "view"],
  view: [...below, "checker", "explore", "replay"],
  // The page gets data: of this side it knows only their types.
  viewer: ["view"],
  bugs: [...below, ...peers],
  cli: [...below, ...peers, "explore", "shrink", "replay", "compare", "exhaustive", "view", "bugs", "bench"],
  properties: [...below, ...peers, "explore", "shrink", "replay", "compare", "bugs", "index"],
  bench: [...below, ...peers, "explore", "shrink", "replay", "compare", "bugs", "index"],
  examples: ["index"],
  scripts: [...below, ...peers, "explore", "shrink", "replay", "compare", "exhaustive", "bugs", "view", "cli", "index"],
};

/** What the judge must not borrow from the accused's world, though it lies below both. */
const closedToTheJudge = ["src/protocol/input-filter.ts", "src/protocol/snapshot-envelope.ts"];

interface Import {
  readonly from: string;
  readonly to: string;
}

/** The room of a file, by its path from the root. Generated code counts as protocol. */
function roomOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  if (first !== "src") return first;
  if (second === "proto") return "protocol";
  return second.endsWith(".ts") ? second.slice(0, -".ts".length) : second;
}

function isTest(path: string): boolean {
  return /\.(test|laws|fuzz)\.ts$/.test(path);
}

/** Every local import of a file's text, as paths from the root. */
function importsOf(path: string, text: string): Import[] {
  const specifiers = text.matchAll(
    /(?:^|[\n;])\s*(?:import|export)\b[^"';]*?\bfrom\s*["']([^"']+)["']|\bimport\s*\(\s*["']([^"']+)["']|(?:^|[\n;])\s*import\s*["']([^"']+)["']/g,
  );
  const found: Import[] = [];
  for (const match of specifiers) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? "";
    if (!specifier.startsWith(".")) continue;
    const to = join(dirname(path), specifier).split(sep).join("/").replace(/\.js$/, ".ts");
    found.push({ from: path, to });
  }
  return found;
}

/** The room whose arrows a room's tests have: they may bring peers together, as the rooms above do, and make what a page shows. */
function testsOf(room: string): string | undefined {
  if (room === "viewer") return "cli";
  return peers.includes(room) ? "explore" : undefined;
}

/** What is wrong with an import, in words; undefined where it points down. */
function complaint({ from, to }: Import): string | undefined {
  const room = roomOf(from);
  const other = roomOf(to);
  if (room === "checker" && closedToTheJudge.includes(to)) return `${from} borrows ${to}: the judge decodes for itself`;
  // A test may bring peers together, as the rooms above do.
  const allowed = mayImport[isTest(from) ? (testsOf(room) ?? room) : room];
  if (allowed === undefined) return `${from} stands in no room that scripts/layers.test.ts knows`;
  if (other === room || allowed.includes(other)) return undefined;
  return `${from} imports ${to}: ${room} must not know of ${other}`;
}

function sources(): string[] {
  const rooms = ["src", "bugs", "bench", "properties", "examples", "viewer"];
  return rooms.flatMap((room) => {
    try {
      return readdirSync(join(root, room), { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile() && file.name.endsWith(".ts"))
        .map((file) => relative(root, join(file.parentPath, file.name)).split(sep).join("/"));
    } catch {
      return [];
    }
  });
}

describe("layers", () => {
  it("every import points down, and no peer knows another", () => {
    const paths = sources();
    expect(paths.length).toBeGreaterThan(20);
    const all = paths.flatMap((path) => importsOf(path, readFileSync(join(root, path), "utf8")));
    expect(all.length).toBeGreaterThan(20);
    expect(all.map(complaint).filter((text) => text !== undefined)).toEqual([]);
  });

  it("reads imports in every form", () => {
    const text = `import "./a.js";\nimport type { B } from "../b.js";\nexport {\n  c,\n} from "./c.js";\nawait import("./d.js");\n`;
    expect(importsOf("src/sim/x.ts", text).map((one) => one.to)).toEqual([
      "src/sim/a.ts",
      "src/b.ts",
      "src/sim/c.ts",
      "src/sim/d.ts",
    ]);
  });

  it.each([
    ["src/sim/world.ts", "src/fsm/reference.ts"],
    ["src/checker/judge.ts", "src/sim/plan.ts"],
    ["src/fsm/machine.ts", "src/checker/judge.ts"],
    ["src/checker/judge.ts", "src/protocol/input-filter.ts"],
    ["src/checker/judge.test.ts", "src/protocol/snapshot-envelope.ts"],
    ["src/base/heap.ts", "src/protocol/words.ts"],
    ["src/explore/trial.ts", "src/cli/main.ts"],
    ["src/proto/x.ts", "src/trace/line.ts"],
    ["src/cellar/x.ts", "src/base/heap.ts"],
  ])("%s must not import %s", (from, to) => {
    expect(complaint({ from, to })).toBeDefined();
  });

  it.each([
    ["src/sim/world.ts", "src/trace/line.ts"],
    ["src/checker/judge.ts", "src/protocol/failure.ts"],
    ["src/protocol/machine.ts", "src/proto/atomix/multiraft/v1/fsm.ts"],
    ["src/cli/run.ts", "bugs/index.ts"],
    ["src/sim/world.test.ts", "src/fsm/reference.ts"],
  ])("%s may import %s", (from, to) => {
    expect(complaint({ from, to })).toBeUndefined();
  });
});
