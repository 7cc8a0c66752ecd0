// Services of a user's own: a record of what is particular to one, completed to what a machine hosts. What most services do
// not need – waiting, holding, timers – is nothing by default.
import type { Loading, Operation, Service } from "./service.js";

/** What a service is given to come back from a snapshot. */
export type PartLoading = Omit<Loading, "check"> & {
  /** Refuses the snapshot unless `condition` holds. */
  check(condition: boolean, message: string): void;
};

/** What stands trial of a kind of service. `State` is its own; the machine only carries it. */
export interface PartDefinition<State> extends Pick<Service<State>, "empty" | "save"> {
  /** The state that `data` is the saving of. What it throws refuses the snapshot, as `loading.check` does. */
  load(data: Uint8Array, loading: PartLoading): State;
  /** By the name that the operation has on the wire; made by `operation`. */
  readonly commands: Readonly<Record<string, Operation<Service<State>, State>>>;
  readonly queries?: Readonly<Record<string, Operation<Service<State>, State>>>;
  /** An open command ended from outside. Default: nothing waits. */
  readonly cancel?: Service<State>["cancel"];
  /** A session closed the service or ended. Default: nothing is held. */
  readonly leave?: Service<State>["leave"];
  /** A timer of this service has come due. Default: there are none. */
  readonly due?: Service<State>["due"];
}

/** The part that a machine's registry takes. */
export function servicePart<State>(kind: string, definition: PartDefinition<State>): Service<unknown> {
  const part: Service<State> = {
    kind,
    cancel: nothing,
    leave: nothing,
    due: nothing,
    ...definition,
    // What a load throws says as much as a check that fails: this is no state of the service.
    load(data: Uint8Array, loading: Loading) {
      try {
        return definition.load(data, loading);
      } catch (reason) {
        loading.check(false, reason instanceof Error ? reason.message : String(reason));
        throw reason;
      }
    },
    commands: new Map(Object.entries(definition.commands)),
    queries: new Map(Object.entries(definition.queries ?? {})),
  };
  return part;
}

function nothing(): void {
  // Nobody waits, nothing is held, nothing is a matter of time.
}
