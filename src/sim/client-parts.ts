// What the client protocol decides when nothing is put in its place. SPEC 3.
import type { ClientParts } from "./cast.js";

export const clientParts: ClientParts = {
  contiguous(next, commands) {
    for (const command of commands) if (command.stage === "allocated") return command.number - 1n;
    return next - 1n;
  },

  acknowledges: (command) => command.received,

  takes(command, output, broken) {
    if (output <= command.arrived) return "duplicate";
    if (output === command.arrived + 1n) return "take";
    return broken ? "ask-again" : "gap";
  },
};
