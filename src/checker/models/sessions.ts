// The naive model of a partition: log time, timers, sessions, exactly-once commands, keep-alives. One entry in, one step out.
// It holds what SPEC 2 says in the order in which SPEC 2 says it, by plain scans; services are models of their own.
// Stands between the lines (commits, in log order) and the comparison with what replicas answered.
import { compareUints } from "../../base/key-order.js";
import { isDurationInRange, isTimestampInRange, toNanos } from "../../base/time.js";
import type {
  CloseServiceInput,
  CommandInput,
  CreateServiceInput,
  KeepAliveInput,
  OpenSessionInput,
  ServiceCommandInput,
  ServiceSpec,
  SessionCommandInput,
} from "../../proto/atomix/multiraft/v1/fsm.js";
import { unreachable } from "../../base/assert.js";
import { Status } from "../../protocol/failure.js";
import { readFilter } from "./filter.js";
import { type Draft, emptyDraft, NEVER, PartitionState, refused, TICK } from "./partition-state.js";
import { deadlineOf, inOrder, kindOf, meaningOf, openCommands, sameInput } from "./session-state.js";
import type { CommandState, ExpectedReply, ServiceState, SessionState, Step } from "./step.js";

export class PartitionModel extends PartitionState {
  /** What the entry at the next index comes to. `line` is that of its commit. */
  step(line: number, input: CommandInput | "undecodable"): Step {
    this.journal.begin();
    this.journal.set<PartitionModel, "index">(this, "index", this.index + 1n);
    const draft = (this.draft = emptyDraft(line, this.index, input));
    draft.reply = this.#apply(input);
    if (draft.emissions.length > 0) this.#dropFallen(draft);
    return draft;
  }

  #apply(input: CommandInput | "undecodable"): ExpectedReply {
    if (input === "undecodable") {
      this.draft.kind = "undecodable";
      return refused(Status.INVALID, "undecodable");
    }
    this.#moveTime(input);
    const what = input.input;
    this.cause = "command";
    switch (what?.$case) {
      case undefined:
        return TICK;
      case "openSession":
        return this.#openSession(what.value);
      case "keepAlive":
        return this.#keepAlive(what.value);
      case "closeSession":
        return this.#closeSession(what.value.sessionId);
      case "sessionCommand":
        return this.#sessionCommand(what.value);
      default:
        return unreachable(what);
    }
  }

  // --- time and timers (2.1)

  #moveTime({ timestamp }: CommandInput): void {
    let to = this.time;
    if (timestamp !== undefined && isTimestampInRange(timestamp) && timestamp.seconds >= 0n) {
      const told = toNanos(timestamp);
      if (told > to) to = told;
    }
    if (to >= this.nextDue) this.#runTimers(to);
    this.now = to;
    if (to !== this.time) this.journal.set<PartitionModel, "time">(this, "time", to);
  }

  #runTimers(to: bigint): void {
    for (;;) {
      const next = this.#firstTimer();
      this.nextDue = next?.deadline ?? NEVER;
      if (next === null || next.deadline > to) return;
      if (next.deadline > this.now) this.now = next.deadline;
      next.fire();
    }
  }

  // By (deadline, rank): sessions by id, then services by id, each with an order of its own.
  #firstTimer(): { deadline: bigint; fire: () => void } | null {
    let dead: SessionState | null = null;
    for (const session of this.sessions.values()) {
      const sooner =
        dead === null ? -1 : compareUints(deadlineOf(session), deadlineOf(dead)) || compareUints(session.id, dead.id);
      if (sooner < 0) dead = session;
    }
    let first: { deadline: bigint; rank: bigint; fire: () => void } | null = null;
    for (const { id, object } of this.services.values()) {
      const timer = object?.nextTimer() ?? null;
      if (timer === null) continue;
      const later =
        first !== null && (compareUints(first.deadline, timer.deadline) || compareUints(first.rank, id)) < 0;
      if (!later) first = { deadline: timer.deadline, rank: id, fire: () => timer.fire() };
    }
    if (dead !== null && (first === null || deadlineOf(dead) <= first.deadline)) {
      const expired = dead;
      return { deadline: deadlineOf(dead), fire: () => this.#expire(expired) };
    }
    if (first === null) return null;
    const { deadline, fire } = first;
    return { deadline, fire: () => this.#fire(fire) };
  }

  #expire(session: SessionState): void {
    if (this.draft.ended.length > 0) this.note("two-expiries");
    if (this.draft.timersRun > 0) this.note("timer-and-expiry");
    this.#end(session, "expired");
  }

  #fire(fire: () => void): void {
    this.cause = "timer";
    this.by = 0n;
    this.draft.timersRun++;
    if (this.draft.ended.length > 0) this.note("timer-and-expiry");
    fire();
  }

  // --- sessions (2.2)

  #openSession({ timeout }: OpenSessionInput): ExpectedReply {
    this.draft.kind = "open_session";
    const span = timeout === undefined || !isDurationInRange(timeout) ? 0n : toNanos(timeout);
    if (span <= 0n) return refused(Status.INVALID, "bad-timeout");
    const { line } = this.draft;
    const session: SessionState = {
      id: this.index,
      timeout: span,
      lastUpdated: this.now,
      mark: 0n,
      listed: new Map(),
      commands: new Map(),
      openedLine: line,
      refreshedLine: line,
      keptAliveAt: 0n,
    };
    this.journal.put(this.sessions, session.id, session);
    this.due(deadlineOf(session));
    this.draft.session = session;
    this.draft.sessionId = session.id;
    return { kind: "opened", id: session.id };
  }

  #closeSession(id: bigint): ExpectedReply {
    this.draft.kind = "close_session";
    const session = this.named(id);
    if (session === null) return refused(Status.NOT_FOUND, "no-session");
    this.#end(session, "closed");
    return { kind: "closed" };
  }

  #keepAlive(input: KeepAliveInput): ExpectedReply {
    this.draft.kind = "keep_alive";
    const session = this.named(input.sessionId);
    if (session === null) return refused(Status.NOT_FOUND, "no-session");
    const open = readFilter(input.inputFilter);
    if (open === null) return refused(Status.INVALID, "bad-filter");
    const last = input.lastInputSequenceNum;
    if (last < session.mark) this.note("stale-keep-alive");

    const means = meaningOf(session, last, open);
    if (means === null) return refused(Status.INVALID, "bad-filter");
    const { arrived, leaving, joining } = means;

    this.cause = "keep-alive";
    this.by = session.id;
    for (const command of arrived) {
      const { num } = command;
      if (open.has(num)) this.#acknowledge(command, input.lastOutputSequenceNums.get(num) ?? 0n);
      else this.#forget(session, command);
    }
    for (const num of leaving) this.journal.remove(session.listed, num);
    for (const num of joining) this.journal.put(session.listed, num, this.draft.line);
    if (leaving.length > 0) this.note("listed-number-left");
    if (joining.length > 0) this.note("numbers-listed");
    if (last > session.mark) this.journal.set(session, "mark", last);
    if (session.lastUpdated !== this.now) this.journal.set(session, "lastUpdated", this.now);
    this.journal.set(session, "refreshedLine", this.draft.line);
    this.journal.set(session, "keptAliveAt", this.index);
    this.due(deadlineOf(session));
    return { kind: "kept-alive" };
  }

  #acknowledge(command: CommandState, upTo: bigint): void {
    for (const num of command.pending.keys()) {
      if (num > upTo) continue;
      this.journal.remove(command.pending, num);
      this.note("outputs-acknowledged");
    }
  }

  #forget(session: SessionState, command: CommandState): void {
    if (command.open) {
      this.note("open-command-forgotten");
      command.service?.object?.ended(session.id, command.num);
    }
    this.journal.remove(session.commands, command.num);
  }

  // Its open commands silently, by number; what it holds, by service.
  #end(session: SessionState, how: "expired" | "closed"): void {
    this.cause = how === "expired" ? "expiry" : "close-session";
    this.by = session.id;
    const waiting = openCommands(session);
    for (const command of waiting) command.service?.object?.ended(session.id, command.num);
    const used: bigint[] = [];
    for (const id of [...this.services.keys()].sort(compareUints)) {
      const service = this.services.get(id) as ServiceState;
      if (!service.sessions.has(session.id)) continue;
      used.push(id);
      this.#leave(service, session);
    }
    this.journal.remove(this.sessions, session.id);
    const { id, openedLine, refreshedLine, timeout } = session;
    const { line } = this.draft;
    const open = waiting.length > 0;
    const grave = { id, how, line, index: this.index, openedLine, refreshedLine, timeout, open, used };
    this.graves.set(id, grave);
    this.draft.ended = [...this.draft.ended, grave];
  }

  #leave(service: ServiceState, session: SessionState): void {
    this.journal.set(service, "leftBy", session.id);
    this.journal.set(service, "leftAt", this.index);
    service.object?.left(session.id);
    this.journal.remove(service.sessions, session.id);
  }

  // --- commands (2.3)

  #sessionCommand(input: SessionCommandInput): ExpectedReply {
    const what = input.input;
    this.draft.kind = kindOf(what?.$case);
    const session = this.named(input.sessionId);
    if (session === null) return refused(Status.NOT_FOUND, "no-session");
    switch (what?.$case) {
      case undefined:
        return refused(Status.INVALID, "no-input");
      case "createService":
        return this.#createService(what.value, session);
      case "closeService":
        return this.#closeService(what.value, session);
      case "serviceCommand":
        return this.#serviceCommand(what.value, session);
      default:
        return unreachable(what);
    }
  }

  #serviceCommand(input: ServiceCommandInput, session: SessionState): ExpectedReply {
    const draft = this.draft;
    const num = input.sequenceNum;
    draft.run = "refused";
    draft.operation = input.operation?.name ?? "";
    draft.service = this.services.get(input.serviceId) ?? null;
    if (num === 0n) return refused(Status.INVALID, "number-zero");
    const known = session.commands.get(num);
    if (known === undefined && num <= session.mark && !session.listed.has(num)) {
      return refused(Status.CANCELED, "forgotten");
    }
    if (known !== undefined) {
      draft.command = known;
      if (!sameInput(known.input, input)) return refused(Status.CONFLICT, "other-input");
      draft.run = "retry";
      if (known.service !== null && known.service.object === null) return { kind: "anything" };
      return { kind: "outputs", outputs: inOrder(known), complete: !known.open };
    }
    draft.run = session.listed.has(num) ? "listed" : "first";
    this.journal.remove(session.listed, num);
    return this.#run(input, session);
  }

  #run(input: ServiceCommandInput, session: SessionState): ExpectedReply {
    const service = this.services.get(input.serviceId) ?? null;
    const mine = service !== null && service.sessions.has(session.id);
    const command: CommandState = {
      session: session.id,
      num: input.sequenceNum,
      input,
      service: mine ? service : null,
      line: this.draft.line,
      index: this.index,
      open: true,
      produced: 0n,
      pending: new Map(),
    };
    this.draft.command = command;
    this.journal.put(session.commands, command.num, command);
    this.by = session.id;
    if (mine && service.object === null) return { kind: "anything" };
    if (service === null || !mine) {
      this.produce(command, "answer", service === null ? Status.NOT_FOUND : Status.FORBIDDEN, NOTHING, true);
      return { kind: "outputs", outputs: inOrder(command), complete: true };
    }
    const { name, payload } = input.operation ?? { name: "", payload: NOTHING };
    const outcome = service.object?.command(name, payload, {
      session: session.id,
      num: command.num,
      index: this.index,
    });
    if (outcome === undefined || outcome === "waits") return { kind: "outputs", outputs: [], complete: false };
    this.produce(command, "answer", outcome.status, outcome.payload, !outcome.open);
    return { kind: "outputs", outputs: inOrder(command), complete: !command.open };
  }

  // Dropped: what is for a dead session, for a command that the entry forgot, and what the reply to a retry repeats.
  #dropFallen(draft: Draft): void {
    draft.emissions = draft.emissions.filter(({ session, command }) => {
      if (this.sessions.get(session.id) !== session) {
        this.note("emission-to-the-dead");
        return false;
      }
      const remembered = session.commands.get(command.num) === command;
      if (remembered && (draft.run !== "retry" || draft.command !== command)) return true;
      this.note("forgotten-across-timer");
      return false;
    });
  }

  // --- services (2.4)

  #createService({ spec }: CreateServiceInput, session: SessionState): ExpectedReply {
    const { service, namespace, name } = spec ?? { service: "", namespace: "", name: "" };
    if (!this.known.has(service)) return refused(Status.NOT_SUPPORTED, "unknown-kind");
    let found: ServiceState | null = null;
    for (const each of this.services.values()) {
      if (each.spec.namespace === namespace && each.spec.name === name) found = each;
    }
    if (found !== null && found.spec.service !== service) return refused(Status.CONFLICT, "name-taken");
    found ??= this.#made({ service, namespace, name });
    this.draft.service = found;
    if (found.sessions.has(session.id)) this.note("service-opened-again");
    else this.journal.put(found.sessions, session.id, this.draft.line);
    return { kind: "service-opened", id: found.id };
  }

  #made(spec: ServiceSpec): ServiceState {
    const kind = Object.hasOwn(this.kinds, spec.service) ? this.kinds[spec.service] : undefined;
    const object = kind === undefined ? null : kind.create(this);
    if (object === null) this.hasUnmodelled = true;
    const service: ServiceState = { id: this.index, spec, sessions: new Map(), object, leftBy: 0n, leftAt: 0n };
    this.journal.put(this.services, service.id, service);
    return service;
  }

  #closeService({ serviceId }: CloseServiceInput, session: SessionState): ExpectedReply {
    const service = this.services.get(serviceId);
    if (service === undefined) return refused(Status.NOT_FOUND, "no-service");
    this.draft.service = service;
    if (!service.sessions.has(session.id)) return { kind: "service-closed" };
    this.cause = "close-service";
    this.by = session.id;
    for (const command of openCommands(session)) {
      if (command.service !== service) continue;
      service.object?.ended(session.id, command.num);
      this.emit(session.id, command.num, "canceled", Status.CANCELED, NOTHING, true);
    }
    this.#leave(service, session);
    return { kind: "service-closed" };
  }
}

const NOTHING = new Uint8Array(0);
