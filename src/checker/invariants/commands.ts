// Claims about exactly once: what ran, what a retry gets. SPEC 2.3.
import { always, never } from "../property.js";
import { finding } from "./time.js";

export const atMostOnce = never(
  "command/at-most-once",
  {
    claim: "No (session, number) takes effect twice, ever; a number that was given up does not run later.",
    section: "2.3",
    judgement: "one application of a service command, or one saved state whose remembered numbers and mark were read",
    witness: "the entry that ran it first, where it is remembered, and the line that shows it run again or free to",
  },
  {
    judges: (step) => step.kind === "service_command" && step.run !== null,
    judgesState: (state) => state.sessions.some((session) => session.commands.length > 0),
    answer: (d) => {
      const { step } = d;
      if (d.what === "reply" && step.reply.kind === "failure" && step.reply.why === "forgotten") {
        if (d.reply.kind === "failure") return null;
        const says = `session ${step.sessionId} was told CANCELED for good about this number, and it ran`;
        return {
          says,
          expected: d.expected,
          got: d.got,
          lines: step.session === null ? [] : [step.session.refreshedLine],
        };
      }
      const repeats = step.run === "retry" || (step.reply.kind === "failure" && step.reply.why === "forgotten");
      if (!repeats) return null;
      const lines = step.command === null ? [] : [step.command.line];
      if (d.what === "output-changed" || d.what === "output-extra") {
        return {
          says: "a retry brought another output than the first run: it ran again",
          expected: d.expected,
          got: d.got,
          lines,
        };
      }
      if (d.what === "emission-extra") {
        return { says: "a retry had an effect on others", expected: d.expected, got: d.got, lines };
      }
      return null;
    },
    state: (d) => (d.what === "guard" ? finding(d) : null),
  },
);

export const sameAnswer = always(
  "command/same-answer",
  {
    claim:
      "A retry gets what of the first run is not acknowledged; after forgetting CANCELED; another input under the number CONFLICT.",
    section: "2.3",
    judgement: "one application of a command that is remembered or forgotten, or one saved state that remembers some",
    witness: "the entry that ran it first, and the retry",
  },
  {
    judges: (step) =>
      step.run === "retry" ||
      (step.reply.kind === "failure" && (step.reply.why === "forgotten" || step.reply.why === "other-input")),
    judgesState: (state) => state.sessions.some((session) => session.commands.some((each) => each.input !== undefined)),
    answer: (d) => {
      const { step } = d;
      const lines = step.command === null ? [] : [step.command.line];
      if (d.what === "reply" && step.reply.kind === "failure") {
        const { why } = step.reply;
        if (why !== "forgotten" && why !== "other-input") return null;
        const says =
          why === "forgotten" ? "a forgotten number was not refused" : "another input under the number was not refused";
        return { says, expected: d.expected, got: d.got, lines };
      }
      if (step.run !== "retry" || d.what.startsWith("emission")) return null;
      return { says: "a retry was answered otherwise than the first run", expected: d.expected, got: d.got, lines };
    },
    state: (d) => {
      switch (d.what) {
        case "command-state":
        case "command-input":
        case "pending-changed":
          return finding(d);
        case "pending-extra":
          return finding(d);
        default:
          return null;
      }
    },
  },
);
