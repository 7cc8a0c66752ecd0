// `git:<ref>` and `git:<ref>:<path>`: the machine of this repository as it was at a commit. The commit's files are put into a
// folder of their own outside the project, where no test runner finds them, and built there once; what is installed is borrowed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../base/usage-error.js";
import { UnfitError } from "../protocol/machine-errors.js";
import type { Applied, Entry, MachineKind, QueryAnswer, Restored, StateMachine } from "../protocol/machine.js";
import { encode } from "../protocol/codec.js";
import { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { borrowModules, commitOf, git, lastLines, repositoryRoot } from "./repository.js";

/** A commit's machine, on disk. */
export interface Revision {
  /** As it was asked for: "git:v1.2". */
  readonly spec: string;
  readonly commit: string;
  /** The folder of that commit which stands for the current one. */
  readonly folder: string;
  /** The module that was asked for; absent: the repository's own machine, built in `folder`. */
  readonly module?: string;
}

const GIT = "git:";

export function isRevision(spec: string): boolean {
  return spec.startsWith(GIT);
}

/** Puts a commit's files in place, and builds them where they are this tool's own. `option`: how it was given. */
export function revisionOf(spec: string, option: string): Revision {
  const [, ref = "", module] = /^git:([^:]*)(?::(.+))?$/.exec(spec) ?? [];
  if (ref === "")
    throw new UsageError(`${option} ${spec}: no commit is named`, "Write git:v1.2, or git:v1.2:./my-fsm.ts.");
  const root = repositoryRoot(`${option} ${spec}`);
  const commit = commitOf(root, ref, option, "git:");
  const tree = join(revisionsOf(root), commit.slice(0, 16));
  const built = module === undefined;
  if (!existsSync(tree)) checkOut(root, commit, tree);
  const folder = join(tree, relative(root, realpathSync(process.cwd())));
  if (module !== undefined) {
    if (!existsSync(folder))
      throw new UsageError(`${option} ${spec}: at ${commit.slice(0, 12)} this folder is not there`);
    borrowModules(process.cwd(), folder);
  }
  if (built) build(spec, commit, tree);
  return built ? { spec, commit, folder: tree } : { spec, commit, folder, module };
}

/** Where the commits of a clone lie: each clone has its own, since what is installed in it is borrowed. */
function revisionsOf(root: string): string {
  const clone = createHash("sha256").update(root).digest("hex").slice(0, 12);
  const folders = [process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), tmpdir()].map((cache) =>
    join(cache, OWN, "revisions", clone),
  );
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // A user without a home, as on some build servers.
    }
  }
  throw new UsageError(
    `no folder for the files of a commit: neither ${folders.join(" nor ")} can be written`,
    "Name one that can: XDG_CACHE_HOME=… npx multiraft-sim …",
  );
}

/** The commit's files in a folder of their own, whole or not at all. */
function checkOut(root: string, commit: string, tree: string): void {
  const draft = `${tree}.part-${process.pid}`;
  const index = `${draft}.index`;
  mkdirSync(draft, { recursive: true });
  try {
    // An index of its own: the user's is not touched.
    git(root, ["read-tree", commit], { GIT_INDEX_FILE: index });
    git(root, ["checkout-index", "--all", `--prefix=${draft}/`], { GIT_INDEX_FILE: index });
    borrowModules(root, draft);
    renameSync(draft, tree);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(index, { force: true });
  }
}

const MACHINE = join("dist", "src", "fsm", "reference.js");
const OWN = "multiraft-sim";

function build(spec: string, commit: string, tree: string): void {
  const at = commit.slice(0, 12);
  let name: unknown;
  try {
    ({ name } = JSON.parse(readFileSync(join(tree, "package.json"), "utf8")) as { name: unknown });
  } catch {
    name = undefined;
  }
  if (name !== OWN) {
    throw new UsageError(
      `${spec}: at ${at} this is not the repository of ${OWN}`,
      `Name your machine: ${spec}:./my-fsm.ts`,
    );
  }
  if (existsSync(join(tree, MACHINE))) return;
  process.stderr.write(`building the machine at ${at} …\n`);
  const said: string[] = [];
  for (const [tool, ...args] of [
    ["buf", "generate"],
    ["tsc", "-p", "tsconfig.build.json"],
  ] as const) {
    const done = spawnSync(join(tree, "node_modules", ".bin", tool), args, { cwd: tree, encoding: "utf8" });
    said.push(done.error?.message ?? `${done.stdout}${done.stderr}`);
  }
  // With other versions of what is installed an old commit may not be clean; what counts is whether it can be loaded.
  if (!existsSync(join(tree, MACHINE))) {
    throw new UnfitError(`${spec}: the machine at ${at} can't be built:\n${lastLines(said.join("\n"))}`);
  }
}

/** Loads a machine that revisionOf built. It decodes everything with the code of its own commit. */
export async function revisionMachine({ spec, commit, folder }: Revision): Promise<MachineKind> {
  const load = async (path: string): Promise<Exports> => {
    try {
      return (await import(pathToFileURL(join(folder, "dist", "src", path)).href)) as Exports;
    } catch (error) {
      throw new UnfitError(`${spec}: ${path} of ${commit.slice(0, 12)} can't be loaded: ${(error as Error).message}`);
    }
  };
  const { reference } = await load("fsm/reference.js");
  const { decodeEntry } = await load("protocol/entry.js");
  const messages = await load("proto/atomix/multiraft/v1/fsm.js");
  if (reference === undefined || decodeEntry === undefined || messages.QueryInput === undefined) {
    throw new UnfitError(`${spec}: at ${commit.slice(0, 12)} the machine is made otherwise than this version expects`);
  }
  const theirs = { decodeEntry, decodeQuery: messages.QueryInput.decode };
  return { ...reference, name: spec, create: () => new RevisionReplica(reference.create(), theirs) };
}

interface Exports {
  readonly reference?: MachineKind;
  readonly decodeEntry?: Theirs["decodeEntry"];
  readonly QueryInput?: { readonly decode: Theirs["decodeQuery"] };
}

interface Theirs {
  readonly decodeEntry: (index: Entry["index"], bytes: Uint8Array) => Entry;
  readonly decodeQuery: (bytes: Uint8Array) => QueryInput;
}

class RevisionReplica implements StateMachine {
  constructor(
    private readonly inner: StateMachine,
    private readonly theirs: Theirs,
  ) {}

  apply({ index, bytes }: Entry): Applied {
    return this.inner.apply(this.theirs.decodeEntry(index, bytes));
  }

  query(input: QueryInput): QueryAnswer {
    return this.inner.query(this.theirs.decodeQuery(encode(QueryInput, input)));
  }

  snapshot(): Uint8Array {
    return this.inner.snapshot();
  }

  restore(chunks: Iterable<Uint8Array>): Restored {
    return this.inner.restore(chunks);
  }
}
