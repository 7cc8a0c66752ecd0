// Claims about elections. SPEC 2.4.
import type { PartitionSnapshot } from "../../proto/atomix/multiraft/v1/fsm.js";
import { Term } from "../../proto/multiraft_sim/election/v1/election.js";
import { read } from "../models/service.js";
import { always } from "../property.js";
import { finding } from "./time.js";

const isElection = (service: { spec: { service: string } } | null | undefined): boolean =>
  service?.spec.service === "election";
const hasElection = (state: PartitionSnapshot): boolean =>
  state.services.some((service) => service.spec?.service === "election");

function otherTerm(expected: Uint8Array, got: Uint8Array): boolean {
  const a = read(Term, expected);
  const b = read(Term, got);
  return a !== undefined && b !== undefined && a.term !== b.term;
}

export const oneLeader = always(
  "election/one-leader",
  {
    claim: "A term has one leader, and terms rise by one with every change of who leads.",
    section: "2.4",
    judgement: "one application of an entry that an election answers or publishes, or one saved state with an election",
    witness: "the entry, and the line with the wrong term",
  },
  {
    judges: (step) =>
      isElection(step.service) || step.emissions.some((emission) => isElection(emission.command.service)),
    judgesState: hasElection,
    answer: (d) => {
      const says = "the term is another than the number of changes of leader";
      if (d.what === "output-changed" && isElection(d.step.service) && otherTerm(d.output.payload, d.payload)) {
        return { says, expected: "the term of the model", got: "another term" };
      }
      if (d.what !== "emission-changed" || !isElection(d.emission.command.service)) return null;
      return otherTerm(d.emission.output.payload, d.payload)
        ? { says, expected: "the term of the model", got: "another term" }
        : null;
    },
    state: (d) => (d.what === "data" && d.data.what === "term" ? finding(d) : null),
  },
);

/** Broken by what a saved state says of itself, too: a participant that it does not know. See court.ts. */
export const participantsAlive = always(
  "election/alive",
  {
    claim: "Every participant's session lives.",
    section: "2.2, 2.4",
    judgement: "one saved state with an election",
    witness: "the end of the session, and the observation that still has it",
  },
  {
    judgesState: hasElection,
    state: (d) =>
      d.what === "data" && isElection(d.service) && !d.alive && d.data.what.startsWith("participant")
        ? finding(d)
        : null,
  },
);
