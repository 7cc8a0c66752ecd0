// The shadow replica of a partition: applies each entry when it is committed and is observed after it. It plays no part: the
// accused neither hear of it nor wait for it.
import { MachineBroke } from "../protocol/machine-errors.js";
import type { MachineKind, StateMachine } from "../protocol/machine.js";
import type { PartitionId } from "../trace/line.js";
import type { LogRecord } from "./log.js";
import type { Stage } from "./stage.js";

export class Shadow {
  readonly #machine: StateMachine;
  #broken = false;

  constructor(
    private readonly stage: Stage,
    private readonly partition: PartitionId,
    kind: MachineKind,
  ) {
    this.#machine = kind.create();
  }

  commit(record: LogRecord): void {
    if (this.#broken) return;
    const { stage, partition } = this;
    const { index } = record.entry;
    const on = { t: stage.now, partition, replica: 0, index } as const;
    let during: "apply" | "snapshot" = "apply";
    try {
      const applied = this.#machine.apply(record.entry);
      stage.emit({ e: "apply", ...on, applied });
      during = "snapshot";
      stage.emit({ e: "observe", ...on, why: "shadow", bytes: this.#machine.observe?.() ?? this.#machine.snapshot() });
    } catch (error) {
      this.#broken = true;
      const message = error instanceof Error ? error.message : String(error);
      const how = error instanceof MachineBroke ? error.how : "threw";
      stage.emit({ e: "broke", ...on, during, how, message });
    }
  }
}
