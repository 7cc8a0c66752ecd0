// SessionService on a socket: listens, and closes so that nobody is left hanging. No TLS, no authentication: it is for
// loopback, and for networks that are trusted. The calls are service.ts.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { UsageError } from "../../base/usage-error.js";
import type { SessionDirectory } from "../directory.js";
import { type Address, formatAddress } from "./address.js";
import { sessionServiceMethods } from "./definition.js";
import { addReflection } from "./reflection.js";
import { SessionCalls } from "./service.js";

/** What may be set. */
export interface SessionServerOptions {
  /** The largest request that is read. Bytes; 64 KiB unless told otherwise. A larger one is RESOURCE_EXHAUSTED. */
  readonly maxRequestBytes?: number;
  /** The largest answer that is sent. Bytes; 4 MiB, which is what clients take unless told otherwise. As above. */
  readonly maxResponseBytes?: number;
  /** How long closing waits for calls that are under way. Milliseconds; 2000 unless told otherwise. */
  readonly graceMs?: number;
}

/** A server of one directory. It is listened on once, and closed once. */
export class SessionServer {
  readonly #server: Server;
  readonly #calls: SessionCalls;
  readonly #graceMs: number;

  constructor(directory: SessionDirectory, options: SessionServerOptions = {}) {
    this.#server = new Server({
      "grpc.max_receive_message_length": options.maxRequestBytes ?? 64 * 1024,
      "grpc.max_send_message_length": options.maxResponseBytes ?? 4 * 1024 * 1024,
      // A watcher whose machine vanished says nothing, ever: it is asked once a minute whether it is still there.
      "grpc.keepalive_time_ms": 60_000,
      "grpc.keepalive_timeout_ms": 20_000,
      // Two servers on one port would share its callers by chance.
      "grpc.so_reuseport": 0,
    });
    this.#graceMs = options.graceMs ?? 2000;
    const calls = new SessionCalls(directory);
    this.#calls = calls;
    this.#server.addService(sessionServiceMethods, {
      getSession: calls.getSession.bind(calls),
      listSessions: calls.listSessions.bind(calls),
    });
    addReflection(this.#server);
  }

  /** Begins to listen, and says where. A UsageError where that can't be. */
  listen(address: Address): Promise<Address> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(formatAddress(address), ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve({ host: address.host, port });
        else reject(explain(error, address));
      });
    });
  }

  /** Turns watchers away, waits for what is under way, and lets go of the port. */
  close(): Promise<void> {
    this.#calls.close();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#server.forceShutdown(), this.#graceMs);
      this.#server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function explain(error: Error, address: Address): UsageError {
  const where = formatAddress(address);
  if (error.message.includes("EADDRINUSE")) {
    return new UsageError(
      `Can't listen on ${where}: something else does.`,
      "Choose another port, or 0 for a free one.",
    );
  }
  const why = error.message.includes("EACCES") ? "this user may not." : error.message;
  return new UsageError(`Can't listen on ${where}: ${why}`, "Choose an address of this machine and a free port.");
}
