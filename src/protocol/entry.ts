// How an entry comes about: from a message (its bytes are made on demand, at most once) or from bytes (decoded once, so
// that all replicas of a process agree on what they say). Nobody changes an entry afterwards.
import { CommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { encode } from "./codec.js";
import { decodeCommandInput } from "./command-input.js";
import type { Entry } from "./machine.js";
import type { LogIndex } from "./words.js";

// A class for the sake of one hidden shape and a getter on the prototype: the simulation makes an entry per commit.
class MadeEntry implements Entry {
  readonly index: LogIndex;
  readonly input: CommandInput | "undecodable";
  #bytes: Uint8Array | undefined;

  constructor(index: LogIndex, input: CommandInput | "undecodable", bytes: Uint8Array | undefined) {
    this.index = index;
    this.input = input;
    this.#bytes = bytes;
  }

  get bytes(): Uint8Array {
    // decodeEntry keeps the bytes of what it could not decode: where they are asked for, there is a message.
    this.#bytes ??= encode(CommandInput, this.input as CommandInput);
    return this.#bytes;
  }
}

/** The entry that says `input`. Its bytes are encoded when they are first read. */
export function makeEntry(index: LogIndex, input: CommandInput): Entry {
  return new MadeEntry(index, input, undefined);
}

/** The entry whose bytes these are. Whatever they are: what is no CommandInput becomes "undecodable". */
export function decodeEntry(index: LogIndex, bytes: Uint8Array): Entry {
  return new MadeEntry(index, decodeCommandInput(bytes) ?? "undecodable", bytes);
}
