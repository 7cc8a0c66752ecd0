// Services and who uses them: created, opened, closed, left; and the way of an operation to the service it is for. SPEC 2.4.
import { compareUints } from "../base/key-order.js";
import type {
  CloseServiceInput,
  CreateServiceInput,
  OperationInput,
  OperationOutput,
  SessionCommandOutput,
  ServiceSpec,
} from "../proto/atomix/multiraft/v1/fsm.js";
import { decode } from "../protocol/codec.js";
import { failure, Status } from "../protocol/failure.js";
import type { Nanos } from "../base/time.js";
import type { Reply } from "../protocol/machine.js";
import { CommandNum, ServiceId, SessionId, type LogIndex } from "../protocol/words.js";
import { answer, refusal } from "./answers.js";
import { refuse, type At, type Call, type Decoder, type Outcome, type Service } from "./services/service.js";
import { nameKey, type Command, type Instance, type Machine, type Session, type Timer } from "./state.js";

/** What a ServiceCommandInput and a ServiceQueryInput have in common. */
export interface Request {
  readonly serviceId: bigint;
  readonly operation: OperationInput | undefined;
}

export interface Hosting {
  /** The id that a service created now gets: the entry's index. */
  newId(m: Machine): ServiceId;
  create(m: Machine, session: Session, input: CreateServiceInput): Reply;
  close(m: Machine, session: Session, input: CloseServiceInput): Reply;
  find(m: Machine, id: ServiceId): Instance | undefined;
  /** A service that starts now. */
  start(m: Machine, spec: ServiceSpec, type: Service<unknown>): Instance;
  /** The session uses the service from now on, if it does not already. */
  enter(session: Session, instance: Instance): void;
  /** The session uses it no more: the service takes back what it held there, and hands on. */
  leave(m: Machine, session: Session, instance: Instance, why: "closed" | "expired"): void;
  /** Open commands of the session with the service, by number. */
  openCommands(session: Session, instance: Instance): Command[];
  /** An open command ended: the service forgets that it waits. */
  cancel(m: Machine, session: Session, command: Command): void;
  /** A command or a query of the session, from the checks to the service's own answer. */
  serve(m: Machine, session: Session, table: "commands" | "queries", number: CommandNum, request: Request): Outcome;
  /** undefined where the bytes are no such payload. */
  decode<Input>(decoder: Decoder<Input>, payload: Uint8Array): Input | undefined;
}

export const hosting: Hosting = {
  newId: (m) => ServiceId(m.state.index),

  create(m, session, input) {
    const { services: part, registry } = m.parts;
    const spec = input.spec ?? { service: "", namespace: "", name: "" };
    const type = registry.get(spec.service);
    if (type === undefined)
      return failure(Status.NOT_SUPPORTED, `no service is called ${JSON.stringify(spec.service)}`);
    const known = m.state.names.get(nameKey(spec));
    const instance = known === undefined ? part.start(m, spec, type) : (m.state.services.get(known) as Instance);
    if (instance.spec.service !== spec.service) {
      return failure(Status.CONFLICT, `that name belongs to a service of the kind ${instance.spec.service}`);
    }
    part.enter(session, instance);
    return serviceAnswer(m, { $case: "createService", value: { serviceId: instance.id } });
  },

  close(m, session, input) {
    const { services: part, commands } = m.parts;
    const instance = part.find(m, ServiceId(input.serviceId));
    if (instance === undefined) return failure(Status.NOT_FOUND, `no service ${input.serviceId} was ever created`);
    if (instance.sessions.has(session.id)) {
      for (const command of part.openCommands(session, instance)) {
        part.cancel(m, session, command);
        commands.tell(m, session.id, command.number, refusal(Status.CANCELED, "the service was closed"), true);
      }
      part.leave(m, session, instance, "closed");
    }
    return serviceAnswer(m, { $case: "closeService", value: {} });
  },

  find: (m, id) => m.state.services.get(id),

  start(m, spec, type) {
    const id = m.parts.services.newId(m);
    const instance: Instance = { id, spec, type, state: type.empty(), sessions: new Set(), at: new HostedAt(m, id) };
    m.state.services.set(id, instance);
    m.state.names.set(nameKey(spec), id);
    return instance;
  },

  enter(session, instance) {
    instance.sessions.add(session.id);
    session.services.add(instance.id);
  },

  leave(_m, session, instance) {
    instance.type.leave(instance.at, instance.state, session.id);
    instance.sessions.delete(session.id);
    session.services.delete(instance.id);
  },

  openCommands: (session, instance) =>
    [...session.open.values()]
      .filter((command) => command.input.serviceId === instance.id)
      .sort((a, b) => compareUints(a.number, b.number)),

  cancel(m, session, command) {
    const instance = m.state.services.get(ServiceId(command.input.serviceId));
    instance?.type.cancel(instance.at, instance.state, { session: session.id, number: command.number });
  },

  serve(m, session, table, number, request) {
    const instance = m.parts.services.find(m, ServiceId(request.serviceId));
    if (instance === undefined) return refuse(Status.NOT_FOUND, `no service ${request.serviceId} was ever created`);
    if (!instance.sessions.has(session.id)) return refuse(Status.FORBIDDEN, "this session does not have it open");
    const { type, at, state, spec } = instance;
    const name = request.operation?.name ?? "";
    const operation = type[table].get(name);
    if (operation === undefined) return refuse(Status.NOT_SUPPORTED, `a ${spec.service} does not know ${name}`);
    const input = m.parts.services.decode(operation.input, request.operation?.payload ?? NOTHING);
    if (input === undefined) return refuse(Status.INVALID, `the payload is no input of ${name}`);
    return operation.run(type, at, state, { session: session.id, number }, input);
  },

  decode(decoder, payload) {
    try {
      return decode(decoder, payload);
    } catch {
      return undefined;
    }
  },
};

const NOTHING = new Uint8Array(0);

function serviceAnswer(m: Machine, output: SessionCommandOutput["output"]): Reply {
  return answer(m, { $case: "sessionCommand", value: { output } });
}

/** The timer of a service; `rank` as in {@link At.setTimer}. */
export function serviceTimer(service: ServiceId, deadline: Nanos, rank: string | Call): Timer {
  const keyed = typeof rank === "string";
  return {
    deadline,
    expiry: false,
    service,
    session: keyed ? SessionId(0n) : rank.session,
    command: keyed ? CommandNum(0n) : rank.number,
    key: keyed ? rank : "",
    slot: -1,
  };
}

/** The machine, as the service `id` sees it. */
export class HostedAt implements At {
  readonly #m: Machine;
  readonly #id: ServiceId;

  constructor(m: Machine, id: ServiceId) {
    this.#m = m;
    this.#id = id;
  }

  get index(): LogIndex {
    return this.#m.state.index;
  }

  get now(): Nanos {
    return this.#m.state.time;
  }

  tell(to: Call, output: OperationOutput, complete: boolean): void {
    this.#m.parts.commands.tell(this.#m, to.session, to.number, output, complete);
  }

  setTimer(deadline: Nanos, rank: string | Call): Timer {
    const timer = serviceTimer(this.#id, deadline, rank);
    this.#m.parts.timers.set(this.#m.state, timer);
    return timer;
  }

  cancelTimer(timer: Timer): void {
    this.#m.parts.timers.cancel(this.#m.state, timer);
  }
}
