// `multiraft-sim sessions`: the registry of sessions at a moment of a trace, as a table or as JSON; or, with --serve,
// as the gRPC service that it is, while the trace plays. Judges nothing.
import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js";
import { Command, Option } from "commander";
import { Micros } from "../base/time.js";
import { UsageError } from "../base/usage-error.js";
import { messages, toJson } from "../protocol/wire.js";
import type { Session } from "../proto/atomix/runtime/v1/session.js";
import { SessionDirectory } from "../runtime/directory.js";
import { formatAddress, isLoopback, parseAddress } from "../runtime/grpc/address.js";
import { SessionServer } from "../runtime/grpc/server.js";
import { formatMoment, formatSeconds, parseMoment } from "../runtime/moment.js";
import { Playback } from "../runtime/playback.js";
import { sessionTable } from "../runtime/table.js";
import { registryTape } from "../runtime/tape.js";
import { loadTrace, type Trace } from "../trace/file.js";
import { ExitCode } from "./exit-codes.js";

interface Options {
  readonly at?: string;
  readonly type?: string;
  readonly format?: "pretty" | "json";
  readonly serve?: string;
  readonly speed?: string;
  readonly salvage?: true;
}

/** The command, for the program to mount. */
export function sessionsCommand(): Command {
  return new Command("sessions")
    .description("Shows the registry of sessions at a moment of a trace, or serves it over gRPC while the trace plays.")
    .argument("<trace>", "a trace, as `run --trace FILE` writes it")
    .option("--at <T>", "the moment: ISO 8601 or +seconds of virtual time (default: the end; with --serve: the start)")
    .option("--type <kind>", "only the sessions of one type of service, e.g. lock")
    .addOption(new Option("--format <format>", "how to print them (default: pretty)").choices(["pretty", "json"]))
    .option("--serve <address>", "speak gRPC on HOST:PORT; without a host on loopback; port 0 for a free one")
    .option("--speed <X>", "with --serve: seconds of virtual time in a second (default: 1)")
    .option("--salvage", "take the good part of a torn trace")
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: Options) => sessions(path, options));
}

const EXAMPLES = `
Examples:
  $ npx multiraft-sim run --seed 7 --trace seven.jsonl
  $ npx multiraft-sim sessions seven.jsonl --at +20
  $ npx multiraft-sim sessions seven.jsonl --serve 127.0.0.1:50051 --speed 10
`;

async function sessions(path: string, options: Options): Promise<void> {
  checkTogether(options);
  const address = options.serve === undefined ? undefined : parseAddress(options.serve);
  const speed = parseSpeed(options.speed);
  const asked = options.at === undefined ? undefined : parseMoment(options.at);
  const trace = loadTrace(path, { salvage: options.salvage === true });
  if (trace.header.terms.played === "log") {
    process.stderr.write(
      `${path} holds entries of a log only: no client takes part, so there are no sessions to show.\n`,
    );
  }
  const end = endOf(trace);
  if (asked !== undefined && asked > end) {
    const ends = `${formatMoment(end)}, which is +${formatSeconds(end)}`;
    throw new UsageError(`${path} ends at ${ends}: it says nothing of ${options.at}.`, "Choose an earlier moment.");
  }
  if (address === undefined) return show(path, trace, asked ?? end, options);
  const tape = registryTape(trace.events, end);
  const directory = new SessionDirectory();
  const server = new SessionServer(directory);
  // What can't be listened on is said by us; grpc-js would say it too.
  setLogVerbosity(logVerbosity.NONE);
  const bound = await server.listen(address);
  const playback = new Playback(tape, directory, asked ?? Micros(0), speed);
  playback.start();
  if (!isLoopback(bound)) process.stderr.write("Listening beyond loopback: whoever reaches the port may ask.\n");
  process.stderr.write(`Playing ${path} at ${speed} s of virtual time a second; Ctrl-C ends it.\n`);
  process.stdout.write(`${formatAddress(bound)}\n`);
  const signal = await signalled();
  playback.stop();
  await server.close();
  // Ctrl-C interrupts; who supervises processes asks a server to end with SIGTERM, and means no harm.
  process.exitCode = signal === "SIGINT" ? ExitCode.interrupted : ExitCode.ok;
}

function show(path: string, trace: Trace, at: Micros, options: Options): void {
  const directory = new SessionDirectory();
  directory.take(registryTape(trace.events, at));
  const list = directory.list(options.type ?? "");
  if (options.format === "json") {
    process.stdout.write(`${canonicalJson(list)}\n`);
    return;
  }
  const moment = `${formatMoment(at)} (+${formatSeconds(at)} s)`;
  const count = list.length === 1 ? "1 session" : `${list.length} sessions`;
  process.stdout.write(`${path} at ${moment}: ${count}, version ${directory.version}\n`);
  if (list.length > 0) process.stdout.write(`\n${sessionTable(list)}`);
}

/** The canonical JSON of a ListSessionsResponse. */
function canonicalJson(list: Session[]): string {
  const json = toJson(messages.ListSessionsResponse, { sessions: list });
  if (json !== undefined) return JSON.stringify(json, null, 2);
  const odd = list.find((session) => toJson(messages.Session, session) === undefined);
  const type = odd?.spec?.config?.typeUrl ?? "none";
  throw new UsageError(
    `The session "${odd?.meta?.id?.name}" has no JSON: its config is of the type "${type}", or out of range.`,
    "--format pretty shows it.",
  );
}

function checkTogether(options: Options): void {
  if (options.serve === undefined) {
    if (options.speed !== undefined) throw new UsageError("--speed is how fast --serve plays.", "Add --serve ADDRESS.");
    return;
  }
  const alone = options.type !== undefined ? "--type" : options.format !== undefined ? "--format" : undefined;
  if (alone === undefined) return;
  throw new UsageError(`${alone} is for a printed list, and --serve prints none.`, `Leave ${alone} or --serve out.`);
}

function parseSpeed(text: string | undefined): number {
  if (text === undefined) return 1;
  const speed = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  throw new UsageError(`--speed ${text} is no speed.`, "Give seconds of virtual time in a second, e.g. 10 or 0.5.");
}

/** The last moment that the trace says something of. */
function endOf(trace: Trace): Micros {
  return trace.end?.t ?? trace.events.at(-1)?.t ?? Micros(0);
}

function signalled(): Promise<"SIGINT" | "SIGTERM"> {
  return new Promise((resolve) => {
    const done = (signal: "SIGINT" | "SIGTERM"): void => {
      // Whoever asks again is not made to wait for callers.
      process.off("SIGINT", interrupted).off("SIGTERM", terminated);
      resolve(signal);
    };
    const interrupted = (): void => done("SIGINT");
    const terminated = (): void => done("SIGTERM");
    process.on("SIGINT", interrupted).on("SIGTERM", terminated);
  });
}
