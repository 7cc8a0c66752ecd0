// Hooks for Node's module loader: a .ts file becomes JavaScript on its way in, and an import of "./x.js" finds "./x.ts". Only
// for the modules of a user; ours are built. Runs in the loader's own thread.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync, type TransformOutput } from "@swc/wasm-typescript";

/** Where a file with types may stand behind the name that TypeScript wants in an import. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const isLocal = specifier.startsWith("./") || specifier.startsWith("../");
  if (isLocal && context.parentURL !== undefined && /\.[mc]?js$/.test(specifier)) {
    const asked = new URL(specifier, context.parentURL);
    const typed = new URL(asked.href.replace(/js$/, "ts"));
    if (asked.protocol === "file:" && !existsSync(asked) && existsSync(typed)) return next(typed.href, context);
  }
  return next(specifier, context);
};

/** Files with types, without them. */
export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith("file:") || !/\.m?ts$/.test(url)) return next(url, context);
  const path = fileURLToPath(url);
  const { code, map } = withoutTypes(path, await readFile(path, "utf8"));
  const mapped = map === undefined ? "" : `\n//# sourceMappingURL=data:application/json;base64,${base64(map)}`;
  return { format: "module", source: code + mapped, shortCircuit: true };
};

function withoutTypes(filename: string, text: string): TransformOutput {
  const transform = { verbatimModuleSyntax: true, nativeClassProperties: true };
  try {
    return transformSync(text, { filename, mode: "transform", module: true, sourceMap: true, transform });
  } catch (error) {
    // What it throws is no Error: what is wrong, and where, as data.
    const { message, startLine, startColumn, snippet } = error as Partial<Record<string, string | number>>;
    const at = startLine === undefined ? filename : `${filename}:${startLine}:${Number(startColumn) + 1}`;
    const shown = snippet === undefined ? "" : `\n${snippet}`;
    const said = `${at}: ${message ?? String(error)}${shown}`.trimEnd();
    // Where in the loader it was noticed helps nobody.
    throw Object.assign(new SyntaxError(said), { stack: said });
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
