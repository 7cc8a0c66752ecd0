// Numbering restarts at 1 after a restore when everything was acknowledged: the counter is inferred from the outputs that are
// still there. Real: atomix-go-framework, whose saved command has its pending responses and not the number of the last one.
// Brought out by an open stream with everything acknowledged, a restore, and the next output.
import { saving } from "../src/fsm/snapshot.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { set } from "./payloads.js";

export const outputCounterLost = machineBug(
  {
    name: "output-counter-lost",
    what: "numbering restarts at 1 after a restore with everything acknowledged",
    caughtBy: ["output/gapless", "snapshot/invisible"],
    shows: log()
      .open(10)
      .create(1, "value")
      .run(1, 2, 1, "Events")
      .keepAlive(1, 1, [1], [[1, 1]])
      .restore()
      .run(1, 2, 2, "Set", set(1)).steps,
  },
  { saving: { ...saving, pending: (command) => command.outputs } },
);
