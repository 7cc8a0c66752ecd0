// What a bug of the zoo is: one part of the real thing with exactly one defect, to be put in where that part is passed in.
// A bug never reaches into src: it is put together from the parts that src exports.
import type { MachineKind } from "../src/protocol/machine.js";
import type { SessionListener, WorldParts } from "../src/sim/world.js";

/** Where a bug lives: in the machine, the machine's host, a client, the log, or the runtime's registry of sessions. */
export type Room = "fsm" | "replica" | "client" | "log" | "registry";

export interface Bug {
  /** As `--bug` names it, e.g. "purge-forgets". */
  readonly name: string;
  readonly livesIn: Room;
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** The properties of which at least one must break. */
  readonly caughtBy: readonly string[];
  /** The machine with the defect, where it lives in "fsm". */
  readonly machine?: MachineKind;
  /** The parts with the defect, where it lives in "replica", "client" or "log". */
  readonly parts?: Partial<WorldParts>;
  /** Makes the registry with the defect, one for each run, where it lives in "registry". */
  readonly registry?: () => SessionListener;
}
