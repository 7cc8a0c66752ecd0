// Claims about the runtime's registry of sessions. SPEC 4. Judged in registry-watch.ts.
import { always } from "../property.js";

export const legalMoves = always("registry/legal-moves", {
  claim:
    "An entry goes NONE, OPENING, OPENED, CLOSING, CLOSED, or from OPENING or OPENED to CLOSED; it is compacted when CLOSED; versions rise by one.",
  section: "4",
  judgement: "one change of the registry",
  witness: "the change before of the same entry, and the one that is not allowed",
});

export const agrees = always("registry/agrees", {
  claim:
    "Within one keep-alive interval of its end in a replica that can be asked, the registry knows of every session that ended.",
  section: "4, 6",
  judgement: "one entry of the registry whose session ended in the machine",
  witness: "the end of the session, and the line at which the interval had passed",
});
