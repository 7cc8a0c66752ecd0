// "Sometimes" claims: states of the machine's life that a trial should have come by. Whoever never saw a contended lock has
// proved nothing about locks. Counted once an entry, never judged.
import type { FaultLine, KeepAliveLine } from "../trace/line.js";
import type { PartitionModel } from "./models/sessions.js";
import type { Note, Step } from "./models/step.js";

/** What the model notes while it steps, in words. */
const NOTES: Readonly<Record<Note, string>> = {
  "two-expiries": "two expiries in one entry",
  "timer-and-expiry": "a session's expiry and a service's timer in one entry",
  "numbers-listed": "numbers listed that had not arrived",
  "listed-number-left": "listed number given up before it arrived",
  "stale-keep-alive": "keep-alive reordered",
  "open-command-forgotten": "open command ended by a keep-alive",
  "outputs-acknowledged": "outputs acknowledged",
  "forgotten-across-timer": "output of a timer dropped by its own entry",
  "emission-to-the-dead": "output for a session that ended in the same entry",
  "grant-by-expiry": "lock handed on by an expiry",
  "grant-by-close": "lock handed on by a closed service",
  "lock-contended": "lock contended",
  "acquire-timed-out": "Acquire timed out",
  "try-refused": "try-lock on a held lock",
  "waiter-left": "waiter left the queue",
  "rewritten-with-ttl": "entry with a TTL rewritten",
  "ttl-met-by-rewrite": "TTL met in the entry that rewrites it",
  "ttl-expired": "TTL expired",
  "ttl-for-a-stream": "TTL expired under a stream",
  "leader-expired": "elected leader expired",
  "leader-taken-over": "leader's name taken over",
  "candidate-expired": "candidate expired that does not lead",
  anointed: "candidate anointed over others",
  "events-to-several": "change told to several streams",
  "cleared-several": "several keys cleared",
  "stale-version": "write refused for a stale version",
  "service-opened-again": "service opened again by its session",
};

const COMMANDS = {
  retry: "retry of a remembered command",
  retryOpen: "retry of an open command",
  retryPartly: "retry after some outputs were acknowledged",
  retryCancelled: "retry of a cancelled command",
  retryRefusal: "retry of a refusal",
  forgotten: "duplicate after forgetting",
  listed: "listed number arrived",
  otherInput: "another input under a remembered number",
} as const;

const SESSIONS = {
  late: "entry of an expired session",
  lateKeepAlive: "keep-alive after expiry",
  afterClose: "entry of a closed session",
  badFilter: "keep-alive with a bad filter",
  falsePositive: "false positive kept a command",
  expiredHolding: "session expired with open commands",
} as const;

const RESTORES = {
  contended: "lock contended across a restore",
  stream: "stream open across a restore",
  ttl: "TTL running across a restore",
  deadline: "waiter's time-out running across a restore",
  listed: "listed numbers across a restore",
  acknowledged: "fully acknowledged stream across a restore",
} as const;

const TTL = ["value", "map"];
const STREAM = ["value", "map", "set", "election"];
const OPEN = [...STREAM, "lock"];

// Which kinds of service can bring a milestone about; what is not named here needs none.
const NEEDS: ReadonlyMap<string, readonly string[]> = new Map([
  [NOTES["timer-and-expiry"], ["lock", ...TTL]],
  [NOTES["forgotten-across-timer"], ["lock", ...TTL]],
  [NOTES["emission-to-the-dead"], OPEN],
  [NOTES["open-command-forgotten"], OPEN],
  [NOTES["outputs-acknowledged"], STREAM],
  [NOTES["grant-by-expiry"], ["lock"]],
  [NOTES["grant-by-close"], ["lock"]],
  [NOTES["lock-contended"], ["lock"]],
  [NOTES["acquire-timed-out"], ["lock"]],
  [NOTES["try-refused"], ["lock"]],
  [NOTES["waiter-left"], ["lock"]],
  [NOTES["rewritten-with-ttl"], TTL],
  [NOTES["ttl-met-by-rewrite"], TTL],
  [NOTES["ttl-expired"], TTL],
  [NOTES["ttl-for-a-stream"], TTL],
  [NOTES["leader-expired"], ["election"]],
  [NOTES["leader-taken-over"], ["election"]],
  [NOTES["candidate-expired"], ["election"]],
  [NOTES.anointed, ["election"]],
  [NOTES["events-to-several"], STREAM],
  [NOTES["cleared-several"], ["map", "set"]],
  [NOTES["stale-version"], TTL],
  [COMMANDS.retryOpen, OPEN],
  [COMMANDS.retryPartly, STREAM],
  [COMMANDS.retryCancelled, OPEN],
  [SESSIONS.expiredHolding, OPEN],
  [RESTORES.contended, ["lock"]],
  [RESTORES.deadline, ["lock"]],
  [RESTORES.stream, STREAM],
  [RESTORES.acknowledged, STREAM],
  [RESTORES.ttl, TTL],
]);

/** Every milestone that the judge counts. */
export const judgeMilestones: readonly string[] = [
  ...Object.values(NOTES),
  ...Object.values(COMMANDS),
  ...Object.values(SESSIONS),
  ...Object.values(RESTORES),
];

export class Milestones {
  readonly #reached: Record<string, number> = Object.fromEntries(judgeMilestones.map((name) => [name, 0]));

  // Faults at work; and what came by under them. Null: nobody asks.
  readonly #faults = new Set<string>();
  readonly #pairs: Map<string, number> | null;

  /** @param pairs whether what comes by under which fault is kept */
  constructor(pairs = false) {
    this.#pairs = pairs ? new Map() : null;
  }

  /** A fault sets in, ceases, or strikes. One that struck is at work from then on. */
  fault({ fault, change }: FaultLine): void {
    if (this.#pairs === null) return;
    if (change === "stop") this.#faults.delete(fault);
    else this.#faults.add(fault);
  }

  /** Fault × state of the session × kind of entry, how often; null where nobody asked. */
  get pairs(): Readonly<Record<string, number>> | null {
    return this.#pairs === null ? null : Object.fromEntries(this.#pairs);
  }

  #pair(pairs: Map<string, number>, { sessionWas, kind, operation }: Step): void {
    const what = operation === "" ? kind : operation;
    for (const fault of this.#faults) {
      const name = `${fault} × ${sessionWas} × ${what}`;
      pairs.set(name, (pairs.get(name) ?? 0) + 1);
    }
  }

  // What clients said of late that they hold open, by session: a keep-alive's filter may hold more.
  readonly #said = new Map<string, KeepAliveLine[]>();

  /** A client sent a keep-alive. */
  said(line: KeepAliveLine): void {
    const name = `${line.partition}/${line.session}`;
    const lines = this.#said.get(name);
    if (lines === undefined) this.#said.set(name, [line]);
    else if (lines.push(line) > 8) lines.shift();
    if (this.#said.size > 1000) this.#said.delete(this.#said.keys().next().value as string);
  }

  #keptAlive({ session, input }: Step, partition: number): void {
    if (session === null || session.commands.size === 0 || input === "undecodable") return;
    if (input.input?.$case !== "keepAlive") return;
    const last = input.input.value.lastInputSequenceNum;
    const said = this.#said.get(`${partition}/${session.id}`)?.filter((line) => line.lastInput === last) ?? [];
    if (said.length === 0) return;
    for (const num of session.commands.keys()) {
      if (num > last || said.some((line) => line.open.some((open) => open === num))) continue;
      return this.#reach(SESSIONS.falsePositive);
    }
  }

  /** An entry was committed. */
  stepped(step: Step, partition: number): void {
    if (this.#pairs !== null) this.#pair(this.#pairs, step);
    if (step.notes.length > 0) for (const note of step.notes) this.#reach(NOTES[note]);
    if (step.run !== null) this.#command(step);
    if (step.reply.kind === "kept-alive") this.#keptAlive(step, partition);
    if (step.sessionWas === "expired") {
      this.#reach(SESSIONS.late);
      if (step.kind === "keep_alive") this.#reach(SESSIONS.lateKeepAlive);
    } else if (step.sessionWas === "closed") this.#reach(SESSIONS.afterClose);
    if (step.reply.kind === "failure" && step.reply.why === "bad-filter") this.#reach(SESSIONS.badFilter);
    for (const grave of step.ended) {
      if (grave.how !== "expired") continue;
      if (grave.open) this.#reach(SESSIONS.expiredHolding);
    }
  }

  #command({ run, reply, command }: Step): void {
    if (reply.kind === "failure") {
      if (reply.why === "forgotten") this.#reach(COMMANDS.forgotten);
      if (reply.why === "other-input") this.#reach(COMMANDS.otherInput);
      return;
    }
    if (run === "listed") this.#reach(COMMANDS.listed);
    if (run !== "retry" || reply.kind !== "outputs" || command === null) return;
    this.#reach(COMMANDS.retry);
    if (!reply.complete) this.#reach(COMMANDS.retryOpen);
    const [first] = reply.outputs;
    const last = reply.outputs[reply.outputs.length - 1];
    if (first !== undefined && first.num > 1n) this.#reach(COMMANDS.retryPartly);
    if (last?.about === "canceled") this.#reach(COMMANDS.retryCancelled);
    if (first?.about === "answer" && first.status > 1) this.#reach(COMMANDS.retryRefusal);
  }

  /** A replica took over the state at an index. */
  restored(model: PartitionModel, index: bigint): void {
    if (!model.remembers(index)) return;
    model.at(index, () => {
      const traits = new Set<keyof typeof RESTORES>();
      for (const session of model.sessions.values()) {
        if (session.listed.size > 0) traits.add("listed");
        for (const command of session.commands.values()) {
          if (!command.open) continue;
          if (command.service?.spec.service === "lock") traits.add("contended");
          else traits.add("stream");
          if (command.produced > 0n && command.pending.size === 0) traits.add("acknowledged");
        }
      }
      for (const { object, spec } of model.services.values()) {
        if (object !== null && object.nextTimer() !== null) traits.add(spec.service === "lock" ? "deadline" : "ttl");
      }
      for (const trait of traits) this.#reach(RESTORES[trait]);
    });
  }

  /** How often each was reached; without those that no service of these kinds can bring about. */
  reached(kinds: ReadonlySet<string>): Record<string, number> {
    const possible = ([name, count]: [string, number]): boolean =>
      count > 0 || (NEEDS.get(name)?.some((kind) => kinds.has(kind)) ?? true);
    return Object.fromEntries(Object.entries(this.#reached).filter(possible));
  }

  #reach(name: string): void {
    this.#reached[name] = (this.#reached[name] ?? 0) + 1;
  }
}
