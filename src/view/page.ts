// Puts a film, and the trace that it is of, into the page that was built for it: one HTML file that needs no network and no
// server. Whoever opens it sees the run; the trace can be taken out of it again, byte for byte.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { UsageError } from "../base/usage-error.js";
import { packageRoot } from "../explore/package.js";
import { type Trace, writeTrace } from "../trace/file.js";
import type { Film } from "./film.js";
import { filmOf, type FilmOptions } from "./film-of.js";

/** Where the page's source says that its film goes. */
const PLACE = "<!-- film -->";

/** A trace as a picture: the text of one self-contained HTML file. */
export function pictureOf(trace: Trace, options: FilmOptions = {}): string {
  return pageWith(filmOf(trace, options), writeTrace(trace));
}

/** The page of a film; `trace`: the text of the trace that it is of. */
export function pageWith(film: Film, trace: string | null): string {
  const [before, after] = template().split(PLACE);
  if (before === undefined || after === undefined) throw new Error("the page has no place for its film");
  const title = `<title>${escaped(titleOf(film))}</title>`;
  const embedded =
    trace === null
      ? [["film", JSON.stringify(film)]]
      : [
          ["film", JSON.stringify(film)],
          ["trace", trace],
        ];
  const blocks = embedded.map(
    ([id, text]) => `<script type="application/gzip" id="${id}">${packed(text as string)}</script>`,
  );
  return `${before.replace(/<title>[^<]*<\/title>/, () => title)}${blocks.join("\n")}${after}`;
}

function titleOf(film: Film): string {
  if (film.kind === "history") return `${film.name} – ${film.order.verdict}`;
  const [broken] = film.verdict.broken;
  return `${film.name} – ${broken === undefined ? "every property holds" : `${broken.property} is broken`}`;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

// The same film gives the same bytes: gzip's header holds no time here.
function packed(text: string): string {
  return gzipSync(text, { level: 9 }).toString("base64");
}

let kept: string | undefined;

function template(): string {
  if (kept !== undefined) return kept;
  const path = join(packageRoot, "dist/viewer/index.html");
  if (!existsSync(path)) throw new UsageError(`${path} is missing: the page was not built`, "Run `npm run build`.");
  return (kept = readFileSync(path, "utf8"));
}
