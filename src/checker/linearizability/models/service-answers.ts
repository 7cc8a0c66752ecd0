// What the models of the services (SPEC 2.4) have in common: answers with a status, and numbers that may come as strings.

/** An index, a version, a token: uint64, however a recorder writes it. */
export type Uint64 = bigint | number | string;

/** The names of the statuses that the services answer with. */
export type ServiceStatus = "OK" | "NOT_FOUND" | "CONFLICT" | "ALREADY_EXISTS" | "TIMEOUT";

/** What every answer has. */
export interface ServiceOutput {
  readonly status: ServiceStatus;
}

/** Whether two numbers are one. Two that are absent are. */
export function sameNumber(a: Uint64 | null | undefined, b: Uint64 | null | undefined): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  return BigInt(a) === BigInt(b);
}
