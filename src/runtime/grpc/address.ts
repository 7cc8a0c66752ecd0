// Where a server listens, as a person writes it: "127.0.0.1:50051", "[::1]:0", ":50051". Parses and explains; binds
// nothing.
import { isIPv6 } from "node:net";
import { UsageError } from "../../base/usage-error.js";

/** A host and a port. Port 0 lets the system choose. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const ADVICE = "Give HOST:PORT, e.g. 127.0.0.1:50051; port 0 lets the system choose one.";

/** Reads HOST:PORT. Without a host it is the loopback interface: others are listened on only when they are named. */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([^\]]*)\]|([^:[\]/\s]*)):(\d{1,5})$/.exec(text);
  if (match === null) throw new UsageError(`"${text}" is no address to listen on.`, ADVICE);
  const [, bracketed, bare, digits] = match;
  if (bracketed !== undefined && !isIPv6(bracketed)) {
    throw new UsageError(`"${text}" is no address to listen on: "${bracketed}" is no IPv6 address.`, ADVICE);
  }
  const port = Number(digits);
  if (port > 65535) throw new UsageError(`"${text}" is no address to listen on: ports end at 65535.`, ADVICE);
  return { host: bracketed ?? (bare === "" || bare === undefined ? "127.0.0.1" : bare), port };
}

/** The address as clients of gRPC write it. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether only this machine can reach it. */
export function isLoopback({ host }: Address): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
