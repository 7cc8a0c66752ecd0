// What calls are about, in words without ids: "counter Increment", "keep-alive". The same words for both machines, so that a
// difference has one name over all seeds.
import type { CommandInput, QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Applied, Emission, Entry } from "../protocol/machine.js";

/** Learns from what is applied which services and commands there are. */
export class Labels {
  readonly #kinds = new Map<string, string>();
  readonly #commands = new Map<string, string>();

  /** What an entry is about. */
  entry(partition: number, { input }: Entry): string {
    if (input === "undecodable") return "undecodable bytes";
    const { input: inner } = input;
    switch (inner?.$case) {
      case "openSession":
        return "open-session";
      case "keepAlive":
        return "keep-alive";
      case "closeSession":
        return "close-session";
      case "sessionCommand":
        return this.#command(partition, inner.value.input);
      default:
        return "tick";
    }
  }

  query(partition: number, { input }: QueryInput): string {
    const value = input?.value.input?.value;
    return `${this.#kindOf(partition, value?.serviceId)} ${value?.operation?.name ?? "nothing"} (query)`;
  }

  emission(partition: number, { sessionId, commandNum }: Emission): string {
    return this.#commands.get(`${partition}:${sessionId}/${commandNum}`) ?? "an unknown command";
  }

  /** Learns from an entry that the baseline applied. */
  learn(partition: number, entry: Entry, applied: Applied): void {
    if (entry.input === "undecodable" || entry.input.input?.$case !== "sessionCommand") return;
    const { sessionId, input } = entry.input.input.value;
    if (input?.$case === "serviceCommand") {
      this.#commands.set(`${partition}:${sessionId}/${input.value.sequenceNum}`, this.entry(partition, entry));
    } else if (input?.$case === "createService" && applied.reply.kind === "answer") {
      const output = applied.reply.outputs[0]?.output;
      if (output?.$case !== "sessionCommand" || output.value.output?.$case !== "createService") return;
      const kind = input.value.spec?.service ?? "";
      this.#kinds.set(`${partition}:${output.value.output.value.serviceId}`, kind);
    }
  }

  #command(partition: number, command: SessionCommand): string {
    switch (command?.$case) {
      case "createService":
        return `create-service ${known(command.value.spec?.service)}`;
      case "closeService":
        return "close-service";
      case "serviceCommand":
        return `${this.#kindOf(partition, command.value.serviceId)} ${known(command.value.operation?.name)}`;
      default:
        return "session-command";
    }
  }

  #kindOf(partition: number, service: bigint | undefined): string {
    return this.#kinds.get(`${partition}:${service}`) ?? "no service";
  }
}

type SessionCommand = Extract<
  NonNullable<CommandInput["input"]>,
  { readonly $case: "sessionCommand" }
>["value"]["input"];

// What hostile clients make up would make a difference of its own each.
function known(name: string | undefined): string {
  return name !== undefined && /^[A-Za-z][A-Za-z0-9_-]{0,40}$/.test(name) ? name : "nothing";
}
