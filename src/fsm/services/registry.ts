// The kinds of service that a machine knows. A new one is a file beside this, and a line here.
import { counter } from "./counter.js";
import { election } from "./election.js";
import { lock } from "./lock.js";
import { map } from "./map.js";
import type { Service } from "./service.js";
import { set } from "./set.js";
import { value } from "./value.js";

/** Services by the name that ServiceSpec.service has. */
export type Registry = ReadonlyMap<string, Service<unknown>>;

/** A registry of these services, each under its own name. */
export function registryOf(...services: readonly Service<unknown>[]): Registry {
  return new Map(services.map((service) => [service.kind, service]));
}

/** The six services of the reference machine, by kind. */
export const registry: Registry = registryOf(counter, value, map, set, lock, election);
