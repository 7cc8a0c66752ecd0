// Jepsen's logs of an etcd register: lines "INFO  jepsen.util - <process> <type> <f> <value>", others are skipped.
import { readJepsenEdn } from "./jepsen-edn.js";
import type { RecordedEvent } from "./recorded.js";
import { wrong } from "./recorded.js";

const LINE = /jepsen\.util - (\d+)\s+:(invoke|ok|fail|info)\s+:(read|write|cas)\s+(.*)$/;

/**
 * Reads a whole log. A cas that failed without a time-out was refused: it did take place, and says that the register held
 * another value. What timed out is of unknown outcome; of a read that says nothing.
 */
export function readJepsenEtcd(text: string): RecordedEvent[] {
  const maps: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const parts = LINE.exec(line);
    if (parts === null) continue;
    const [, process, type, f, value] = parts as unknown as [string, string, string, string, string];
    const timedOut = value.trim() === ":timed-out";
    const refused = type === "fail" && f === "cas" && !timedOut;
    const says = type === "ok" && f === "cas" ? "true" : refused ? "false" : timedOut ? "nil" : value;
    const outcome = refused ? "ok" : timedOut && f !== "read" ? "info" : type;
    maps.push(`{:process ${process} :type :${outcome} :f :${f} :value ${says}}`);
  }
  if (maps.length === 0)
    throw wrong("the log", "it has no line of jepsen.util", "Is this another format? See --input.");
  return readJepsenEdn(maps.join("\n"));
}
