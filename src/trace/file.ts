// A trace on file: JSON Lines, a header line first, an end line last. The same run gives the same bytes, and what was read
// writes back to what it was. What can't be read is refused with the line and the field that are wrong.
import { closeSync, openSync, writeSync } from "node:fs";
import { UsageError } from "../base/usage-error.js";
import type { Json } from "./codec.js";
import { Digest } from "./digest.js";
import { readText, writeWhole } from "./disk.js";
import { lineCodec } from "./line-codec.js";
import { TRACE_FORMAT, type EndLine, type EventLine, type HeaderLine, type Line } from "./line.js";

/** The word in a header's field `tool`: other programs write JSON Lines too. */
export const TRACE_TOOL = "multiraft-sim";

/** A run, as lines. */
export interface Trace {
  readonly header: HeaderLine;
  readonly events: readonly EventLine[];
  /** Null where only the good part of a torn trace was read. */
  readonly end: EndLine | null;
}

export interface ReadOptions {
  /** Take the good part of a torn trace rather than refuse it. */
  readonly salvage?: boolean;
}

/** Every line of a trace, in order. */
export function linesOf(trace: Trace): Line[] {
  return trace.end === null ? [trace.header, ...trace.events] : [trace.header, ...trace.events, trace.end];
}

/** One line's JSON, without the line break. */
export function saveLine(line: Line): string {
  return JSON.stringify(lineCodec.save(line));
}

/** The whole file's text. For long traces {@link saveTrace} needs less memory. */
export function writeTrace(trace: Trace): string {
  return linesOf(trace)
    .map((line) => `${saveLine(line)}\n`)
    .join("");
}

/** Reads a file's text; `name` stands for it in what is said of it. */
export function readTrace(text: string, name: string, options: ReadOptions = {}): Trace {
  const reader = new Reader(name);
  let torn: UsageError | undefined;
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf("\n", from);
    try {
      reader.take(text.slice(from, end === -1 ? text.length : end), end === -1);
    } catch (error) {
      if (!(error instanceof UsageError) || !reader.hasHeader || options.salvage !== true) throw error;
      torn = error;
      break;
    }
    from = end === -1 ? text.length : end + 1;
  }
  return reader.finish(torn !== undefined || options.salvage === true);
}

/** Reads a file. */
export function loadTrace(path: string, options: ReadOptions = {}): Trace {
  const text = readText(path, "Give the path of a trace file.");
  return readTrace(text, path, options);
}

/** Writes a file, under another name first: a reader never sees half of it, nor does a full disk leave half behind. */
export function saveTrace(path: string, trace: Trace): void {
  writeWhole(path, (draft) => {
    const file = openSync(draft, "w");
    try {
      let chunk = "";
      for (const line of linesOf(trace)) {
        chunk += `${saveLine(line)}\n`;
        if (chunk.length > 1 << 20) {
          writeSync(file, chunk);
          chunk = "";
        }
      }
      writeSync(file, chunk);
    } finally {
      closeSync(file);
    }
  });
}

/** Takes a trace's lines one after the other and says at once what is wrong with one. */
class Reader {
  readonly #name: string;
  readonly #digest = new Digest();
  #header: HeaderLine | undefined;
  readonly #events: EventLine[] = [];
  #end: EndLine | undefined;
  #lines = 0;

  constructor(name: string) {
    this.#name = name;
  }

  get hasHeader(): boolean {
    return this.#header !== undefined;
  }

  take(text: string, last: boolean): void {
    const number = this.#lines + 1;
    if (this.#end !== undefined) throw new UsageError(`${this.#name}:${number}: something follows the end line`);
    const json = this.#parse(text, number, last);
    if (number === 1) this.#checkHeader(json);
    const line = lineCodec.load(json, `${this.#name}:${number}`);
    if (number === 1) {
      this.#header = line as HeaderLine;
    } else if (line.e === "header") {
      throw new UsageError(`${this.#name}:${number}: a second header`, "One file holds one trace.");
    } else if (line.e === "end") {
      this.#checkEnd(line, number);
      this.#end = line;
    } else {
      this.#events.push(line);
    }
    if (line.e !== "end") this.#digest.add(line);
    this.#lines = number;
  }

  finish(salvaged: boolean): Trace {
    if (this.#header === undefined) throw new UsageError(`${this.#name} is empty`, "Give the path of a trace file.");
    if (this.#end === undefined && !salvaged) {
      throw new UsageError(
        `${this.#name} is torn: it breaks off after line ${this.#lines}, the end line is missing`,
        "--salvage plays the good part of it.",
      );
    }
    return { header: this.#header, events: this.#events, end: this.#end ?? null };
  }

  #parse(text: string, number: number, last: boolean): Json {
    try {
      return JSON.parse(text) as Json;
    } catch {
      if (number === 1) throw this.#foreign();
      throw last
        ? new UsageError(
            `${this.#name} is torn: line ${number} is cut in the middle`,
            "--salvage plays the good part of it.",
          )
        : new UsageError(`${this.#name}:${number}: this line is not JSON`, "--salvage plays what stands before it.");
    }
  }

  /** The first line says whose file it is, before anything else is asked of it. */
  #checkHeader(json: Json): void {
    const header = json as { readonly e?: unknown; readonly tool?: unknown; readonly format?: unknown } | null;
    if (header?.e !== "header" || header.tool !== TRACE_TOOL) throw this.#foreign();
    if (header.format === TRACE_FORMAT) return;
    if (typeof header.format === "number" && header.format > TRACE_FORMAT) {
      throw new UsageError(
        `${this.#name} is of trace format ${header.format}; this version reads formats up to ${TRACE_FORMAT}`,
        `Install the version of ${TRACE_TOOL} that its first line names, or a newer one.`,
      );
    }
    throw new UsageError(`${this.#name}:1: there is no trace format ${String(header.format)}`);
  }

  #foreign(): UsageError {
    return new UsageError(
      `${this.#name} is not a trace of ${TRACE_TOOL}: its first line is not a header`,
      "A trace is what `run --trace FILE` writes.",
    );
  }

  #checkEnd(end: EndLine, number: number): void {
    const digest = this.#digest.hex();
    if (end.lines === number - 1 && end.digest === digest) return;
    throw new UsageError(
      end.lines === number - 1
        ? `${this.#name} was changed after it was recorded: its lines have the digest ${digest}, the end line says ${end.digest}`
        : `${this.#name} has ${number - 1} lines before its end line, which says ${end.lines}`,
      "--salvage plays it as it is.",
    );
  }
}
