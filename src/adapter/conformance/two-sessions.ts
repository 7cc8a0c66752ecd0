// Where the questions about services begin.
import type { Subject } from "./subject.js";

/** Sessions 1 and 2 of 100 s, and in both of them the service 3, which is called "a". The next index is 5. */
export function withTwo(m: Subject, kind: string): void {
  m.at(0).open(100);
  m.open(100);
  m.create(1, kind);
  m.create(2, kind);
}
