// The registry's changes in a trace, in order: those that the run recorded, or, where it had no registry, those that
// one would have made of what the clients said. Reads lines; keeps no state between calls.
import type { Micros } from "../base/time.js";
import type { EventLine, RegistryLine } from "../trace/line.js";
import { createSessionListener } from "./listener.js";

/** The changes of the registry up to and including `until`. */
export function registryTape(events: readonly EventLine[], until: Micros): readonly RegistryLine[] {
  const recorded = events.filter((line) => line.e === "registry");
  if (recorded.length > 0) return recorded.filter((line) => line.t <= until);
  const listener = createSessionListener();
  const made: RegistryLine[] = [];
  for (const line of events) {
    if (line.t > until) break;
    if (line.e === "use" || line.e === "session") made.push(...listener.heard(line));
  }
  made.push(...listener.tick(until));
  return made;
}
