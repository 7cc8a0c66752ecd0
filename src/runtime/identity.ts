// What a client's use of a service is called in the registry: its id, its spec and its labels. Pure naming. SPEC 4.
//
// A session's name is its client's name, which a restart keeps. Its primitive is "service/namespace/name", with "%" and
// "/" inside the three written as %25 and %2F, so that no two primitives share an id.
import { compareKeys } from "../base/key-order.js";
import { fromNanos, Nanos } from "../base/time.js";
import type { ServiceSpec } from "../proto/atomix/multiraft/v1/fsm.js";
import type { SessionId, SessionSpec } from "../proto/atomix/runtime/v1/session.js";
import { OpenParameters } from "../proto/multiraft_sim/runtime/v1/config.js";

/** The type of SessionSpec.config: what the client asked for when it began. */
export const OPEN_PARAMETERS_URL = "type.googleapis.com/multiraft_sim.runtime.v1.OpenParameters";

/** The id of a client's use of a service. */
export function sessionIdOf(client: string, spec: ServiceSpec): SessionId {
  return { name: client, primitive: { id: primitiveIdOf(spec) } };
}

/** The id of a service as a primitive: "lock/default/leader". */
export function primitiveIdOf(spec: ServiceSpec): string {
  return `${escapeSlash(spec.service)}/${escapeSlash(spec.namespace)}/${escapeSlash(spec.name)}`;
}

function escapeSlash(part: string): string {
  // Most names hold neither, and looking is much quicker than replacing.
  if (!part.includes("%") && !part.includes("/")) return part;
  return part.replaceAll("%", "%25").replaceAll("/", "%2F");
}

/** The spec of an entry: the service's type, and what was asked for. `timeout` in nanoseconds, where it is known. */
export function sessionSpecOf(spec: ServiceSpec, timeout: bigint | undefined): SessionSpec {
  const parameters: OpenParameters = { timeout: timeout === undefined ? undefined : fromNanos(Nanos(timeout)), spec };
  return {
    kind: spec.service,
    config: { typeUrl: OPEN_PARAMETERS_URL, value: OpenParameters.encode(parameters).finish() },
  };
}

/** A string that two ids share only if they are equal. */
export function idKey(id: SessionId): string {
  const primitive = id.primitive?.id ?? "";
  return `${primitive.length}:${primitive}${id.name}`;
}

/** The order of lists: by primitive, then by name, both in key order. */
export function compareIds(a: SessionId | undefined, b: SessionId | undefined): number {
  return compareKeys(a?.primitive?.id ?? "", b?.primitive?.id ?? "") || compareKeys(a?.name ?? "", b?.name ?? "");
}
