// What the judge remembers of one replica: where it is in the log, what it was restored from, whether it has gone astray.

export class Stand {
  /** The index applied last. */
  index = 0n;
  /** The line of the last restore that it took; 0: it goes back to the empty state. */
  restoredLine = 0;
  /** Whether it, or the replica whose saved state it took over, has differed from the model before. */
  diverged = false;
  /** The index that it can come back to after a crash: its last saved state. */
  anchor = 0n;
  down = false;
  /** The last observation, as long as nothing happened that may change the state. */
  seen: { readonly line: number; readonly bytes: Uint8Array; readonly why: string } | null = null;
  /** How often it differed: what comes after many says nothing new. */
  differences = 0;

  constructor(readonly replica: number) {}

  /** It starts again from nothing; a restore may follow. */
  restart(): void {
    this.index = 0n;
    this.restoredLine = 0;
    this.diverged = false;
    this.seen = null;
    this.down = false;
  }
}

/** A state that some replica saved. */
export interface Saved {
  readonly line: number;
  readonly index: bigint;
  readonly diverged: boolean;
}
