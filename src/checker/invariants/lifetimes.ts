// Claims about what lives for a time, and about streams of changes. SPEC 2.4.
import { Event_Kind as MapKind, Event as MapEvent } from "../../proto/multiraft_sim/map/v1/map.js";
import { Event_Kind as ValueKind, Event as ValueEvent } from "../../proto/multiraft_sim/value/v1/value.js";
import { read } from "../models/service.js";
import type { ServiceState } from "../models/step.js";
import { always } from "../property.js";
import { finding } from "./time.js";

const isTimed = (service: ServiceState | null | undefined): boolean =>
  service?.spec.service === "value" || service?.spec.service === "map";

function tellsOfExpiry(service: ServiceState | null | undefined, payload: Uint8Array): boolean {
  if (service?.spec.service === "value") return read(ValueEvent, payload)?.kind === ValueKind.KIND_EXPIRED;
  return service?.spec.service === "map" && read(MapEvent, payload)?.kind === MapKind.KIND_EXPIRED;
}

// Whether something is there or not is what the two statuses differ in. Failures are about sessions, not about entries.
const aboutPresence = (expected: string, got: string): boolean =>
  ![expected, got].some((shape) => shape.startsWith("failure")) &&
  ["NOT_FOUND", "ALREADY_EXISTS"].some((name) => expected.startsWith(name) !== got.startsWith(name));

export const exact = always(
  "ttl/exact",
  {
    claim: "An entry lives until its own deadline, no longer and no shorter.",
    section: "2.4",
    judgement:
      "one application of an operation on a value or a map or of an expiry there, or one saved state with either",
    witness: "the entry, and the line that shows it too early, too late, or until another instant",
  },
  {
    judges: (step) => isTimed(step.service) || step.emissions.some((each) => each.output.about === "expired-event"),
    judgesState: (state) => state.services.some(({ spec }) => spec?.service === "value" || spec?.service === "map"),
    answer: (d) => {
      const { step } = d;
      if (d.what === "emission-extra") {
        const expiry = tellsOfExpiry(d.command?.service, d.emission.output.operation?.payload ?? new Uint8Array(0));
        return expiry ? { says: "an entry expired that should live", expected: d.expected, got: "an expiry" } : null;
      }
      if (!isTimed(step.service) || step.run === "retry" || d.what.startsWith("emission")) return null;
      const payload = step.command?.input.operation?.payload ?? new Uint8Array(0);
      if (!aboutPresence(d.expected, d.got) || step.service?.object?.timed?.(step.operation, payload) !== true)
        return null;
      return {
        says: "an entry with a time to live is there too long, or not long enough",
        expected: d.expected,
        got: d.got,
      };
    },
    query: (d) => {
      if (!isTimed(d.service) || d.service?.object?.timed?.(d.operation, d.payload) !== true) return null;
      const presence = d.operation === "Get" ? aboutPresence(d.expected, d.got) : d.got === "another payload";
      if (!presence) return null;
      return {
        says: "an entry with a time to live is there too long, or not long enough",
        expected: d.expected,
        got: d.got,
      };
    },
    state: (d) => {
      if (d.what !== "data" || d.data.timed !== true) return null;
      return ["entry-missing", "entry-extra", "entry-deadline"].includes(d.data.what) ? finding(d) : null;
    },
  },
);

/** Judged by what clients take, too: see clients.ts. */
export const complete = always(
  "events/complete",
  {
    claim: "A stream shows every change after its start, once, in log order.",
    section: "2.4",
    judgement: "one application of an entry with changes that a stream is told of, or one event that a client took",
    witness: "the entry, and the line that lacks or changes the event",
  },
  {
    judges: (step) => step.emissions.some(({ output }) => output.about === "event" || output.about === "expired-event"),
    answer: (d) => {
      if (d.what === "emission-missing" || d.what === "emission-changed") {
        const { output, command } = d.emission;
        if (output.about !== "event" && output.about !== "expired-event") return null;
        const says = `stream ${command.num} of session ${command.session} is not told of a change as it was`;
        return { says, expected: d.expected, got: d.got, lines: [command.line] };
      }
      if (d.what === "emission-extra" && d.command?.input.operation?.name === "Events" && d.command.open) {
        return {
          says: "a stream is told of a change that was none",
          expected: d.expected,
          got: d.got,
          lines: [d.command.line],
        };
      }
      const told = d.what === "emission-order" && d.step.emissions.some(({ output }) => output.about.endsWith("event"));
      return told ? { says: "changes are told in another order", expected: d.expected, got: d.got } : null;
    },
    state: (d) => (d.what === "data" && d.data.what === "listener-missing" ? finding(d) : null),
  },
);
