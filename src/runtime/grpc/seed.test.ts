// The seed on the wire: every message, field, enum value and call of atomix.runtime.v1, as bytes that were derived by
// hand from the field numbers, sent to the server and received from it. No generated code takes part on the client's side.
import { Client, credentials } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "../../proto/atomix/runtime/v1/session.js";
import { SessionDirectory } from "../directory.js";
import { State } from "../states.js";
import { SessionServer } from "./server.js";

let directory: SessionDirectory;
let server: SessionServer;
let client: Client;

beforeEach(async () => {
  directory = new SessionDirectory();
  server = new SessionServer(directory);
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await server.close();
});

/** Sends bytes to a call of SessionService and returns the bytes of its answer, in hexadecimal. */
function call(name: string, request: string): Promise<string> {
  const path = `/atomix.runtime.v1.SessionService/${name}`;
  const hex = (bytes: Buffer): string => bytes.toString("hex");
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      (bytes: Buffer) => bytes,
      hex,
      Buffer.from(request, "hex"),
      (error, answer) => {
        if (answer === undefined) reject(error ?? new Error("no answer"));
        else resolve(answer);
      },
    );
  });
}

// PrimitiveId { id(1): "p" }, within SessionId { name(1): "n", primitive(2) }: 8 bytes.
const ID = "0a016e" + "1203" + "0a0170";
// SessionMeta { id(1), version(2): 300, labels(3): "k" -> "v" }: 21 bytes.
const META = "0a08" + ID + "10ac02" + "1a06" + "0a016b" + "120176";
// SessionSpec { kind(1): "c", config(2): Any { type_url(1): "u", value(2): ff } }: 11 bytes.
const SPEC = "0a0163" + "1206" + "0a0175" + "1201ff";
// Session { meta(1), spec(2), status(3): SessionStatus { state(1) } }: 40 bytes.
const session = (state: string): string => "0a15" + META + "120b" + SPEC + "1a02" + "08" + state;

function entry(state: State): Session {
  return {
    meta: { id: { name: "n", primitive: { id: "p" } }, version: 300n, labels: new Map([["k", "v"]]) },
    spec: { kind: "c", config: { typeUrl: "u", value: new Uint8Array([0xff]) } },
    status: { state },
  };
}

const states: [string, State, string][] = [
  ["OPENING", State.OPENING, "01"],
  ["OPENED", State.OPENED, "02"],
  ["CLOSING", State.CLOSING, "03"],
  ["CLOSED", State.CLOSED, "04"],
];

describe("GetSession", () => {
  test.each(states)("of a session that is %s", async (_, state, byte) => {
    directory.take([{ change: "moved", version: 300n, entry: entry(state) }]);
    // GetSessionRequest { session_id(1) } -> GetSessionResponse { session(1) }
    expect(await call("GetSession", "0a08" + ID)).toBe("0a28" + session(byte));
  });
});

describe("ListSessions", () => {
  test.each(states)("of a session that is %s", async (_, state, byte) => {
    directory.take([{ change: "moved", version: 300n, entry: entry(state) }]);
    // ListSessionsRequest { type(1): "c" } -> ListSessionsResponse { sessions(1) }
    expect(await call("ListSessions", "0a0163")).toBe("0a28" + session(byte));
    // type "d" is another kind; watch(2) alone, with nothing seen, answers at once.
    expect(await call("ListSessions", "0a0164")).toBe("");
    expect(await call("ListSessions", "1001")).toBe("0a28" + session(byte));
  });

  test("of several sessions repeats the field", async () => {
    const later = entry(State.OPENED);
    const { id } = later.meta!;
    const second: Session = {
      ...later,
      meta: { id: { name: "o", primitive: id!.primitive }, version: 300n, labels: new Map() },
    };
    directory.take([
      { change: "moved", version: 300n, entry: second },
      { change: "moved", version: 301n, entry: entry(State.OPENED) },
    ]);
    const other = "0a0d" + "0a08" + "0a016f" + "1203" + "0a0170" + "10ac02" + "120b" + SPEC + "1a02" + "0802";
    expect(await call("ListSessions", "")).toBe("0a28" + session("02") + "0a20" + other);
  });
});

test("NONE is 0, and a field that is 0 or empty is not on the wire", async () => {
  expect(State).toMatchObject({ NONE: 0, OPENING: 1, OPENED: 2, CLOSING: 3, CLOSED: 4 });
  // A registry keeps no entry in NONE, so such an entry is not found: see directory.test.ts.
  directory.take([
    { change: "moved", version: 1n, entry: { ...entry(State.OPENED), status: { state: State.OPENED } } },
  ]);
  directory.take([{ change: "moved", version: 2n, entry: entry(State.NONE) }]);
  expect(await call("ListSessions", "")).toBe("");
});

test("a version is a uint64 to its last bit", async () => {
  const { spec, status, meta } = entry(State.OPENED);
  const whole = {
    spec,
    status,
    meta: { id: meta!.id, version: 0xffff_ffff_ffff_ffffn, labels: new Map<string, string>() },
  };
  directory.take([{ change: "moved", version: 1n, entry: whole }]);
  const big = "0a08" + ID + "10" + "ffffffffffffffffff01";
  expect(await call("GetSession", "0a08" + ID)).toBe("0a28" + "0a15" + big + "120b" + SPEC + "1a02" + "0802");
});
