// Server reflection, asked by a foreign client of gRPC that has none of our proto files: it must find the service,
// call it, and show what an Any holds, from what the server tells.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "../../proto/atomix/runtime/v1/session.js";
import { messages, toJson } from "../../protocol/wire.js";
import { SessionDirectory } from "../directory.js";
import { sessionIdOf, sessionSpecOf } from "../identity.js";
import { State } from "../states.js";
import { SessionServer } from "./server.js";

const buf = fileURLToPath(new URL("../../../node_modules/.bin/buf", import.meta.url));

let directory: SessionDirectory;
let server: SessionServer;
let target: string;

beforeEach(async () => {
  directory = new SessionDirectory();
  server = new SessionServer(directory);
  const { host, port } = await server.listen({ host: "127.0.0.1", port: 0 });
  target = `http://${host}:${port}`;
});
afterEach(() => server.close());

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `buf curl`, a client written in Go, which asks the server for every descriptor that it needs. */
function curl(path: string, ...args: string[]): Promise<Said> {
  const all = ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--reflect", ...args, `${target}${path}`];
  return new Promise((resolve) => {
    execFile(buf, all, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const spec = { service: "lock", namespace: "default", name: "leader" };
const session: Session = {
  meta: { id: sessionIdOf("c1", spec), version: 7n, labels: new Map([["partition", "1"]]) },
  spec: sessionSpecOf(spec, 1_500_000_000n),
  status: { state: State.OPENED },
};

describe.each(["grpc-v1", "grpc-v1alpha"])("reflection %s", (protocol) => {
  test("names the service and its calls", async () => {
    const services = await curl("", "--reflect-protocol", protocol, "--list-services");
    expect(services).toMatchObject({ code: 0, stdout: "atomix.runtime.v1.SessionService\n" });
    const methods = await curl("", "--reflect-protocol", protocol, "--list-methods");
    expect(methods.stdout.trim().split("\n")).toEqual([
      "atomix.runtime.v1.SessionService/GetSession",
      "atomix.runtime.v1.SessionService/ListSessions",
    ]);
  });

  test("is enough to call GetSession, and to read the answer down into its Any", async () => {
    directory.take([{ change: "moved", version: 7n, entry: session }]);
    const data = JSON.stringify({ sessionId: { name: "c1", primitive: { id: "lock/default/leader" } } });
    const { code, stdout } = await curl(
      "/atomix.runtime.v1.SessionService/GetSession",
      "--reflect-protocol",
      protocol,
      "-d",
      data,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ session: toJson(messages.Session, session) });
  });
});

test("a foreign client watches with metadata, and sees the version in the trailer", async () => {
  directory.take([{ change: "moved", version: 7n, entry: session }]);
  const { code, stdout, stderr } = await curl(
    "/atomix.runtime.v1.SessionService/ListSessions",
    "-v",
    "-H",
    "x-sessions-seen-version: 6",
    "-d",
    '{"type":"lock","watch":true}',
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(toJson(messages.ListSessionsResponse, { sessions: [session] }));
  expect(stderr).toMatch(/x-sessions-version: 7/i);
});

test("a foreign client reads a refusal's code and reason", async () => {
  const data = JSON.stringify({ sessionId: { name: "c9", primitive: { id: "p" } } });
  const { code, stderr } = await curl("/atomix.runtime.v1.SessionService/GetSession", "-d", data);
  expect(code).not.toBe(0);
  expect(JSON.parse(stderr)).toMatchObject({ code: "not_found", message: 'no session "c9" of the primitive "p"' });
});
