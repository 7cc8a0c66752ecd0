// The two calls of SessionService: from a request and the directory to an answer, a wait, or a status. Every answer of
// theirs, a refusal too, names the registry's version in its trailing metadata. Opens no socket (server.ts). SPEC 4.
import { Metadata, type sendUnaryData, type ServerUnaryCall, status } from "@grpc/grpc-js";
import type {
  GetSessionRequest,
  GetSessionResponse,
  ListSessionsRequest,
  ListSessionsResponse,
} from "../../proto/atomix/runtime/v1/session.js";
import { MAX_UINT64 } from "../../protocol/words.js";
import type { SessionDirectory } from "../directory.js";
import type { Received } from "./definition.js";

/** Request metadata: the last version that the caller of a watch has seen, in decimal. */
export const SEEN_VERSION = "x-sessions-seen-version";
/** Trailing metadata of every answer: the version of the registry that it stands at, in decimal. */
export const VERSION = "x-sessions-version";

type Call<Request, Response> = ServerUnaryCall<Received<Request>, Response>;

/** Answers the calls from a directory. */
export class SessionCalls {
  readonly #directory: SessionDirectory;
  /** How to turn away each watch that still waits. */
  readonly #waiting = new Set<() => void>();
  #closing = false;

  constructor(directory: SessionDirectory) {
    this.#directory = directory;
  }

  getSession(call: Call<GetSessionRequest, GetSessionResponse>, answer: sendUnaryData<GetSessionResponse>): void {
    const request = call.request;
    if (request === "undecodable") return this.#refuse(answer, status.INVALID_ARGUMENT, "no GetSessionRequest");
    const id = request.sessionId;
    const primitive = id?.primitive?.id ?? "";
    if (id === undefined || id.name === "" || primitive === "") {
      return this.#refuse(answer, status.INVALID_ARGUMENT, "session_id needs a name and a primitive with an id");
    }
    const session = this.#directory.get(id);
    if (session === undefined) {
      return this.#refuse(answer, status.NOT_FOUND, `no session "${id.name}" of the primitive "${primitive}"`);
    }
    answer(null, { session }, this.#trailer());
  }

  listSessions(
    call: Call<ListSessionsRequest, ListSessionsResponse>,
    answer: sendUnaryData<ListSessionsResponse>,
  ): void {
    const request = call.request;
    if (request === "undecodable") return this.#refuse(answer, status.INVALID_ARGUMENT, "no ListSessionsRequest");
    const seen = seenVersion(call.metadata);
    if (seen === "malformed") {
      const todo = `${SEEN_VERSION} must be one decimal number from 0 to ${MAX_UINT64}`;
      return this.#refuse(answer, status.INVALID_ARGUMENT, todo);
    }
    const list = (): void => answer(null, { sessions: this.#directory.list(request.type) }, this.#trailer());
    if (!request.watch) return list();
    if (this.#closing) return this.#turnAway(answer);
    this.#wait(call, seen, list, () => this.#turnAway(answer));
  }

  /** Turns away everyone who waits, and from now on whoever wants to. Other calls are still answered. */
  close(): void {
    this.#closing = true;
    const waiting = [...this.#waiting];
    for (const turnAway of waiting) turnAway();
  }

  // Ends in exactly one of three ways: a change, the caller's leaving (a deadline too), the server's closing.
  #wait(call: Call<ListSessionsRequest, ListSessionsResponse>, seen: Seen, list: () => void, leave: () => void): void {
    let over = false;
    const end = (last: () => void): void => {
      if (over) return;
      over = true;
      this.#waiting.delete(turnAway);
      unwatch();
      last();
    };
    const turnAway = (): void => end(leave);
    let unwatch = (): void => {};
    this.#waiting.add(turnAway);
    unwatch = this.#directory.watch(seen, () => end(list));
    call.on("cancelled", () => end(() => {}));
  }

  #turnAway(answer: sendUnaryData<ListSessionsResponse>): void {
    this.#refuse(answer, status.UNAVAILABLE, "the server is closing: watch again elsewhere, or later");
  }

  #refuse(answer: sendUnaryData<never>, code: status, details: string): void {
    answer({ code, details, metadata: this.#trailer() });
  }

  #trailer(): Metadata {
    const trailer = new Metadata();
    trailer.set(VERSION, String(this.#directory.version));
    return trailer;
  }
}

/** The version that a caller has seen; undefined where it does not say. */
type Seen = bigint | undefined;

function seenVersion(metadata: Metadata): Seen | "malformed" {
  const [value, ...more] = metadata.get(SEEN_VERSION);
  if (value === undefined) return undefined;
  if (more.length > 0 || typeof value !== "string" || !/^\d{1,20}$/.test(value)) return "malformed";
  const version = BigInt(value);
  return version <= MAX_UINT64 ? version : "malformed";
}
