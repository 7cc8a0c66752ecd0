// Elections: names of one's own and one that both contend for, anointed, withdrawn, taken over, and lost with their sessions.
// Of the commands that move or remove a candidate there is one each: those that do so by a step or by force are left to seeds.
import { both, keepAlive, leave, run, SERVICE, type Subject, A, tick } from "../subject.js";

export const election: Subject = {
  name: "election",
  what: "who leads, who follows, and in which term",
  service: "election",
  letters: [
    ...both((who) => [
      run(who, 1, "Enter", { candidate: who.name }),
      run(who, 2, "Enter", { candidate: "both" }),
      run(who, 3, "Anoint", { candidate: "both" }),
      run(who, 4, "Withdraw", { candidate: who.name }),
      run(who, 5, "Events"),
      keepAlive(who, 5, [5], {}, 1),
      leave(who),
    ]),
    tick(1.5),
  ],
  queries: [{ session: A, service: SERVICE, query: "GetTerm" }],
};
