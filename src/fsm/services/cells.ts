// Versioned values with a time to live: what a value holds one of, and a map one for each key. Who may write over what, and
// the one place where a write becomes a write. SPEC 2.4.
import type { Nanos } from "../../base/time.js";
import type { Duration } from "../../proto/google/protobuf/duration.js";
import type { Deadline } from "../../proto/multiraft_sim/service/v1/service.js";
import { Status } from "../../protocol/failure.js";
import type { LogIndex } from "../../protocol/words.js";
import type { Timer } from "../state.js";
import { loadDeadline, saveDeadline } from "./saved-state.js";
import { refuse, type At, type Loading, type Outcome } from "./service.js";
import { ttl, type Ttl } from "./ttl.js";

export interface Cell {
  readonly value: Uint8Array;
  /** The index of the entry that wrote it. */
  readonly version: LogIndex;
  /** Fires when it expires; undefined where it does not. */
  readonly timer: Timer | undefined;
}

/** What a write may find: anything, nothing, or something of a version (undefined: of any). */
export type Guard =
  | { readonly over: "anything" }
  | { readonly over: "nothing" }
  | { readonly over: "something"; readonly version: bigint | undefined };

export const ANYTHING: Guard = { over: "anything" };
export const NOTHING: Guard = { over: "nothing" };

export interface Cells {
  readonly ttl: Ttl;
  /** The refusal of an operation that finds `cell`; undefined where it may go on. */
  refused(guard: Guard, cell: Cell | undefined): Outcome | undefined;
  /** The cell that a write makes in place of `old`: a new version, a new time to live. */
  write(at: At, old: Cell | undefined, key: string, value: Uint8Array, span: Nanos): Cell;
}

export const cells: Cells = {
  ttl,

  refused(guard, cell) {
    switch (guard.over) {
      case "anything":
        return undefined;
      case "nothing":
        return cell === undefined ? undefined : refuse(Status.ALREADY_EXISTS, `version ${cell.version} is there`);
      case "something": {
        if (cell === undefined) return refuse(Status.NOT_FOUND, "nothing is there");
        const same = guard.version === undefined || guard.version === cell.version;
        return same ? undefined : refuse(Status.CONFLICT, `the version is ${cell.version}`);
      }
    }
  },

  write(at, old, key, value, span) {
    this.ttl.stop(at, old?.timer);
    return { value, version: at.index, timer: this.ttl.start(at, span, key) };
  },
};

/** The answer to a write whose time to live is none. */
export const badTtl = (): Outcome =>
  refuse(Status.INVALID, "a time to live is a span of zero or more, within its range");

/** What the write of a value says. */
export interface Write {
  readonly value: Uint8Array;
  readonly ttl: Duration | undefined;
}

export interface SavedCell {
  readonly value: Uint8Array;
  readonly version: bigint;
  readonly deadline: Deadline | undefined;
}

export function saveCell(cell: Cell): { value: Uint8Array; version: bigint; deadline: Deadline | undefined } {
  const deadline = cell.timer === undefined ? undefined : saveDeadline(cell.timer.deadline);
  return { value: cell.value, version: cell.version, deadline };
}

export function loadCell(saved: SavedCell, key: string, loading: Loading): Cell {
  const { value, version, deadline } = saved;
  const timer = deadline === undefined ? undefined : loading.setTimer(loadDeadline(deadline, loading), key);
  return { value, version: version as LogIndex, timer };
}
