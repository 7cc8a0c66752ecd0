// Claims about saved states: their form, that a restore shows nowhere, that damage is refused. SPEC 2.5.
// Most of it is judged in court.ts and restores.ts, where replicas and their past are known.
import { always } from "../property.js";
import { finding } from "./time.js";

export const canonical = always("snapshot/canonical", {
  claim: "A saved state is in canonical order, encodes to itself, and equal states have equal bytes.",
  section: "2.5",
  judgement: "one saved state",
  witness: "the observation",
});

export const invisible = always(
  "snapshot/invisible",
  {
    claim: "A restored replica equals one that never was, in every later output, expiry and saved state.",
    section: "2.5",
    judgement: "one application on a restored replica, or one saved state of one",
    witness: "the restore, and the line that differs; of a saved state that lacks something, that observation",
  },
  {
    state: (d) => {
      if (d.what === "index" || d.what === "timeout") return finding(d);
      return d.what === "command-missing" && d.command.open && !d.keptAliveSince ? finding(d) : null;
    },
  },
);

export const refusesDamage = always("snapshot/refuses-damage", {
  claim: "A damaged state is refused and changes nothing; what was saved is accepted, in chunks of any size.",
  section: "2.5",
  judgement: "one restore",
  witness: "the saving, and the restore; of a refusal that changed something both observations",
});

export const changeNothing = always("reads/change-nothing", {
  claim: "A query and a snapshot leave the state as it was.",
  section: "2, 2.7",
  judgement: "one observation that follows another one of the same replica at the same index",
  witness: "both observations",
});
