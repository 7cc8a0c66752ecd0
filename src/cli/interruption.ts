// Ctrl-C: the first one asks for an end in good order, the second one is taken at its word.
import { ExitCode } from "./exit-codes.js";

export interface Interruption {
  readonly heard: boolean;
  /** Leaves the signal to its usual effect again. */
  forget(): void;
}

export function hearInterruption(): Interruption {
  let heard = false;
  const hear = (): void => {
    if (heard) process.exit(ExitCode.interrupted);
    heard = true;
    process.stderr.write("\nInterrupted: what was begun is finished and reported. Once more ends at once.\n");
  };
  process.on("SIGINT", hear);
  process.on("SIGTERM", hear);
  return {
    get heard() {
      return heard;
    },
    forget: () => {
      process.off("SIGINT", hear);
      process.off("SIGTERM", hear);
    },
  };
}
