// Files and folders as every part of this tool reads and writes them. What can't be had is said in words that a person can act on;
// what is written is there whole or not at all.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../base/usage-error.js";

/** Where a project has what the tool keeps for it: kept failures, traces, reports. */
const OWN_FOLDER = ".multiraft-sim";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  ENOTDIR: "on its way stands a file, where a folder is needed",
  EEXIST: "a file stands there",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system takes no writing",
  ENOSPC: "the disk is full",
  ENAMETOOLONG: "the name is too long",
};

/** Why the system refused something, in words; of another error its message. */
export function reasonOf(error: unknown): string {
  const known = REASONS[(error as { readonly code?: string } | null)?.code ?? ""];
  return known ?? (error instanceof Error ? error.message : String(error));
}

/** A file's text; `what` stands for it in what is said of it, and `todo` is what to do if it can't be read. */
export function readText(path: string | number, todo: string, what = `${path}`): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${what} can't be read: ${reasonOf(error)}`, todo);
  }
}

/** A file's JSON: the same. */
export function readJson(path: string, todo: string, what = path): unknown {
  const text = readText(path, todo, what);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${what} is not JSON: ${(error as Error).message}`, todo);
  }
}

/** Writes a file and makes its folder; under another name first, so that nobody reads half of it. */
export function writeText(path: string, text: string): void {
  writeWhole(path, (draft) => writeFileSync(draft, text));
}

/** The same for whatever writes a file of the name that it is given. */
export function writeWhole(path: string, write: (draft: string) => void): void {
  // Several processes may have the same folder for their own.
  const draft = `${path}.${process.pid}.part`;
  try {
    climb(dirname(path));
    write(draft);
    renameSync(draft, path);
  } catch (error) {
    if (existsSync(draft)) rmSync(draft);
    const none = (error as { readonly code?: string }).code === "ENOENT";
    const why = none ? "no file can be made there" : reasonOf(error);
    throw new UsageError(`${path} can't be written: ${why}`, "Name a file in a folder that can be written.");
  }
}

/** Makes a folder, and those above it. */
export function makeFolder(path: string, what = path): void {
  try {
    climb(path);
  } catch (error) {
    const none = (error as { readonly code?: string }).code === "ENOENT";
    const why = none ? "no folder can be made there" : reasonOf(error);
    throw new UsageError(`${what} can't be made: ${why}`, "Name a folder that can be written.");
  }
}

// Not mkdir's own `recursive`: where the system says "no such folder" of a place in which none can be made, such as /proc, it tries
// for ever.
function climb(folder: string): void {
  const stands = statSync(folder, { throwIfNoEntry: false });
  if (stands?.isDirectory() === true) return;
  const above = dirname(folder);
  if (stands === undefined && above !== folder) climb(above);
  try {
    mkdirSync(folder);
    // What the tool keeps in a project is no part of it, until somebody says so.
    if (basename(folder) === OWN_FOLDER) writeFileSync(join(folder, ".gitignore"), "*\n");
  } catch (error) {
    // Another process may have been quicker.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
