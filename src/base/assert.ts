// The third kind of no: an assertion that fails is a defect of this project, never of its user or of a machine on trial.

/** Thrown where the harness finds itself wrong. The command line answers it with exit code 5. */
export class AssertionFailure extends Error {
  override readonly name = "AssertionFailure";
}

/** Throws an {@link AssertionFailure} unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}

/** The default of a switch that the compiler knows to be complete. */
export function unreachable(value: never): never {
  throw new AssertionFailure(`unreachable: ${String(value)}`);
}
