// A number that was allocated and never started holds last_input for ever, and with it all that the machine remembers. Real:
// the client of Atomix 4 (Go), whose keep-alives count up to the first request that did not start. Brought out by a command
// that is cancelled between allocation and start.
import { clientBug } from "./bug.js";

export const clientStallsContiguity = clientBug(
  {
    name: "client-stalls-contiguity",
    what: "a number allocated but never started holds last_input for ever",
    caughtBy: ["state/bounded"],
  },
  {
    contiguous(next, commands) {
      for (const { number, stage } of commands) {
        if (stage === "allocated" || stage === "given-up") return number - 1n;
      }
      return next - 1n;
    },
  },
);
