// A session that is closed goes from OPENED to NONE, as if it had never been. The kind of slip that registries have: the entry
// is deleted where its state should change. Brought out by a close.
import { registryParts, State, to } from "../src/runtime/states.js";
import { registryBug } from "./bug.js";

export const registrySkipsClosing = registryBug(
  {
    name: "registry-skips-closing",
    what: "a closed session goes from OPENED to NONE",
    caughtBy: ["registry/legal-moves"],
  },
  { closing: (from) => (from === State.OPENED ? to(State.NONE) : registryParts.moves.closing(from)) },
);
