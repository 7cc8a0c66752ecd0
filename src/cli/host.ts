// `multiraft-sim host`: the reference machine (or another one) as a foreign machine, on stdin and stdout. What a person sees
// of it is nothing: it is spoken to by a program.
import { readSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { Command } from "commander";
import { bugNamed } from "../../bugs/index.js";
import { FrameError } from "../adapter/frame.js";
import { serve, type Line } from "../adapter/host.js";
import { machineFrom } from "../adapter/load.js";
import { UsageError } from "../base/usage-error.js";
import { reference } from "../fsm/reference.js";
import type { MachineKind } from "../protocol/machine.js";

interface HostSettings {
  readonly fsm: string;
  readonly bug?: string;
}

const SPOKEN_TO =
  "This command speaks the host protocol with a program: --fsm 'exec:npx multiraft-sim host' of any other command starts it.";

export function hostCommand(): Command {
  return new Command("host")
    .description("serves a machine on stdin and stdout, in the protocol that foreign machines speak")
    .option("--fsm <machine>", "which one: reference, or a module", "reference")
    .option("--bug <name>", "one of the zoo instead, which lives in the fsm")
    .addHelpText("after", "\nExample:\n  $ npx multiraft-sim run --seeds 20 --fsm 'exec:npx multiraft-sim host'\n")
    .action(async (settings: HostSettings) => {
      // Not process.stdin: to touch that would make the pipe one that answers at once.
      if (isatty(0)) throw new UsageError("stdin is a terminal", SPOKEN_TO);
      const kind = await hosted(settings);
      try {
        serve(kind, stdio);
      } catch (error) {
        if (error instanceof FrameError) throw new UsageError(`what comes on stdin is ${error.message}`, SPOKEN_TO);
        throw error;
      }
    });
}

async function hosted(settings: HostSettings): Promise<MachineKind> {
  if (settings.bug === undefined) return (await machineFrom(settings.fsm, { reference })).kind;
  const bug = bugNamed(settings.bug);
  if (bug?.machine === undefined) {
    throw new UsageError(
      `--bug ${settings.bug}: the zoo has no such bug in the fsm`,
      "`multiraft-sim zoo` lists them.",
    );
  }
  return bug.machine;
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Stdin and stdout, read and written synchronously: nothing else happens in this process. */
const stdio: Line = {
  read(into, from) {
    for (;;) {
      try {
        return readSync(0, into, from, into.length - from, null);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EOF") return 0;
        waitOrThrow(error, code);
      }
    }
  },
  write(bytes) {
    for (let written = 0; written < bytes.length;) {
      try {
        written += writeSync(1, bytes, written, bytes.length - written);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // Whoever asked is gone, and so is the reason for going on.
        if (code === "EPIPE") process.exit(0);
        waitOrThrow(error, code);
      }
    }
  },
};

/** Waits a moment where the pipe is one that answers at once. */
function waitOrThrow(error: unknown, code: string | undefined): void {
  if (code !== "EAGAIN" && code !== "EINTR") throw error;
  Atomics.wait(pause, 0, 0, 1);
}
