// Keeps the lines of one run, counts them and ends them as a trace ends: with their number and their digest.
import { Micros } from "../base/time.js";
import { Digest } from "./digest.js";
import type { Trace } from "./file.js";
import type { EndLine, EventLine, HeaderLine } from "./line.js";

/** Takes every line of a run in order. Keeps the lines themselves, which nobody changes. */
export class Recorder {
  readonly #header: HeaderLine;
  readonly #events: EventLine[] = [];
  readonly #digest = new Digest();
  #last = Micros(0);

  constructor(header: HeaderLine) {
    this.#header = header;
    this.#digest.add(header);
  }

  take(line: EventLine): void {
    this.#events.push(line);
    this.#digest.add(line);
    this.#last = line.t;
  }

  /** The trace as it stands, ended. */
  finish(): Trace {
    const end = endOf(this.#last, this.#events.length + 1, this.#digest);
    return { header: this.#header, events: this.#events, end };
  }
}

/** The line that ends a run: `lines` came before it, the header counted. */
export function endOf(t: Micros, lines: number, digest: Digest): EndLine {
  return { e: "end", t, lines, digest: digest.hex() };
}
