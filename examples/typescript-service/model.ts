// What the judge knows of a queue: the naive truth, which shares nothing with queue.ts but the operations' names. Everything
// that it changes goes through the journal, so that a replica which lags behind can be judged as of its own index.
import {
  type DataDifference,
  type ModelAnswer,
  type ModelOutcome,
  type ServiceKindModel,
  type ServiceModel,
  Status,
  type Surroundings,
} from "multiraft-sim";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const ok = (text: string): ModelAnswer => ({ status: Status.OK, payload: bytes(text), open: false });
const refused = (status: Status): ModelAnswer => ({ status, payload: new Uint8Array(0), open: false });

class QueueModel implements ServiceModel {
  items: readonly string[] = [];

  constructor(private readonly around: Surroundings) {}

  command(operation: string, payload: Uint8Array): ModelOutcome {
    const said = textOf(payload);
    if (operation === "Push") {
      if (said === undefined) return refused(Status.INVALID);
      this.#becomes([...this.items, said]);
      return ok(`${this.items.length}`);
    }
    if (operation !== "Pop") return refused(Status.NOT_SUPPORTED);
    if (said !== "") return refused(Status.INVALID);
    const [first, ...others] = this.items;
    if (first === undefined) return refused(Status.NOT_FOUND);
    this.#becomes(others);
    return ok(first);
  }

  query(operation: string, payload: Uint8Array): ModelAnswer {
    if (operation !== "Size") return refused(Status.NOT_SUPPORTED);
    return payload.length > 0 ? refused(Status.INVALID) : ok(`${this.items.length}`);
  }

  ended(): void {}
  left(): void {}
  nextTimer(): null {
    return null;
  }

  data(): Uint8Array {
    return bytes(JSON.stringify(this.items));
  }

  differences(data: Uint8Array): DataDifference[] {
    const wanted = JSON.stringify(this.items);
    const saved = textOf(data) ?? "no text";
    return saved === wanted ? [] : [{ what: "entry-value", says: `the queue should be ${wanted}, and is ${saved}` }];
  }

  #becomes(items: readonly string[]): void {
    this.around.journal.set<QueueModel, "items">(this, "items", items);
  }
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    return utf8.decode(payload);
  } catch {
    return undefined;
  }
}

export const queueModel: ServiceKindModel = {
  create: (around) => new QueueModel(around),
  facts(data) {
    const saved = textOf(data);
    if (saved === undefined) return null;
    const canonical = JSON.stringify(JSON.parse(saved)) === saved;
    return {
      disorder: canonical ? null : "it is not written as it should be",
      deadlines: [],
      waiting: [],
      holders: [],
    };
  },
  // Answers are texts: they are compared byte by byte.
  answers: {},
};
