// What follows a gap in a stream is taken for its next output. The kind of slip that clients of session machines have: outputs
// are numbered, and nobody looks. Brought out by a stream that breaks.
import { clientBug } from "./bug.js";

export const clientSkipsGap = clientBug(
  {
    name: "client-skips-gap",
    what: "a stream's gap is taken for its next output",
    caughtBy: ["output/none-lost", "events/complete"],
  },
  { takes: (command, output) => (output <= command.arrived ? "duplicate" : "take") },
);
