// The pictures of a report folder: of each failure its smallest run, or where nobody made it small the whole one.
import { join } from "node:path";
import { writeText } from "../trace/disk.js";
import { loadTrace } from "../trace/file.js";
import type { FilmOptions } from "../view/film-of.js";
import { pictureOf } from "../view/page.js";
import { type FoundFailure, fromHere, placeOf } from "./found-failures.js";

/** What a picture shows of a user's own. */
type Own = Pick<FilmOptions, "models" | "ownProperties">;

/** Draws a failure. A picture that can't be made is no reason to lose the rest of the report. */
export function pictured(found: FoundFailure, folder: string, own: Own): FoundFailure {
  const { reported, name } = found;
  const trace = reported.small?.trace ?? reported.trace;
  if (trace === null) return found;
  const path = join(placeOf(folder, name), "picture.html");
  try {
    writeText(path, pictureOf(loadTrace(trace), { name, ...own }));
    return { ...found, reported: { ...reported, picture: fromHere(path) } };
  } catch (error) {
    process.stderr.write(`${reported.property}, seed ${reported.seed}: no picture: ${(error as Error).message}\n`);
    return found;
  }
}
