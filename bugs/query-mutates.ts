// Reading a missing key creates it. A classic slip: a map that makes an entry for whoever asks. Brought out by queries, which
// only one replica sees.
import { map } from "../src/fsm/services/map.js";
import { LogIndex } from "../src/protocol/words.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { get } from "./payloads.js";

export const queryMutates = machineBug(
  {
    name: "query-mutates",
    what: "reading a missing key creates it",
    caughtBy: ["reads/change-nothing", "replica/same-state"],
    shows: log().open(10).create(1, "map").ask(1, 2, "Get", get("a")).steps,
  },
  withServices(
    changed(map, {
      get(state, input) {
        const answer = map.get(state, input);
        if (!state.cells.has(input.key)) {
          state.cells.set(input.key, { value: new Uint8Array(0), version: LogIndex(0n), timer: undefined });
        }
        return answer;
      },
    }),
  ),
);
