// Stops in a debugger: plays a trace again in this thread, and halts before the call of the machine that a line tells of.
// Without a debugger attached nothing halts.
import { castOf, type Contestant } from "../explore/contestant.js";
import type { MachineKind, StateMachine } from "../protocol/machine.js";
import { readPlan } from "../sim/plan.js";
import { play } from "../sim/world.js";
import type { Trace } from "../trace/file.js";
import { LogPlayer } from "./as-log.js";

/** Plays up to the line, numbered as in the trace's file. The call that it tells of, or else the next one, is halted at. */
export function debugAt(trace: Trace, contestant: Contestant, line: number): void {
  // What touches something ambient is told of by lines that no play hands out.
  const before = trace.events.slice(0, line - 2).filter((each) => each.e !== "ambient");
  const halt = new Halt();
  const machine = halting(contestant.machine, halt);
  if (trace.header.terms.played === "log") {
    const player = new LogPlayer(machine);
    for (const each of before) player.play(each);
    halt.due = true;
    for (const each of trace.events.slice(line - 2)) if (halt.due) player.play(each);
    return;
  }
  let seen = 0;
  halt.due = before.length === 0;
  const shadow = trace.events.some((each) => "replica" in each && each.replica === 0);
  const listen = (): void => {
    seen += 1;
    if (seen === before.length) halt.due = true;
  };
  const enough = (): boolean => halt.done;
  play(readPlan(trace.header.plan), castOf({ ...contestant, machine }), listen, { shadow, enough });
}

class Halt {
  due = false;
  done = false;

  /** Called before every call of the machine. */
  before(): void {
    if (!this.due) return;
    this.due = false;
    this.done = true;
    // oxlint-disable-next-line no-debugger -- the machine is called next: step out of here, then into the call.
    debugger;
  }
}

function halting(kind: MachineKind, halt: Halt): MachineKind {
  const create = (): StateMachine => {
    const machine = kind.create();
    const observe = machine.observe?.bind(machine);
    return {
      apply(entry) {
        halt.before();
        return machine.apply(entry);
      },
      query(input) {
        halt.before();
        return machine.query(input);
      },
      snapshot() {
        halt.before();
        return machine.snapshot();
      },
      restore(chunks) {
        halt.before();
        return machine.restore(chunks);
      },
      ...(observe && {
        observe() {
          halt.before();
          return observe();
        },
      }),
    };
  };
  return { ...kind, create };
}
