// What whoever searches hands to whoever expands, and what comes back: plain data, since it goes from thread to thread.
import type { Suspect } from "./history.js";

/** What is expanded in one go: states of one depth, by the letters that led to them, one byte a letter. */
export interface Batch {
  /** In the order in which batches are to be folded. */
  readonly at: number;
  readonly depth: number;
  readonly paths: Uint8Array;
  /** Whether what comes next is the end of every history. */
  readonly last: boolean;
}

export interface Expanded {
  readonly at: number;
  /** Letters of what was reached and not seen in this batch before, and the states' hashes: two words each. */
  readonly paths: Uint8Array;
  readonly hashes: Uint32Array;
  /** Letters applied to states. */
  readonly played: number;
  /** Letters left out, as those of the other session stand for them. */
  readonly mirrored: number;
  readonly restores: number;
  readonly suspects: readonly Suspect[];
  /** Whether the machine hung in the last of the suspects, so that what follows was not played. */
  readonly hung?: true;
}
