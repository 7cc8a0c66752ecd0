// The number of the acknowledged output is read where the command's own number stands. The kind of slip that session machines
// have: two counters of one type, side by side in a map. Brought out by a stream whose command has a higher number than the
// output that was acknowledged.
import { commands } from "../src/fsm/commands.js";
import { OutputNum } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { set } from "./payloads.js";

export const ackTakesRequestNumber = machineBug(
  {
    name: "ack-takes-request-number",
    what: "the acknowledged output number is read as the command's number",
    caughtBy: ["output/none-lost"],
    shows: log()
      .open(10)
      .create(1, "value")
      .run(1, 2, 9, "Events")
      .run(1, 2, 1, "Set", set(1))
      .keepAlive(1, 9, [9], [[9, 1]])
      .run(1, 2, 9, "Events").steps,
  },
  { commands: { ...commands, acknowledge: (command) => commands.acknowledge(command, OutputNum(command.number)) } },
);
