// What the bytes of an entry say: a CommandInput, or nothing. First step of an entry's life; it never throws.
import { CommandInput } from "../proto/atomix/multiraft/v1/fsm.js";

import { decode } from "./codec.js";

/** The message that `bytes` encode; undefined where they encode none. */
export function decodeCommandInput(bytes: Uint8Array): CommandInput | undefined {
  try {
    return decode(CommandInput, bytes);
  } catch {
    return undefined;
  }
}
