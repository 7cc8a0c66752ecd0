// Claims about keep-alives: late ones are harmless, and after one the state is small. SPEC 2.2.
import { Status } from "../../protocol/failure.js";
import { always, never } from "../property.js";
import { finding } from "./time.js";

export const harmless = never(
  "keepalive/harmless",
  {
    claim: "Duplicated, late or reordered keep-alives end nothing that is open and revive nothing.",
    section: "2.2",
    judgement: "one application of a keep-alive or of a command that arrives after one, or one saved state",
    witness: "the arrival of the command, the keep-alive, and the line that shows the harm",
  },
  {
    judges: (step) => step.kind === "keep_alive" || (step.run !== null && (step.session?.keptAliveAt ?? 0n) > 0n),
    judgesState: (state) => state.sessions.some((session) => session.commands.length > 0),
    answer: (d) => {
      const { step } = d;
      if (d.what !== "reply") return null;
      if (step.kind === "keep_alive" && step.reply.kind === "failure" && step.reply.why === "no-session") {
        if (d.grave === null || d.reply.kind === "failure") return null;
        const says = `session ${d.grave.id} had ${d.grave.how}, and a keep-alive was taken`;
        return { says, expected: d.expected, got: d.got, lines: [d.grave.line] };
      }
      if (step.run === null || step.run === "refused" || d.reply.kind !== "failure") return null;
      if (d.reply.status !== Status.CANCELED || step.session === null) return null;
      const says = "a number that its client holds open was refused as forgotten";
      return { says, expected: d.expected, got: d.got, lines: [step.session.refreshedLine] };
    },
    state: (d) => {
      switch (d.what) {
        case "command-missing":
          return d.keptAliveSince ? finding(d) : null;
        case "listed-missing":
          return finding(d);
        case "mark":
          return d.session.keptAliveAt > 0n ? finding(d) : null;
        default:
          return null;
      }
    },
  },
);

/** Judged at the end of the liveness phase, too: see liveness.ts. */
export const bounded = always(
  "state/bounded",
  {
    claim:
      "After a keep-alive nothing up to its last_input is remembered or listed but what its filter holds; at the end of the liveness phase only the mark.",
    section: "2.2, 5",
    judgement: "one saved state with a session that was kept alive; at the end: one living session on one replica",
    witness: "the last keep-alive, and the observation",
  },
  {
    judgesState: (state) => state.sessions.some((session) => session.commands.length > 0),
    state: (d) => ((d.what === "command-extra" && d.forgotten) || d.what === "listed-extra" ? finding(d) : null),
  },
);
