// Questions about locks and elections: who holds, who waits, who leads, and what the end of a session does to that.
import { election, lock } from "./operations.js";
import type { Question } from "./question.js";
import { section } from "./question.js";
import { withTwo } from "./two-sessions.js";

const locks = section(
  "2.4",
  ["lock"],
  [
    [
      "Acquire, Acquire by another session, its retry, Release, its retry again",
      "#1 OK token 5 / no output, open / no output, open / #1 OK done; to 2/1: #1 OK token 6 / #1 OK token 6",
      "A waiting Acquire has no output yet; its grant goes out with the Release. The token is the index of the Acquire's own entry.",
      (m) => {
        withTwo(m, "lock");
        return [
          m.command(1, 1, 3, lock.acquire()),
          m.command(2, 1, 3, lock.acquire()),
          m.command(2, 1, 3, lock.acquire()),
          m.command(1, 2, 3, lock.release()),
          m.command(2, 1, 3, lock.acquire()),
        ].join(" / ");
      },
    ],
    [
      "a try, a wait of 5 s, and the Release after both",
      "#1 TIMEOUT / no output, open / an empty output; to 2/2: #1 TIMEOUT / #1 OK done",
      "A time-out of 0 is a try. Who timed out has left the queue.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        return [
          m.command(2, 1, 3, lock.acquire(0)),
          m.command(2, 2, 3, lock.acquire(5)),
          m.at(5).tick(),
          m.command(1, 2, 3, lock.release()),
        ].join(" / ");
      },
    ],
    [
      "Release by another session, with another token, and of a free lock",
      "#1 CONFLICT / #1 CONFLICT / #1 OK done / #1 CONFLICT",
      "Only the holder releases, and with a token only that one.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        return [
          m.command(2, 1, 3, lock.release()),
          m.command(1, 2, 3, lock.release(4n)),
          m.command(1, 3, 3, lock.release(5n)),
          m.command(1, 4, 3, lock.release()),
        ].join(" / ");
      },
    ],
    [
      "a holder whose session expires while another waits",
      "an empty output; to 2/1: #1 OK token 7",
      "At its end a session gives back what it holds, and the next one is granted in the same entry.",
      (m) => {
        m.at(0).open(10);
        m.open(100);
        m.create(1, "lock");
        m.create(2, "lock");
        m.tick();
        m.command(1, 1, 3, lock.acquire());
        m.command(2, 1, 3, lock.acquire());
        return m.at(10).tick();
      },
    ],
    [
      "the end of two sessions at one instant, the holder's and the first waiter's; a third one waits",
      "an empty output; to 3/1: #1 OK token 9",
      "Sessions expire by id at the same deadline; what is handed to one that ends in the same entry is not sent.",
      (m) => {
        m.at(0).open(10);
        m.open(10);
        m.open(100);
        for (const session of [1, 2, 3]) m.create(session, "lock");
        for (const session of [1, 2, 3]) m.command(session, 1, 4, lock.acquire());
        return m.at(10).tick();
      },
    ],
    [
      "three who wait, and three Releases",
      "#1 OK done; to 2/1: #1 OK token 9 / #1 OK done; to 3/1: #1 OK token 10",
      "The lock is FIFO: who came first is served first.",
      (m) => {
        m.at(0).open(100);
        m.open(100);
        m.open(100);
        for (const session of [1, 2, 3]) m.create(session, "lock");
        m.tick();
        for (const session of [1, 2, 3]) m.command(session, 1, 4, lock.acquire());
        return [m.command(1, 2, 4, lock.release()), m.command(2, 2, 4, lock.release())].join(" / ");
      },
    ],
    [
      "one who released, and ends while another holds the lock",
      "session closed / OK holder {sessionId 2, token 7}",
      "The end of a session gives back what it holds, not what it once held.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        m.command(1, 2, 3, lock.release());
        m.command(2, 1, 3, lock.acquire());
        return [m.close(1), m.query(2, 3, lock.get)].join(" / ");
      },
    ],
    [
      "a waiter whose session expires, then the Release",
      "an empty output / #1 OK done / OK done",
      "A session's open commands end with it, silently: it is granted nothing afterwards.",
      (m) => {
        m.at(0).open(100);
        m.open(10);
        m.create(1, "lock");
        m.create(2, "lock");
        m.command(1, 1, 3, lock.acquire());
        m.command(2, 1, 3, lock.acquire());
        return [m.at(10).tick(), m.command(1, 2, 3, lock.release()), m.query(1, 3, lock.get)].join(" / ");
      },
    ],
    [
      "create_service by one who waits there already, then the Release",
      "service 3 / #1 OK done; to 2/1: #1 OK token 6",
      "create_service is idempotent: what the session has there stays.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        m.command(2, 1, 3, lock.acquire());
        return [m.create(2, "lock"), m.command(1, 2, 3, lock.release())].join(" / ");
      },
    ],
    [
      "the retry of an Acquire that was canceled by close_service",
      "#1 CANCELED",
      "The last output is numbered and remembered like any other, and the command is complete.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        m.command(2, 1, 3, lock.acquire());
        m.closeService(2, 3);
        return m.command(2, 1, 3, lock.acquire());
      },
    ],
    [
      "three deadlines in one entry: the holder's session, the wait of the one behind it, and that of a third one",
      "an empty output; to 2/1: #1 OK token 9; to 3/1: #1 TIMEOUT / OK holder {sessionId 2, token 9}",
      "Timers run by deadline; one that another one cancels does not run, and the rest of them does.",
      (m) => {
        m.at(0).open(10);
        m.open(100);
        m.open(100);
        for (const session of [1, 2, 3]) m.create(session, "lock");
        m.tick();
        m.command(1, 1, 4, lock.acquire());
        m.command(2, 1, 4, lock.acquire(20));
        m.command(3, 1, 4, lock.acquire(25));
        return [m.at(30).tick(), m.query(2, 4, lock.get)].join(" / ");
      },
    ],
    [
      "a granted Acquire that its client forgets",
      "kept alive / OK holder {sessionId 1, token 5}",
      "Forgetting the command leaves the lock held: it stays the session's until Release or its end.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        return [m.keepAlive(1, 1, [], { 1: 1 }), m.query(1, 3, lock.get)].join(" / ");
      },
    ],
    [
      "close_service by one who waits, and by the holder",
      "service closed; to 2/1: #1 CANCELED / service closed; to 1/2: #1 CANCELED / #1 OK token 12",
      "Open commands get one last output CANCELED, complete; the lock is handed on, here to nobody.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        m.command(2, 1, 3, lock.acquire());
        m.command(1, 2, 3, lock.acquire());
        const closed = [m.closeService(2, 3), m.closeService(1, 3)];
        m.open(100);
        m.create(10, "lock");
        return [...closed, m.command(10, 1, 3, lock.acquire())].join(" / ");
      },
    ],
  ],
);

const elections = section(
  "2.4",
  ["election"],
  [
    [
      "two candidates, the second is anointed, then promoted and demoted",
      "#1 OK term 1, leader a / #1 OK term 1, leader a, candidates [b] / #1 OK term 2, leader b, candidates [a] / " +
        "#1 OK term 2, leader b, candidates [a] / #1 OK term 3, leader a, candidates [b]",
      "The first of the list leads. A change of who leads raises the term by one; Promote of the first changes nothing.",
      (m) => {
        withTwo(m, "election");
        return [
          m.command(1, 1, 3, election.enter("a")),
          m.command(2, 1, 3, election.enter("b")),
          m.command(1, 2, 3, election.anoint("b")),
          m.command(1, 3, 3, election.promote("b")),
          m.command(1, 4, 3, election.demote("b")),
        ].join(" / ");
      },
    ],
    [
      "the leader's name taken over by a newer session, whose older holder then withdraws it",
      "#1 OK term 2, leader a / #1 CONFLICT / #1 NOT_FOUND",
      "The newest session takes a name over, and with the leader's name that is a change of leader.",
      (m) => {
        withTwo(m, "election");
        m.command(1, 1, 3, election.enter("a"));
        return [
          m.command(2, 1, 3, election.enter("a")),
          m.command(1, 2, 3, election.withdraw("a")),
          m.command(1, 3, 3, election.evict("c")),
        ].join(" / ");
      },
    ],
    [
      "a candidate whose session ends, then the leader",
      "session closed / session closed / OK term 1",
      "Every participant lives as long as its session, also those who do not lead.",
      (m) => {
        withTwo(m, "election");
        m.open(100);
        m.create(5, "election");
        m.command(1, 1, 3, election.enter("a"));
        m.command(2, 1, 3, election.enter("b"));
        return [m.close(2), m.close(1), m.query(5, 3, election.term)].join(" / ");
      },
    ],
    [
      "a leader whose session ends, then the last candidate",
      "session closed / OK term 2, leader b / session closed / OK term 2",
      "Participants live as long as their sessions. The term rises when someone becomes leader, and stays when nobody is.",
      (m) => {
        withTwo(m, "election");
        m.open(100);
        m.create(5, "election");
        m.command(1, 1, 3, election.enter("a"));
        m.command(2, 1, 3, election.enter("b"));
        return [m.close(1), m.query(5, 3, election.term), m.close(2), m.query(5, 3, election.term)].join(" / ");
      },
    ],
  ],
);

export const lockAndElectionQuestions: readonly Question[] = [...locks, ...elections];
