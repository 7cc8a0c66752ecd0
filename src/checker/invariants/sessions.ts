// Claims about sessions: when they end, what the dead may still do, whose things are whose. SPEC 2.2.
import { instantInWords } from "../../base/time.js";
import { Status } from "../../protocol/failure.js";
import type { AnswerDifference, QueryDifference } from "../difference.js";
import type { Step } from "../models/step.js";
import { always, type Finding, never } from "../property.js";
import { finding } from "./time.js";

const isNotFound = (reply: { kind: string; status?: Status }): boolean =>
  reply.kind === "failure" && reply.status === Status.NOT_FOUND;

const namesSession = (step: Step): boolean => step.session !== null && step.kind !== "open_session";

// A dead session's entry was taken. `how` the session should have ended.
function accepted(d: AnswerDifference, how: "expired" | "any"): Finding | null {
  if (d.what !== "reply" || d.step.reply.kind !== "failure" || d.step.reply.why !== "no-session") return null;
  if (d.grave === null || (how === "expired" && d.grave.how !== "expired") || isNotFound(d.reply)) return null;
  const says = `session ${d.grave.id} had ${d.grave.how}, and its ${d.step.kind} was taken`;
  return { says, expected: d.expected, got: d.got, lines: [d.grave.refreshedLine, d.grave.line] };
}

function acceptedQuery(d: QueryDifference, how: "expired" | "any"): Finding | null {
  if (d.sessionLives || d.grave === null || isNotFound(d.answer)) return null;
  if (how === "expired" && d.grave.how !== "expired") return null;
  const says = `session ${d.grave.id} had ${d.grave.how}, and its query was answered`;
  return { says, expected: d.expected, got: d.got, lines: [d.grave.refreshedLine, d.grave.line] };
}

export const neverEarly = never(
  "session/never-early",
  {
    claim: "No session ends by expiry before log time reaches its deadline.",
    section: "2.1, 2.2",
    judgement: "one entry or query of a living session, or one saved state whose sessions were read",
    witness: "the opening, the last keep-alive, and the line that shows the session gone",
  },
  {
    judges: namesSession,
    judgesState: (state) => state.sessions.length > 0,
    answer: (d) => {
      const { session } = d.step;
      if (d.what !== "reply" || session === null || !namesSession(d.step) || !isNotFound(d.reply)) return null;
      if (d.step.reply.kind === "failure") return null;
      const says = `session ${session.id} lives until ${instantInWords(session.lastUpdated + session.timeout)}, and was not found`;
      return { says, expected: d.expected, got: d.got, lines: [session.openedLine, session.refreshedLine] };
    },
    query: (d) =>
      d.sessionLives && isNotFound(d.answer)
        ? { says: "a living session's query was not found", expected: d.expected, got: d.got }
        : null,
    state: (d) => (d.what === "session-missing" || (d.what === "last-updated" && !d.later) ? finding(d) : null),
  },
);

export const neverLate = never(
  "session/never-late",
  {
    claim: "No session lives past the first entry whose time reaches its deadline.",
    section: "2.1, 2.2",
    judgement: "one entry in which a session expires or that comes from an expired one, or one saved state",
    witness: "the last keep-alive, the entry that ends the session, and the line that shows it alive",
  },
  {
    judges: (step) => step.sessionWas === "expired" || step.ended.some((grave) => grave.how === "expired"),
    judgesState: () => true,
    answer: (d) => {
      if (d.what !== "emission-extra" || d.session !== null || d.grave?.how !== "expired")
        return accepted(d, "expired");
      const says = `session ${d.grave.id} had expired, and an output for it was handed out`;
      return { says, expected: d.expected, got: d.got, lines: [d.grave.refreshedLine, d.grave.line] };
    },
    query: (d) => acceptedQuery(d, "expired"),
    state: (d) => {
      if (d.what === "session-extra" && d.grave?.how === "expired") return finding(d);
      return d.what === "last-updated" && d.later ? finding(d) : null;
    },
  },
);

export const deadStaysDead = never(
  "session/dead-stays-dead",
  {
    claim: "Nothing of a session past its end is accepted, held or emitted.",
    section: "2.1, 2.2",
    judgement: "one entry that ends a session, comes from a dead one, or drops an output for one; or one saved state",
    witness: "the last keep-alive, the end of the session, and the line that shows it at work",
  },
  {
    judges: (step) =>
      step.ended.length > 0 ||
      step.sessionWas === "expired" ||
      step.sessionWas === "closed" ||
      step.notes.includes("emission-to-the-dead"),
    judgesState: () => true,
    answer: (d) => {
      if (d.what === "emission-extra" && d.session === null && d.grave !== null) {
        const says = `session ${d.grave.id} had ${d.grave.how}, and an output for it was handed out`;
        return { says, expected: d.expected, got: d.got, lines: [d.grave.line] };
      }
      return accepted(d, "any");
    },
    query: (d) => acceptedQuery(d, "any"),
    state: (d) => {
      if (d.what === "session-extra" && d.grave !== null) return finding(d);
      return (d.what === "user-extra" || d.what === "data") && !d.alive ? finding(d) : null;
    },
  },
);

export const idIsIndex = always(
  "session/id-is-index",
  {
    claim: "The id of a session is the index of the entry that opened it, and never used again.",
    section: "2.2",
    judgement: "one session opened on one replica",
    witness: "the opening, and the line that shows another id",
  },
  {
    judges: (step) => step.reply.kind === "opened",
    answer: (d) => {
      if (d.what !== "reply" || d.step.reply.kind !== "opened" || d.reply.kind === "failure") return null;
      const says = `the session that entry ${d.step.index} opens has another id`;
      return { says, expected: "the index of the entry", got: "another id" };
    },
    state: (d) => (d.what === "session-extra" && d.grave === null ? finding(d) : null),
  },
);

const LOST_HOLD = ["holder-missing", "waiter-missing", "participant-missing", "listener-missing"];

export const isolation = always(
  "session/isolation",
  {
    claim:
      "What one session does, closes or loses changes nothing of another's, except what a service hands on or publishes.",
    section: "2.2, 2.4",
    judgement:
      "one entry that ends a session or closes a service, or one saved state with a service that several share",
    witness: "the entry of the one session, and the line that shows the other one's loss",
  },
  {
    judges: (step) => step.ended.length > 0 || step.kind === "close_service",
    judgesState: (state) => state.services.some((service) => service.sessions.length > 1),
    answer: (d) => {
      if (d.step.ended.length === 0 && d.step.kind !== "close_service") return null;
      const told = d.what === "emission-extra" ? d.session : d.what === "emission-changed" ? d.emission.session : null;
      if (told === null || told.id === d.step.sessionId || !d.got.startsWith("CANCELED")) return null;
      const says = `a command of session ${told.id} was ended by what another session closed or lost`;
      return { says, expected: d.expected, got: d.got };
    },
    state: (d) => {
      if (d.what === "user-missing" || (d.what === "user-extra" && d.alive)) return finding(d);
      if (d.what !== "data") return null;
      if (d.data.what === "participant-session") return finding(d);
      const { leftBy, leftAt } = d.service;
      const since = d.data.since ?? leftAt;
      const another = leftBy !== 0n && leftBy !== d.data.session && leftAt >= since;
      return LOST_HOLD.includes(d.data.what) && d.alive && another ? finding(d) : null;
    },
  },
);
