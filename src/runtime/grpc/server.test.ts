// SessionService over a real socket, called by real clients of gRPC. Nothing here waits for a length of time: a test
// goes on when the thing it is about has happened.
import {
  type CallOptions,
  Client,
  type ClientUnaryCall,
  credentials,
  logVerbosity,
  Metadata,
  type ServiceError,
  setLogVerbosity,
  type StatusObject,
  status,
} from "@grpc/grpc-js";
import { connect } from "node:http2";
import { createServer } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  GetSessionRequest,
  GetSessionResponse,
  ListSessionsRequest,
  ListSessionsResponse,
  type Session,
} from "../../proto/atomix/runtime/v1/session.js";
import { SessionDirectory } from "../directory.js";
import { State } from "../states.js";
import { SessionServer, type SessionServerOptions } from "./server.js";

const GET = "/atomix.runtime.v1.SessionService/GetSession";
const LIST = "/atomix.runtime.v1.SessionService/ListSessions";

function entry(name: string, kind: string, version: bigint, state: State = State.OPENED): Session {
  return {
    meta: { id: { name, primitive: { id: `${kind}/default/x` } }, version, labels: new Map([["partition", "1"]]) },
    spec: { kind, config: { typeUrl: "type.googleapis.com/t", value: new Uint8Array([1, 2, 255]) } },
    status: { state },
  };
}

/** An answer as a client sees it. */
interface Answer<Response> {
  readonly code: status;
  readonly details: string;
  readonly version: string | undefined;
  readonly response: Response | undefined;
}

let directory: SessionDirectory;
let server: SessionServer;
let client: Client;
let target: string;

async function start(options?: SessionServerOptions): Promise<void> {
  directory = new SessionDirectory();
  server = new SessionServer(directory, options);
  const { host, port } = await server.listen({ host: "127.0.0.1", port: 0 });
  target = `${host}:${port}`;
  client = new Client(target, credentials.createInsecure());
}

beforeEach(() => start());
// grpc-js writes to stderr what it can't listen on; here that is what a test is about.
setLogVerbosity(logVerbosity.NONE);
afterEach(async () => {
  client.close();
  await server.close();
});

/** Makes the directory one change older, with `of` as what changed. */
function change(of: Session): void {
  directory.take([{ change: "moved", version: directory.version + 1n, entry: of }]);
}

interface Asking<Response> {
  readonly call: ClientUnaryCall;
  readonly answer: Promise<Answer<Response>>;
}

function ask<Response>(
  path: string,
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => Response,
  seen?: string | string[],
  options: CallOptions = {},
): Asking<Response> {
  const metadata = new Metadata();
  for (const value of seen === undefined ? [] : [seen].flat()) metadata.add("x-sessions-seen-version", value);
  let settle: (answer: Answer<Response>) => void = () => {};
  const answer = new Promise<Answer<Response>>((resolve) => (settle = resolve));
  let result: { error: ServiceError | null; response: Response | undefined };
  let ended: StatusObject | undefined;
  const finish = (): void => {
    if (result === undefined || ended === undefined) return;
    const version = ended.metadata.get("x-sessions-version")[0] as string | undefined;
    settle({ code: ended.code, details: ended.details, version, response: result.response });
  };
  const whole = (message: Uint8Array): Buffer => Buffer.from(message);
  const call = client.makeUnaryRequest(path, whole, decode, bytes, metadata, options, (error, response) => {
    result = { error, response };
    finish();
  });
  call.on("status", (object: StatusObject) => {
    ended = object;
    finish();
  });
  return { call, answer };
}

function get(request: GetSessionRequest): Promise<Answer<GetSessionResponse>> {
  return ask(GET, GetSessionRequest.encode(request).finish(), decodeGet).answer;
}

// What arrives is a Buffer, and would be one in the message too; copied, it compares as what was sent.
function decodeGet(bytes: Uint8Array): GetSessionResponse {
  return GetSessionResponse.decode(new Uint8Array(bytes));
}

function list(type: string): Promise<Answer<ListSessionsResponse>> {
  return ask(LIST, ListSessionsRequest.encode({ type, watch: false }).finish(), decodeList).answer;
}

function watch(seen?: string | string[], options?: CallOptions, type = ""): Asking<ListSessionsResponse> {
  return ask(LIST, ListSessionsRequest.encode({ type, watch: true }).finish(), decodeList, seen, options);
}

function decodeList(bytes: Uint8Array): ListSessionsResponse {
  return ListSessionsResponse.decode(bytes);
}

/** Resolves when so many wait. Each look is after another turn of the event loop, not after a time. */
async function waiting(count: number): Promise<void> {
  while (directory.waiting !== count) await new Promise((resolve) => setImmediate(resolve));
}

function names(answer: Answer<ListSessionsResponse>): string[] {
  return answer.response!.sessions.map((session) => session.meta!.id!.name);
}

describe("GetSession", () => {
  test("answers the entry as it is, with the registry's version as a trailer", async () => {
    const wanted = entry("a", "lock", 2n, State.CLOSING);
    change(entry("b", "lock", 1n));
    change(wanted);
    change(entry("c", "lock", 3n));
    const answer = await get({ sessionId: { name: "a", primitive: { id: "lock/default/x" } } });
    expect(answer).toMatchObject({ code: status.OK, version: "3" });
    expect(answer.response).toEqual({ session: wanted });
  });

  test("does not know an id that is not there: NOT_FOUND, which says which", async () => {
    change(entry("a", "lock", 1n));
    const answer = await get({ sessionId: { name: "a", primitive: { id: "lock/default/y" } } });
    expect(answer).toMatchObject({ code: status.NOT_FOUND, version: "1" });
    expect(answer.details).toContain('no session "a" of the primitive "lock/default/y"');
  });

  test.each<[string, GetSessionRequest]>([
    ["without an id", { sessionId: undefined }],
    ["without a name", { sessionId: { name: "", primitive: { id: "p" } } }],
    ["without a primitive", { sessionId: { name: "a", primitive: undefined } }],
    ["with an empty primitive", { sessionId: { name: "a", primitive: { id: "" } } }],
  ])("%s is INVALID_ARGUMENT", async (_, request) => {
    expect(await get(request)).toMatchObject({ code: status.INVALID_ARGUMENT, version: "0" });
  });

  test("what is no GetSessionRequest is INVALID_ARGUMENT", async () => {
    // Field 1, length 5, and nothing after it.
    const answer = await ask(GET, new Uint8Array([0x0a, 0x05]), decodeList).answer;
    expect(answer).toMatchObject({ code: status.INVALID_ARGUMENT, details: "no GetSessionRequest", version: "0" });
  });
});

describe("ListSessions", () => {
  test("lists all in order, and those of a type only", async () => {
    change(entry("b", "set", 1n));
    change(entry("z", "lock", 2n));
    change(entry("a", "set", 3n));
    expect(names(await list(""))).toEqual(["z", "a", "b"]);
    const sets = await list("set");
    expect(names(sets)).toEqual(["a", "b"]);
    expect(sets).toMatchObject({ code: status.OK, version: "3" });
    expect(names(await list("map"))).toEqual([]);
  });

  test("of nothing is an empty list at version 0", async () => {
    expect(await list("")).toMatchObject({ code: status.OK, version: "0", response: { sessions: [] } });
  });

  test.each([["-1"], ["1.0"], ["0x1"], [""], ["one"], ["18446744073709551616"], ["123456789012345678901"]])(
    "a seen version of %j is INVALID_ARGUMENT",
    async (seen) => {
      const answer = await watch(seen).answer;
      expect(answer).toMatchObject({ code: status.INVALID_ARGUMENT, version: "0" });
      expect(answer.details).toContain("x-sessions-seen-version must be one decimal number");
    },
  );

  test("two seen versions are INVALID_ARGUMENT, also without watch", async () => {
    expect(await watch(["1", "1"]).answer).toMatchObject({ code: status.INVALID_ARGUMENT });
    const bytes = ListSessionsRequest.encode({ type: "", watch: false }).finish();
    expect(await ask(LIST, bytes, decodeList, "x").answer).toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  test("what is no ListSessionsRequest is INVALID_ARGUMENT", async () => {
    const answer = await ask(LIST, new Uint8Array([0x0a, 0x05]), decodeList).answer;
    expect(answer).toMatchObject({ code: status.INVALID_ARGUMENT, details: "no ListSessionsRequest", version: "0" });
  });
});

describe("watch", () => {
  test("is answered at once where the caller has not seen the present version", async () => {
    change(entry("a", "lock", 1n));
    change(entry("a", "lock", 2n, State.CLOSED));
    for (const seen of [undefined, "0", "1", "3", "18446744073709551615"]) {
      expect(await watch(seen).answer).toMatchObject({ code: status.OK, version: "2" });
    }
    expect(directory.waiting).toBe(0);
  });

  test("is woken by the next change, and answers the list and version after it", async () => {
    change(entry("a", "lock", 1n));
    const { answer } = watch("1");
    await waiting(1);
    change(entry("b", "lock", 2n));
    const woken = await answer;
    expect(woken).toMatchObject({ code: status.OK, version: "2" });
    expect(names(woken)).toEqual(["a", "b"]);
  });

  test("of a type is woken by a change of any, and answers those of its type", async () => {
    const { answer } = watch("0", {}, "lock");
    await waiting(1);
    change(entry("a", "set", 1n));
    expect(await answer).toMatchObject({ version: "1", response: { sessions: [] } });
  });

  test("from version to version misses no change, and is back in line after each", async () => {
    const seen: string[] = [];
    for (let version = 0; version < 5; version++) {
      const { answer } = watch(String(version));
      await waiting(1);
      change(entry(`c${version}`, "lock", BigInt(version + 1)));
      seen.push((await answer).version!);
    }
    expect(seen).toEqual(["1", "2", "3", "4", "5"]);
  });

  test("times out at its caller's deadline, and is not waited for any more", async () => {
    const { answer } = watch("0", { deadline: Date.now() + 300 });
    await Promise.race([waiting(1), answer]);
    expect(await answer).toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await waiting(0);
    change(entry("a", "lock", 1n));
    expect(await list("")).toMatchObject({ code: status.OK, version: "1" });
  });

  test("that is cancelled is not waited for any more, and others still are", async () => {
    const first = watch("0");
    const second = watch("0");
    await waiting(2);
    first.call.cancel();
    expect(await first.answer).toMatchObject({ code: status.CANCELLED });
    await waiting(1);
    change(entry("a", "lock", 1n));
    expect(await second.answer).toMatchObject({ code: status.OK, version: "1" });
  });

  test("whose client goes away in the middle is not waited for any more", async () => {
    const away = connect(`http://${target}`);
    const stream = away.request({
      ":method": "POST",
      ":path": LIST,
      "content-type": "application/grpc",
      te: "trailers",
      "x-sessions-seen-version": "0",
    });
    // A gRPC frame: not compressed, two bytes, which are watch = true.
    stream.end(Buffer.from([0, 0, 0, 0, 2, 0x10, 1]));
    stream.on("error", () => {});
    away.on("error", () => {});
    await waiting(1);
    away.destroy();
    await waiting(0);
    change(entry("a", "lock", 1n));
    expect(await list("")).toMatchObject({ code: status.OK, version: "1" });
  });

  test("by 200 at once: one change answers each of them, once", async () => {
    const asked = Array.from({ length: 200 }, () => watch("0"));
    await waiting(200);
    change(entry("a", "lock", 1n));
    const answers = await Promise.all(asked.map(({ answer }) => answer));
    expect(answers.every(({ code, version }) => code === status.OK && version === "1")).toBe(true);
    expect(answers.every((answer) => names(answer).join() === "a")).toBe(true);
    expect(directory.waiting).toBe(0);
  });
});

describe("size", () => {
  test("a request that is too large is RESOURCE_EXHAUSTED, and the next one is answered", async () => {
    const answer = await list("x".repeat(64 * 1024));
    expect(answer.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(await list("x".repeat(60 * 1024))).toMatchObject({ code: status.OK });
  });

  test("an answer that would be too large is RESOURCE_EXHAUSTED; its type filter makes it smaller", async () => {
    client.close();
    await server.close();
    await start({ maxResponseBytes: 200 });
    for (let i = 1n; i <= 10n; i++) change(entry(`c${i}`, i === 3n ? "set" : "lock", i));
    expect((await list("")).code).toBe(status.RESOURCE_EXHAUSTED);
    expect(names(await list("set"))).toEqual(["c3"]);
  });
});

describe("close", () => {
  test("turns watchers away with UNAVAILABLE and the version, and is over when they have heard", async () => {
    change(entry("a", "lock", 1n));
    const asked = [watch("1"), watch("1")];
    await waiting(2);
    const closed = server.close();
    for (const { answer } of asked) {
      expect(await answer).toMatchObject({ code: status.UNAVAILABLE, version: "1" });
    }
    // The client keeps its connection: that alone keeps no server from closing.
    await closed;
    expect(directory.waiting).toBe(0);
  });

  test("does not wait for ever for a caller that never ends its call", async () => {
    client.close();
    await server.close();
    await start({ graceMs: 1 });
    const lingering = connect(`http://${target}`);
    lingering.on("error", () => {});
    const stream = lingering.request({
      ":method": "POST",
      ":path": "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.on("error", () => {});
    // A request for the list of services, and no end to the requests.
    stream.write(Buffer.from([0, 0, 0, 0, 3, 0x3a, 1, 0x2a]));
    await once(stream, "data");
    await server.close();
  });

  test("lets go of the port", async () => {
    const port = Number(target.split(":")[1]);
    client.close();
    await server.close();
    const next = createServer().listen(port, "127.0.0.1");
    await once(next, "listening");
    next.close();
  });
});

describe("listen", () => {
  test("on a port that is taken is a usage error that says which", async () => {
    const port = Number(target.split(":")[1]);
    const second = new SessionServer(new SessionDirectory());
    await expect(second.listen({ host: "127.0.0.1", port })).rejects.toMatchObject({
      name: "UsageError",
      message: `Can't listen on 127.0.0.1:${port}: something else does.`,
    });
    await second.close();
  });

  test("on an address that is not this machine's is a usage error", async () => {
    const second = new SessionServer(new SessionDirectory());
    // 192.0.2.0/24 is for documentation: no machine has it.
    await expect(second.listen({ host: "192.0.2.1", port: 0 })).rejects.toMatchObject({ name: "UsageError" });
    await second.close();
  });
});
