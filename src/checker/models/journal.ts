// What the model wrote, entry by entry, so that its state can be looked at as it stood after an earlier entry: replicas lag,
// and are observed where they are. Undoing and redoing are one thing, a swap. It never decides what is written.

const ABSENT = Symbol("absent");

/** Every change of the model's state goes through here; what does not is not part of the state. */
export class Journal {
  #targets: object[] = [];
  #keys: unknown[] = [];
  // Before an undo: what stood there before the write. After it: what the write had put there.
  #others: unknown[] = [];
  // Where in the arrays above each entry's writes begin, oldest first.
  #starts: number[] = [];
  #forgotten = 0;

  /** How many entries were begun, forgotten ones included. */
  get entries(): number {
    return this.#forgotten + this.#starts.length;
  }

  /** How many of the oldest entries can no longer be undone. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** The writes that follow belong to the next entry. */
  begin(): void {
    this.#starts.push(this.#targets.length);
  }

  /** target[key] = value */
  set<Target extends object, Key extends keyof Target>(target: Target, key: Key, value: Target[Key]): void {
    this.#note(target, key, target[key]);
    target[key] = value;
  }

  /** map.set(key, value) */
  put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    this.#note(map, key, map.has(key) ? map.get(key) : ABSENT);
    map.set(key, value);
  }

  /** map.delete(key) */
  remove<Key, Value>(map: Map<Key, Value>, key: Key): void {
    if (!map.has(key)) return;
    this.#note(map, key, map.get(key));
    map.delete(key);
  }

  /** What `look` says when the last `back` entries are undone; they are done again afterwards. */
  before<Seen>(back: number, look: () => Seen): Seen {
    if (back === 0) return look();
    const from = this.#starts[this.#starts.length - back];
    if (from === undefined) throw new RangeError(`the last ${back} entries are not in the journal any more`);
    for (let at = this.#targets.length - 1; at >= from; at--) this.#swap(at);
    try {
      return look();
    } finally {
      for (let at = from; at < this.#targets.length; at++) this.#swap(at);
    }
  }

  /** The last entry was never begun: its writes are undone and forgotten. */
  undo(): void {
    const from = this.#starts.pop();
    if (from === undefined) throw new RangeError("no entry of the journal can be undone any more");
    for (let at = this.#targets.length - 1; at >= from; at--) this.#swap(at);
    this.#targets.length = this.#keys.length = this.#others.length = from;
  }

  /** Lets go of all entries but the last `kept`. Does so in large steps, or not yet. */
  forget(kept: number): void {
    const drop = this.#starts.length - kept;
    if (drop < 1024) return;
    const from = this.#starts[drop] ?? this.#targets.length;
    this.#targets = this.#targets.slice(from);
    this.#keys = this.#keys.slice(from);
    this.#others = this.#others.slice(from);
    this.#starts = this.#starts.slice(drop).map((start) => start - from);
    this.#forgotten += drop;
  }

  #note(target: object, key: unknown, other: unknown): void {
    this.#targets.push(target);
    this.#keys.push(key);
    this.#others.push(other);
  }

  #swap(at: number): void {
    const target = this.#targets[at] as Map<unknown, unknown> | Record<PropertyKey, unknown>;
    const key = this.#keys[at];
    const other = this.#others[at];
    if (target instanceof Map) {
      this.#others[at] = target.has(key) ? target.get(key) : ABSENT;
      if (other === ABSENT) target.delete(key);
      else target.set(key, other);
    } else {
      this.#others[at] = target[key as PropertyKey];
      target[key as PropertyKey] = other;
    }
  }
}
