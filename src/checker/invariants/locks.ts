// Claims about locks. SPEC 2.4.
import { Status } from "../../protocol/failure.js";
import type { PartitionSnapshot } from "../../proto/atomix/multiraft/v1/fsm.js";
import type { AnswerDifference } from "../difference.js";
import type { Step } from "../models/step.js";
import { always, type Finding } from "../property.js";
import { finding } from "./time.js";

const isLock = (service: { spec: { service: string } } | null | undefined): boolean => service?.spec.service === "lock";
const grants = (step: Step): boolean => step.emissions.some((emission) => emission.output.about === "grant");
const hasLock = (state: PartitionSnapshot): boolean =>
  state.services.some((service) => service.spec?.service === "lock");

const found = (d: AnswerDifference, says: string): Finding => ({ says, expected: d.expected, got: d.got });

export const exclusive = always(
  "lock/exclusive",
  {
    claim: "A lock has one holder, who alone gives it back; tokens rise.",
    section: "2.4",
    judgement:
      "one application of Acquire or Release, or of an entry that hands a lock on; or one saved state with a lock",
    witness: "the entry, and the line that shows the wrong holder",
  },
  {
    judges: (step) => isLock(step.service) || grants(step),
    judgesState: hasLock,
    answer: (d) => {
      const { step } = d;
      if (d.what === "emission-extra") {
        const grant = isLock(d.command?.service) && d.emission.output.operation?.status === Status.OK;
        return grant && d.instead === null ? found(d, "a lock was granted while another session holds it") : null;
      }
      if (!isLock(step.service) || step.run === null || step.run === "retry" || step.reply.kind !== "outputs")
        return null;
      const [expected] = step.reply.outputs;
      if (d.what === "output-changed" && expected?.status !== Status.OK && d.got.includes("OK")) {
        return found(d, `${step.operation} should be refused with a lock that is not its session's, and was done`);
      }
      if (d.what === "output-extra" && expected === undefined && d.got.includes("OK")) {
        return found(d, "a lock was granted while another session holds it");
      }
      if (d.what === "output-changed" && expected?.status === Status.OK) {
        return found(d, `${step.operation} by the rightful session came to something else`);
      }
      return null;
    },
    state: (d) => {
      if (d.what !== "data" || !isLock(d.service) || !d.alive) return null;
      return d.data.what.startsWith("holder") ? finding(d) : null;
    },
  },
);

export const fifo = always(
  "lock/fifo",
  {
    claim: "A lock is handed on in the order in which Acquires arrived, and to each that waits.",
    section: "2.4",
    judgement: "one application of an entry that queues or hands on, or one saved state with a lock",
    witness: "the entry of the Acquire that was passed over, and the line that shows it",
  },
  {
    judges: (step) => grants(step) || (isLock(step.service) && step.operation === "Acquire"),
    judgesState: hasLock,
    answer: (d) => {
      if (d.what === "emission-extra" && d.instead !== null && d.instead.output.about === "grant") {
        const { num, session, line } = d.instead.command;
        const says = `command ${num} of session ${session} came first, and another one was served`;
        return { says, expected: d.expected, got: d.got, lines: [line] };
      }
      if (d.what !== "emission-missing" || d.emission.output.about !== "grant" || d.emission.cause === "expiry")
        return null;
      const { num, session, line } = d.emission.command;
      return {
        says: `it is the turn of command ${num} of session ${session}`,
        expected: d.expected,
        got: d.got,
        lines: [line],
      };
    },
    state: (d) => {
      if (d.what !== "data" || !isLock(d.service) || !d.alive) return null;
      return ["waiter-order", "waiter-missing", "waiter-token"].includes(d.data.what) ? finding(d) : null;
    },
  },
);

/** Broken by what a saved state says of itself, too: a holder that it does not know. See court.ts. */
export const holderAlive = always(
  "lock/holder-alive",
  {
    claim: "The session that holds a lock lives; when it ends the lock is handed on.",
    section: "2.2, 2.4",
    judgement: "one application of an entry that ends a session or hands on by it, or one saved state with a lock",
    witness: "the end of the session, and the line that shows it holding",
  },
  {
    judges: (step) => step.ended.length > 0,
    judgesState: hasLock,
    answer: (d) => {
      const { step } = d;
      if (d.what === "emission-missing" && d.emission.output.about === "grant" && d.emission.cause !== "command") {
        return found(d, `session ${d.emission.by} held the lock and left, and it was not handed on`);
      }
      if (!isLock(step.service) || step.operation !== "Acquire" || step.reply.kind !== "outputs") return null;
      if (step.run === "retry" || step.service?.leftBy === 0n || step.reply.outputs[0]?.status !== Status.OK)
        return null;
      const refusedNow = d.what === "output-missing" || (d.what === "output-changed" && d.got.includes("TIMEOUT"));
      return refusedNow ? found(d, "the lock is free since its holder left, and was not granted") : null;
    },
    state: (d) => {
      if (d.what !== "data" || !isLock(d.service) || d.alive) return null;
      return d.data.what.startsWith("holder") ? finding(d) : null;
    },
  },
);
