// What a fault is: a value that decides one message's, one timestamp's or one replica's fate, and says why. One file a
// fault, one line in registry.ts, one row in the report. It is drawn into the plan; while it is on, the rooms ask it.
import type { Dice } from "../random.js";
import type { Message } from "../message.js";
import type { Draft } from "../draft.js";
import type { FaultPlan } from "../plan.js";
import type { Range } from "../scenario.js";
import type { Stamp } from "../clock.js";
import type { Stage } from "../stage.js";
import type { World } from "../world-view.js";

/** One number that a fault is drawn with. */
export interface Parameter {
  readonly about: string;
  /** "‰", "µs", "ppm", … */
  readonly unit: string;
  readonly range: Range;
}

/** What is to become of a message. The rooms start with a plain delay; each fault that is on may change it, in plan order. */
export interface Fate {
  lost: boolean;
  delay: number;
  /** Delays of further copies. */
  readonly copies: number[];
  /** The fault that decided last. */
  by: string | undefined;
}

/** A fault: what it models, with what numbers it is drawn, and what it does. `defineFault` makes one. */
export interface FaultKind {
  /** As the report names it, and the plan: its file's name. */
  readonly name: string;
  /** What of the real world it stands for, in one sentence. */
  readonly models: string;
  /** What one strike of it is: the unit of its count in the report. */
  readonly counts: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Of a user's own: of 1000 runs of a shipped scenario, which does not name it, how many have it on. Default: 300. */
  readonly chance?: number;
  /** Waits until the run has the entries that its plan asks for: after it, there may be no more. */
  readonly patient?: boolean;
  /** Draws its instances for a plan; `numbers` draws the parameters within their bounds. */
  draw(dice: Dice, draft: Draft, numbers: () => Record<string, number>): readonly Drawn[];
  start?(world: World, fault: FaultPlan): void;
  stop?(world: World, fault: FaultPlan): void;
  /** `bits` draws by the address of the message and of the fault. Says whether it struck. */
  fate?(fault: FaultPlan, message: Message, fate: Fate, bits: (lane: number) => number, stage: Stage): boolean;
  /** Changes the timestamp that a leader is about to give an entry. Says whether it struck. */
  stamp?(fault: FaultPlan, stamp: Stamp, bits: (lane: number) => number): boolean;
}

/** An instance without the id and the name, which the drawing adds. */
export type Drawn = Omit<FaultPlan, "id" | "fault">;
