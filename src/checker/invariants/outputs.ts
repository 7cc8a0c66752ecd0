// Claims about outputs: their numbers, and that none is lost. SPEC 2.2, 2.3, 3.
import { always, never } from "../property.js";
import { finding } from "./time.js";

export const gapless = always(
  "output/gapless",
  {
    claim:
      "A command's outputs are numbered 1, 2, 3 …, nothing after complete, a unary one's exactly one, no number with two contents.",
    section: "2.3",
    judgement: "one application of an entry with outputs, or one saved state with an open command",
    witness: "the entry that ran the command first, and the line with the wrong number",
  },
  {
    judges: (step) => step.emissions.length > 0 || (step.reply.kind === "outputs" && step.reply.outputs.length > 0),
    judgesState: (state) =>
      state.sessions.some((session) => session.commands.some((each) => each.pendingOutputs.length > 0)),
    answer: (d) => {
      const { step } = d;
      switch (d.what) {
        case "emission-changed":
          if (d.which !== "number") return null;
          return {
            says: "an output has another number",
            expected: "the next number",
            got: "another",
            lines: [d.emission.command.line],
          };
        case "emission-extra":
          if (d.command === null || d.command.open) return null;
          return {
            says: "an output came after the complete one",
            expected: d.expected,
            got: d.got,
            lines: [d.command.line],
          };
        case "output-changed":
          if (step.run !== "retry") return null;
          return {
            says: "one number came with two contents",
            expected: d.expected,
            got: d.got,
            lines: [d.output.line],
          };
        case "output-extra":
          return { says: `there should be no output ${d.num}`, expected: d.expected, got: d.got };
        case "reply":
          if (step.reply.kind !== "outputs" || d.reply.kind === "failure" || d.got !== d.expected) return null;
          return {
            says: "outputs came twice, or without their shape",
            expected: "outputs in order",
            got: "in disorder",
          };
        default:
          return null;
      }
    },
    state: (d) => (d.what === "marker" ? finding(d) : null),
  },
);

/** Judged by what clients see, too: see clients.ts. */
export const noneLost = never(
  "output/none-lost",
  {
    claim:
      "What a client acknowledges it has received, without a gap; what it has not acknowledged can be had again while its session lives.",
    section: "2.2, 3",
    judgement: "one acknowledgement sent, one output taken, one retry answered, or one saved state with outputs",
    witness: "the entry that brought the output, and the line that shows it missing",
  },
  {
    judges: (step) => step.run === "retry",
    judgesState: (state) => state.sessions.some((session) => session.commands.some((each) => each.input !== undefined)),
    answer: (d) => {
      if (d.what !== "output-missing" || d.step.run !== "retry") return null;
      const says = `output ${d.output.num} was not acknowledged, and a retry does not get it`;
      return { says, expected: d.expected, got: d.got, lines: [d.output.line] };
    },
    state: (d) => {
      if (d.what === "pending-missing") return finding(d);
      return d.what === "command-missing" && d.command.pending.size > 0 ? finding(d) : null;
    },
  },
);
