// Claims about log time and timers. SPEC 2.1.
import type { StateDifference } from "../difference.js";
import { always, type Finding, never } from "../property.js";

/** What a state difference says, as a finding of its own words. */
export const finding = ({ says, expected, got }: StateDifference): Finding => ({ says, expected, got });

export const neverGoesBack = always(
  "time/never-goes-back",
  {
    claim: "Log time in every saved state is the greatest valid timestamp applied.",
    section: "2.1",
    judgement: "one saved state whose timestamp was read",
    witness: "the observation",
  },
  { judgesState: () => true, state: (d) => (d.what === "time" ? finding(d) : null) },
);

/** Broken by what a saved state says of itself, too: see the reading of saved states in court.ts. */
export const nothingDueLeft = never(
  "timer/nothing-due-left",
  {
    claim: "After an entry nothing is pending whose deadline log time has reached.",
    section: "2.1",
    judgement: "one saved state whose deadlines were read, or one entry in which a timer ran",
    witness: "the entry, and the observation or the application that lacks what the timer brings",
  },
  {
    judges: (step) => step.timersRun > 0 || step.ended.some((grave) => grave.how === "expired"),
    judgesState: () => true,
    answer: (d) => {
      if (d.what !== "emission-missing" || d.emission.output.about !== "timeout") return null;
      const { num, session } = d.emission.command;
      const says = `the time-out of command ${num} of session ${session} was due, and nothing came of it`;
      return { says, expected: d.expected, got: d.got, lines: [d.emission.command.line] };
    },
  },
);
