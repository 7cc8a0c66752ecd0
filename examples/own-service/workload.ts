// What clients do with a semaphore: they take more often than they give back, so that permits are short and sessions end with
// some in hand. Now and then somebody sends a payload that nobody wants.
import { defineWorkload } from "multiraft-sim";

export const semaphoreWorkload = defineWorkload({
  operations: {
    Take: { as: "command", weight: 6, payload: (dice) => Uint8Array.from(dice.happens(30) ? [1, 2] : []) },
    GiveBack: { as: "command", weight: 4 },
    Free: { as: "query", weight: 4 },
  },
});
