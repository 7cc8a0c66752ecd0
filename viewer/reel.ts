// Takes the film and the trace out of the page that they were put into. Nothing is fetched: they stand in the document.
import type { Film } from "../src/view/film.js";

/** A film, with the text of the trace that it is of. */
export interface Reel {
  readonly film: Film;
  readonly trace: string | null;
}

/** Unpacks what the document holds. */
export async function unpack(): Promise<Reel> {
  const film = await textOf("film");
  if (film === null) throw new Error("This page holds no trace. `multiraft-sim view TRACE` makes one that does.");
  return { film: JSON.parse(film) as Film, trace: await textOf("trace") };
}

async function textOf(id: string): Promise<string | null> {
  const packed = document.getElementById(id)?.textContent;
  if (packed === undefined || packed === null) return null;
  const letters = atob(packed);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
