// What callers may look at: the registry's entries at one version, by id or as a list, and a way to wait for the next
// version. Takes in the registry's changes as they are, decides nothing, knows no clock and no network. SPEC 4.
import type { Session, SessionId } from "../proto/atomix/runtime/v1/session.js";
import type { RegistryLine } from "../trace/line.js";
import { compareIds, idKey } from "./identity.js";
import { State } from "./states.js";

/** Of a line of the registry: what changes the directory. */
export type DirectoryChange = Pick<RegistryLine, "change" | "version" | "entry">;

/** The entries of a registry, as its callers see them. */
export class SessionDirectory {
  readonly #entries = new Map<string, Session>();
  readonly #waiting = new Set<() => void>();
  /** All entries in list order; undefined after a change, until somebody asks. Many callers ask at once. */
  #sorted: readonly Session[] | undefined;
  #version = 0n;

  /** The registry's version that the entries stand at. */
  get version(): bigint {
    return this.#version;
  }

  /** How many wait for the next change. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes changes in, in order, then wakes whoever waits: once, however many changes they were. */
  take(changes: readonly DirectoryChange[]): void {
    if (changes.length === 0) return;
    for (const { change, version, entry } of changes) {
      this.#version = version;
      const key = idKey(entry.meta?.id ?? NO_ID);
      if (change === "compacted" || entry.status?.state === State.NONE) this.#entries.delete(key);
      else this.#entries.set(key, entry);
    }
    this.#sorted = undefined;
    const woken = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of woken) wake();
  }

  /** The entry of that id; undefined where there is none. */
  get(id: SessionId): Session | undefined {
    return this.#entries.get(idKey(id));
  }

  /** The entries of that kind, all where it is empty, by primitive, then by name, in key order. */
  list(kind: string): Session[] {
    this.#sorted ??= [...this.#entries.values()].sort((a, b) => compareIds(a.meta?.id, b.meta?.id));
    return this.#sorted.filter((entry) => kind === "" || entry.spec?.kind === kind);
  }

  /**
   * Calls `wake` once: at once where the version is not `seen`, else at the next change; not after the returned
   * function was called. Whoever has seen nothing is woken at once; so is who has seen a version that this registry does not
   * have yet, for it was another registry's.
   */
  watch(seen: bigint | undefined, wake: () => void): () => void {
    if (seen !== this.#version) {
      wake();
      return () => {};
    }
    // A function of its own, so that one caller may wait twice.
    const waiter = (): void => wake();
    this.#waiting.add(waiter);
    return () => void this.#waiting.delete(waiter);
  }
}

const NO_ID: SessionId = { name: "", primitive: undefined };
