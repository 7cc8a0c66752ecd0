// The pictures of a report folder: of each failure its smallest run, or where nobody made it small the whole one.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ModelRegistry } from "../checker/models/service.js";
import { loadTrace } from "../trace/file.js";
import { pictureOf } from "../view/page.js";
import { type FoundFailure, fromHere, placeOf } from "./found-failures.js";

/** Draws a failure. A picture that can't be made is no reason to lose the rest of the report. */
export function pictured(found: FoundFailure, folder: string, models: ModelRegistry | undefined): FoundFailure {
  const { reported, name } = found;
  const trace = reported.small?.trace ?? reported.trace;
  if (trace === null) return found;
  const path = join(placeOf(folder, name), "picture.html");
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, pictureOf(loadTrace(trace), { name, ...(models === undefined ? {} : { models }) }));
    return { ...found, reported: { ...reported, picture: fromHere(path) } };
  } catch (error) {
    process.stderr.write(`${reported.property}, seed ${reported.seed}: no picture: ${(error as Error).message}\n`);
    return found;
  }
}
