// The how-to page of the session service: what it shows is run, and must come out as it stands there.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { Micros } from "../base/time.js";
import { SessionDirectory } from "../runtime/directory.js";
import { SEEN_VERSION, VERSION } from "../runtime/grpc/service.js";
import { SessionServer } from "../runtime/grpc/server.js";
import { State } from "../runtime/states.js";
import { registryTape } from "../runtime/tape.js";
import { loadTrace } from "../trace/file.js";
import { sessionsCommand } from "./sessions.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "docs/how-to/session-service.md"), "utf8");
const trace = join(root, "docs/how-to/session-service.jsonl");

/** How long a test looks for what must come, on a machine that has much else to do. */
const PATIENCE = { timeout: 20_000 };

interface Shown {
  readonly args: string[];
  readonly output: string;
}

/** The page's transcripts of commands that begin with `program`, arguments split as a shell would. */
function transcripts(program: string): Shown[] {
  const found = [...page.matchAll(/^```console\n\$ (.*)\n([^]*?)^```$/gm)];
  const ours = found.filter(([, command]) => command!.startsWith(`${program} `));
  return ours.map(([, command, output]) => {
    const words = command!.slice(program.length).match(/'[^']*'|[^\s']+/g) ?? [];
    return { args: words.map((word) => word.replace(/^'|'$/g, "")), output: output! };
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function printed(args: readonly string[], during = async (_said: () => string): Promise<void> => {}) {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((more) => ((text += String(more)), true));
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  const ended = sessionsCommand().parseAsync([...args], { from: "user" });
  await Promise.race([ended, during(() => text)]);
  return { text: () => text, ended };
}

const ours = transcripts("npx multiraft-sim sessions");
const foreign = transcripts("npx buf");

test("the page has transcripts of lists, of a server, and of a foreign client", () => {
  expect(ours).toHaveLength(4);
  expect(foreign).toHaveLength(2);
});

test.each(ours.filter(({ args }) => !args.includes("--serve")))("sessions $args", async ({ args, output }) => {
  process.chdir(root);
  expect((await printed(args)).text()).toBe(output);
});

test("the server and the foreign client's calls", async () => {
  const [served] = ours.filter(({ args }) => args.includes("--serve"));
  const shown = "127.0.0.1:50051";
  expect(served!.output).toBe(`${shown}\n`);
  process.chdir(root);
  const args = served!.args.map((word) => (word === shown ? "127.0.0.1:0" : word));
  const { text, ended } = await printed(args, async (said) => {
    await vi.waitFor(() => expect(said()).toMatch(/^127\.0\.0\.1:\d+\n$/), PATIENCE);
  });
  const address = text().trim();
  for (const each of foreign) {
    const words = each.args.map((word) => word.replace(shown, address));
    const [stdout, stderr] = await new Promise<[string, string]>((resolve) => {
      execFile(join(root, "node_modules/.bin/buf"), words, (_, out, err) => resolve([out, err]));
    });
    expect(JSON.parse(stdout === "" ? stderr : stdout)).toEqual(JSON.parse(each.output));
  }
  process.emit("SIGINT");
  await ended;
});

test("the program that watches prints what the page says", async () => {
  const [, program] = /^```js\n([^]*?)^```$/m.exec(page)!;
  const [, said] = /It prints something like\n\n((?: {4}.*\n)+)/.exec(page)!;
  const lines = said!
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.trim());
  const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-page-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "watch.mjs"), program!);
  const directory = new SessionDirectory();
  const server = new SessionServer(directory);
  const { host, port } = await server.listen({ host: "127.0.0.1", port: 0 });
  const watcher = spawn(process.execPath, [join(folder, "watch.mjs"), `${host}:${port}`], { cwd: root });
  let output = "";
  let complained = "";
  watcher.stdout.on("data", (data) => (output += String(data)));
  watcher.stderr.on("data", (data) => (complained += String(data)));
  const ended = new Promise((resolve) => watcher.once("exit", resolve));
  // The next changes come when the program waits for them: those of one instant together, as when the trace plays.
  const tape = registryTape(loadTrace(trace).events, Micros(20_000_000));
  for (const at of new Set(tape.map(({ t }) => t))) {
    await vi.waitFor(() => expect(directory.waiting, complained).toBe(1), PATIENCE);
    directory.take(tape.filter(({ t }) => t === at));
  }
  await vi.waitFor(() => expect(directory.waiting).toBe(1), PATIENCE);
  await server.close();
  await ended;
  rmSync(folder, { recursive: true });
  expect(
    output
      .trim()
      .split("\n")
      .map((line) => line.trim()),
  ).toEqual(lines);
});

test("the reference names every state, both metadata keys, and every option of the command", () => {
  const reference = readFileSync(join(root, "docs/reference/session-service.md"), "utf8");
  const states = Object.keys(State).filter((name) => name !== "UNRECOGNIZED");
  const options = sessionsCommand().options.map(({ long }) => long!);
  for (const word of [...states, SEEN_VERSION, VERSION, ...options]) expect(reference).toContain(word);
});
