// The command `sessions`, from its arguments to what it prints, serves and answers.
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Micros } from "../base/time.js";
import { ListSessionsRequest, ListSessionsResponse } from "../proto/atomix/runtime/v1/session.js";
import { ServiceId, SessionId } from "../protocol/words.js";
import { createSessionListener } from "../runtime/listener.js";
import { saveTrace } from "../trace/file.js";
import { type HeaderLine, TRACE_FORMAT, type UseLine } from "../trace/line.js";
import { Recorder } from "../trace/recorder.js";
import { sessionsCommand } from "./sessions.js";

const SECOND = 1_000_000;
/** How long a test looks for what must come, on a machine that has much else to do. */
const PATIENCE = { timeout: 20_000 };
const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-sessions-"));
/** With the registry's own lines. */
const recorded = join(folder, "recorded.jsonl");
/** With what clients said only. */
const bare = join(folder, "bare.jsonl");

const header: HeaderLine = {
  e: "header",
  format: TRACE_FORMAT,
  tool: "multiraft-sim",
  version: "0.0.0",
  seed: null,
  scenario: "by hand",
  bug: null,
  terms: {
    machine: { name: "reference", capabilities: { services: ["lock", "set"], snapshots: "canonical", ticks: true } },
    partitions: [{ partition: 1, replicas: 3 }],
    livenessBound: Micros(0),
    played: "world",
  },
  plan: null,
};

function use(t: number, client: string, service: string, change: UseLine["change"], id?: bigint): UseLine {
  const spec = { service, namespace: "default", name: "x" };
  const line: UseLine = {
    e: "use",
    t: Micros(t * SECOND),
    change,
    client,
    incarnation: 0,
    partition: 1,
    spec,
    session: SessionId(3n),
  };
  return id === undefined ? line : { ...line, service: ServiceId(id) };
}

const said = [
  use(1, "c1", "lock", "opening"),
  use(2, "c1", "lock", "opened", 5n),
  use(2, "c2", "set", "opening"),
  use(4, "c1", "lock", "closing"),
  use(5, "c1", "lock", "closed"),
  use(9, "c2", "set", "lost"),
];

beforeAll(() => {
  const whole = new Recorder(header);
  const poor = new Recorder(header);
  const listener = createSessionListener();
  for (const line of said) {
    for (const each of [line, ...listener.heard(line)]) whole.take(each);
    poor.take(line);
  }
  saveTrace(recorded, whole.finish());
  saveTrace(bare, poor.finish());
});
afterAll(() => rmSync(folder, { recursive: true }));

let printed: string;
let told: string;
beforeEach(() => {
  printed = "";
  told = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((told += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(...args: string[]): Promise<string> {
  await sessionsCommand().exitOverride().parseAsync(args, { from: "user" });
  return printed;
}

describe.each([
  ["recorded", recorded],
  ["bare", bare],
])("of a %s trace", (_, path) => {
  test("the sessions at its end, as a table", async () => {
    expect(await run(path)).toBe(
      `${path} at 2000-01-01T00:00:09Z (+9 s): 2 sessions, version 6\n\n` +
        "PRIMITIVE       NAME  STATE   VERSION  LABELS\n" +
        "lock/default/x  c1    CLOSED  5        ended=closed incarnation=0 partition=1 service=5 session=3\n" +
        "set/default/x   c2    CLOSED  6        ended=lost incarnation=0 partition=1 session=3\n",
    );
  });

  test.each([
    ["+3", 3, ["c1 OPENED 2", "c2 OPENING 3"]],
    ["2000-01-01T00:00:04Z", 4, ["c1 CLOSING 4", "c2 OPENING 3"]],
    ["+1.5", 1.5, ["c1 OPENING 1"]],
    ["+0.5", 0.5, []],
  ])("at %s", async (at, seconds, expected) => {
    const [first, ...rest] = (await run(path, "--at", at)).trim().split("\n");
    expect(first).toContain(`(+${seconds} s): ${expected.length} session${expected.length === 1 ? "" : "s"}`);
    const found = rest.slice(2).map((row) => row.split(/ +/).slice(1, 4).join(" "));
    expect(found).toEqual(expected);
  });

  test("of one type", async () => {
    const table = await run(path, "--type", "set");
    expect(table).toContain("1 session,");
    expect(table).not.toContain("lock/");
  });

  test("as canonical JSON", async () => {
    expect(JSON.parse(await run(path, "--at", "+2", "--type", "lock", "--format", "json"))).toEqual({
      sessions: [
        {
          meta: {
            id: { name: "c1", primitive: { id: "lock/default/x" } },
            version: "2",
            labels: { incarnation: "0", partition: "1", service: "5", session: "3" },
          },
          spec: {
            kind: "lock",
            config: {
              "@type": "type.googleapis.com/multiraft_sim.runtime.v1.OpenParameters",
              spec: { service: "lock", namespace: "default", name: "x" },
            },
          },
          status: { state: "OPENED" },
        },
      ],
    });
  });

  test("as JSON of nothing is an empty message", async () => {
    expect(JSON.parse(await run(path, "--at", "+0", "--format", "json"))).toEqual({});
  });
});

test("a trace of a log, without clients, has no sessions, and that is said", async () => {
  const path = join(folder, "log.jsonl");
  const terms = { ...header.terms, played: "log" as const };
  saveTrace(path, new Recorder({ ...header, terms }).finish());
  expect(await run(path)).toBe(`${path} at 2000-01-01T00:00:00Z (+0 s): 0 sessions, version 0\n`);
  expect(told).toContain("holds entries of a log only");
});

describe("misuse says what is wrong", () => {
  test.each<[string[], string]>([
    [[join(folder, "none.jsonl")], "there is no such file"],
    [[recorded, "--at", "soon"], '"soon" is no moment'],
    [[recorded, "--at", "+9.000001"], "ends at 2000-01-01T00:00:09Z, which is +9: it says nothing of +9.000001"],
    [[recorded, "--speed", "2"], "--speed is how fast --serve plays"],
    [[recorded, "--serve", "nowhere"], '"nowhere" is no address'],
    [[recorded, "--serve", ":0", "--speed", "0"], "--speed 0 is no speed"],
    [[recorded, "--serve", ":0", "--speed", "fast"], "--speed fast is no speed"],
    [[recorded, "--serve", ":0", "--type", "lock"], "--type is for a printed list"],
    [[recorded, "--serve", ":0", "--format", "json"], "--format is for a printed list"],
  ])("%j", async (args, message) => {
    await expect(run(...args)).rejects.toMatchObject({ name: "UsageError", message: expect.stringContaining(message) });
    expect(printed).toBe("");
  });

  test("a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(run(recorded, "--serve", `127.0.0.1:${port}`)).rejects.toMatchObject({
      name: "UsageError",
      message: `Can't listen on 127.0.0.1:${port}: something else does.`,
    });
    other.close();
  });

  test("a torn trace, unless its good part is asked for", async () => {
    const torn = join(folder, "torn.jsonl");
    // The lines of the header, of the first use, and of what the registry made of it.
    writeFileSync(torn, readFileSync(recorded, "utf8").split("\n").slice(0, 3).join("\n") + '\n{"e":"use","t');
    await expect(run(torn)).rejects.toMatchObject({ name: "UsageError" });
    expect(await run(torn, "--salvage")).toContain("at 2000-01-01T00:00:01Z (+1 s): 1 session, version 1");
  });
});

describe("--serve", () => {
  async function serving(...args: string[]): Promise<{ client: Client; ended: Promise<string> }> {
    const ended = run(recorded, "--serve", "127.0.0.1:0", ...args);
    const failed = ended.then(() => Promise.reject(new Error(`ended: ${told}`)));
    await Promise.race([failed, vi.waitFor(() => expect(printed).toMatch(/^127\.0\.0\.1:\d+\n$/), PATIENCE)]);
    return { client: new Client(printed.trim(), credentials.createInsecure()), ended };
  }

  interface Watched {
    readonly version: string;
    readonly sessions: string[];
  }

  function watch(client: Client, seen: string): Promise<Watched> {
    const metadata = new Metadata();
    metadata.set("x-sessions-seen-version", seen);
    return new Promise((resolve, reject) => {
      let response: ListSessionsResponse | undefined;
      client
        .makeUnaryRequest(
          "/atomix.runtime.v1.SessionService/ListSessions",
          (request: ListSessionsRequest) => Buffer.from(ListSessionsRequest.encode(request).finish()),
          (bytes) => ListSessionsResponse.decode(bytes),
          { type: "", watch: true },
          metadata,
          (error, value) => (error === null ? (response = value) : reject(error)),
        )
        .on("status", (status) => {
          const version = String(status.metadata.get("x-sessions-version")[0]);
          const sessions = (response?.sessions ?? []).map((each) => `${each.meta!.id!.name} ${each.status!.state}`);
          resolve({ version, sessions });
        });
    });
  }

  test("prints the address, plays the trace, wakes watchers, and ends at SIGINT with 130", async () => {
    const { client, ended } = await serving("--speed", "1000");
    let seen = "0";
    const versions: bigint[] = [];
    let last: Watched = { version: "0", sessions: [] };
    while (seen !== "6") {
      last = await watch(client, seen);
      seen = last.version;
      versions.push(BigInt(seen));
    }
    expect(last.sessions).toEqual(["c1 4", "c2 4"]);
    expect(versions).toEqual([...versions].sort((a, b) => (a < b ? -1 : 1)));
    const waiting = watch(client, "6");
    const refused = expect(waiting).rejects.toMatchObject({ code: 14 });
    // The call must have reached the server before the server is told to go.
    await watch(client, "5");
    process.emit("SIGINT");
    await refused;
    client.close();
    await ended;
    expect(process.exitCode).toBe(130);
    expect(told).toContain("Playing");
    expect(told).not.toContain("beyond loopback");
  });

  test("begins at --at, and ends at SIGTERM with 0", async () => {
    const { client, ended } = await serving("--at", "+4", "--speed", "0.000001");
    expect(await watch(client, "0")).toEqual({ version: "4", sessions: ["c1 3", "c2 1"] });
    client.close();
    process.emit("SIGTERM");
    await ended;
    expect(process.exitCode).toBe(0);
  });
});
