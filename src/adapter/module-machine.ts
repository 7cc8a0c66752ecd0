// `./my-fsm.ts` or `.js`: a machine in a module of the user's own, in this process. What it exports is looked at closely,
// since whoever wrote it reads the complaint: a MachineKind, or a function that makes a StateMachine.
import { existsSync } from "node:fs";
import { register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../base/usage-error.js";
import { UnfitError } from "../protocol/machine-errors.js";
import type { Capabilities, MachineKind, StateMachine } from "../protocol/machine.js";
import { SERVICE_KINDS } from "../protocol/operations.js";

const WHAT_TO_EXPORT =
  "Export a MachineKind as default, or a function `createStateMachine` that returns a machine with " +
  "apply, query, snapshot and restore, and beside it `capabilities` where it lacks something.";

/** What a machine can do that does not say it: everything, so that it is judged in full. */
const EVERYTHING: Capabilities = { services: SERVICE_KINDS, snapshots: "canonical", ticks: true };

interface Loaded {
  readonly kind: MachineKind;
  /** Everything that the module exports. */
  readonly exported: Readonly<Record<string, unknown>>;
}

/** Loads the module at `path`, relative to `folder`. Throws a UsageError or an UnfitError that says what to mend. */
export async function moduleMachine(path: string, folder: string): Promise<Loaded> {
  const file = resolve(folder, path);
  if (!existsSync(file)) throw new UsageError(`--fsm ${path}: there is no file ${file}`);
  if (/\.[mc]?ts$/.test(file)) teachTypeScript();
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(file).href)) as typeof exported;
  } catch (error) {
    throw new UnfitError(`${path} can't be loaded: ${inWords(error)}`);
  }
  return { kind: kindOf(path, exported), exported };
}

/** What was thrown, and where in the user's code: the loader's own frames say nothing to whoever wrote the module. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { stack, message, name } = error;
  if (stack?.includes(message) !== true) return `${name}: ${message}`;
  const ours = /^ +at .*(?:\bnode:|typescript-hooks\.[jt]s)/;
  return stack
    .split("\n")
    .filter((line) => !ours.test(line))
    .join("\n");
}

let taught = false;

/** Lets import() take files with types, where Node doesn't by itself. */
function teachTypeScript(): void {
  // Unbuilt sources run under a loader that knows TypeScript already.
  if (taught || import.meta.url.endsWith(".ts")) return;
  taught = true;
  register(new URL("./typescript-hooks.js", import.meta.url));
}

/** The machine that a module exports. */
export function kindOf(path: string, exported: Readonly<Record<string, unknown>>): MachineKind {
  const candidate = exported["default"] ?? exported["createStateMachine"];
  if (candidate === undefined) throw new UsageError(`${path} exports no machine`, whatToExport(exported));
  if (isKind(candidate)) return checked(path, { ...candidate, name: path });
  if (typeof candidate !== "function") {
    throw new UsageError(`${path}: what it exports is neither a MachineKind nor a function`, WHAT_TO_EXPORT);
  }
  const create = candidate as () => StateMachine;
  const capabilities = { ...EVERYTHING, ...(exported["capabilities"] as Partial<Capabilities> | undefined) };
  return checked(path, { name: path, capabilities, create: () => create() });
}

/** What to do about a module without a machine; where it exports one under another name, that. */
function whatToExport(exported: Readonly<Record<string, unknown>>): string {
  const kind = Object.keys(exported).find((name) => isKind(exported[name]));
  return kind === undefined ? WHAT_TO_EXPORT : `It exports \`${kind}\`, which is one: add \`export default ${kind};\`.`;
}

function isKind(value: unknown): value is MachineKind {
  return typeof value === "object" && value !== null && "create" in value && typeof value.create === "function";
}

/** A replica made for a look only; then the kind, as it is. */
function checked(path: string, kind: MachineKind): MachineKind {
  const { services, snapshots, ticks } = kind.capabilities ?? {};
  const known = ["canonical", "readable", "opaque"];
  if (!Array.isArray(services) || !known.includes(snapshots as string) || typeof ticks !== "boolean") {
    throw new UsageError(
      `${path}: its capabilities are not { services: string[], snapshots: "canonical" | "readable" | "opaque", ticks: boolean }`,
    );
  }
  let machine: unknown;
  try {
    machine = kind.create();
  } catch (error) {
    throw new UnfitError(`${path} makes no machine: ${inWords(error)}`);
  }
  if (machine instanceof Promise) {
    throw new UsageError(
      `${path}: it makes its machine asynchronously`,
      "A machine is synchronous from its making on.",
    );
  }
  const lacks = ["apply", "query", "snapshot", "restore"].filter(
    (call) => typeof (machine as Record<string, unknown> | null)?.[call] !== "function",
  );
  if (lacks.length > 0) throw new UsageError(`${path}: its machine has no ${lacks.join(", no ")}`, WHAT_TO_EXPORT);
  return kind;
}
