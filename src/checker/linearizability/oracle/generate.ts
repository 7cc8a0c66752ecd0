// Random histories for the fuzz and the bench: clients that run an object at instants of the generator's choosing, so that a
// history is legal by construction; and one answer changed, so that it may not be.
import type { Operation } from "../history.js";

/** Numbers that look random, from a seed: a mixed counter. */
export class Draws {
  private at: number;
  constructor(seed: number) {
    this.at = seed >>> 0;
  }
  /** From 0 to `below` - 1. */
  below(below: number): number {
    this.at = (this.at + 0x9e3779b9) >>> 0;
    let h = this.at;
    h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
    return ((h ^ (h >>> 15)) >>> 0) % below;
  }
  /** True `percent` times of a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

/** An object to draw histories of: written on its own, not with the model it is to test. */
export interface Subject<State, Input, Output> {
  init(): State;
  /** What a client asks next. `serial`: how many operations there were before, for values that are all different. */
  ask(draws: Draws, serial: number, client: number): Input;
  /** What the object answers, and is afterwards. */
  answer(state: State, input: Input, serial: number): { readonly state: State; readonly output: Output };
  /** Another answer to the same question: often wrong. */
  lie(draws: Draws, input: Input, output: Output, serial: number): Output;
}

/** What a history is to be like. Percentages of operations. */
export interface Shape {
  readonly clients: number;
  readonly operations: number;
  readonly unknown: number;
  readonly failed: number;
  /** How many answers are changed. */
  readonly lies: number;
  /** How readily a client that is done asks again rather than another one goes on: more is more concurrent. */
  readonly eager: number;
}

type Draft<Input, Output> = { -readonly [K in keyof Operation<Input, Output>]: Operation<Input, Output>[K] };

interface Client<Input, Output> {
  operation: Draft<Input, Output> | null;
  serial: number;
  applied: boolean;
  fate: "ok" | "fail" | "unknown";
}

/** A history of that shape. Legal where there are no lies. */
export function generate<State, Input, Output>(
  subject: Subject<State, Input, Output>,
  shape: Shape,
  draws: Draws,
): Operation<Input, Output>[] {
  const operations: Draft<Input, Output>[] = [];
  const clients = Array.from({ length: shape.clients }, (): Client<Input, Output> => {
    return { operation: null, serial: 0, applied: false, fate: "ok" };
  });
  // Operations of unknown outcome whose client has gone on; they take effect later, or never.
  const loose: { operation: Draft<Input, Output>; serial: number }[] = [];
  let state = subject.init();
  let time = 0;
  const apply = (operation: Draft<Input, Output>, serial: number): Output => {
    const after = subject.answer(state, operation.input, serial);
    state = after.state;
    return after.output;
  };
  for (let open = 0; operations.length < shape.operations || open > 0;) {
    const index = draws.below(clients.length);
    const client = clients[index] as Client<Input, Output>;
    if (loose.length > 0 && draws.chance(10)) {
      const [one] = loose.splice(draws.below(loose.length), 1);
      if (one !== undefined && draws.chance(60)) apply(one.operation, one.serial);
    }
    if (client.operation === null) {
      if (operations.length >= shape.operations || !draws.chance(shape.eager)) continue;
      const serial = operations.length;
      const fate = draws.chance(shape.unknown) ? "unknown" : draws.chance(shape.failed) ? "fail" : "ok";
      const input = subject.ask(draws, serial, index);
      const operation: Draft<Input, Output> = {
        process: index,
        input,
        output: undefined,
        outcome: "unknown",
        call: time++,
        return: Infinity,
      };
      operations.push(operation);
      Object.assign(client, { operation, serial, applied: false, fate });
      open++;
    } else if (!client.applied) {
      client.applied = true;
      if (client.fate === "ok") client.operation.output = apply(client.operation, client.serial);
      else if (client.fate === "unknown") loose.push({ operation: client.operation, serial: client.serial });
    } else {
      client.operation.outcome = client.fate;
      if (client.fate !== "unknown") client.operation.return = time++;
      client.operation = null;
      open--;
    }
  }
  for (let lie = 0; lie < shape.lies; lie++) {
    const operation = draws.pick(operations);
    if (operation.outcome !== "ok") continue;
    operation.output = subject.lie(draws, operation.input, operation.output as Output, operations.indexOf(operation));
  }
  return operations;
}
