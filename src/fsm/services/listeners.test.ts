// The list of open streams: in its order whatever order they came in, and only what is in it leaves it.
import { expect, test } from "vitest";
import { CommandNum, SessionId } from "../../protocol/words.js";
import { listening, type ListenerList } from "./listeners.js";

const call = (session: bigint, number: bigint) => ({ session: SessionId(session), number: CommandNum(number) });

function listOf(...calls: readonly (readonly [bigint, bigint])[]): ListenerList {
  const listeners: ListenerList = [];
  for (const [session, number] of calls) listening.add(listeners, { ...call(session, number), key: undefined });
  return listeners;
}
const said = (listeners: ListenerList): string[] => listeners.map(({ session, number }) => `${session}/${number}`);

test("streams stand by session and number, whatever order they were opened in", () => {
  expect(said(listOf([2n, 1n], [1n, 9n], [10n, 1n], [1n, 10n], [2n, 3n], [2n, 2n]))).toEqual([
    "1/9",
    "1/10",
    "2/1",
    "2/2",
    "2/3",
    "10/1",
  ]);
});

test("one that is taken out is gone, and one that is not there takes no other with it", () => {
  const listeners = listOf([1n, 1n], [1n, 3n], [3n, 1n]);
  for (const [session, number] of [
    [0n, 1n],
    [1n, 2n],
    [2n, 1n],
    [3n, 2n],
    [4n, 1n],
  ] as const) {
    listening.remove(listeners, call(session, number));
  }
  expect(said(listeners)).toEqual(["1/1", "1/3", "3/1"]);
  listening.remove(listeners, call(1n, 3n));
  expect(said(listeners)).toEqual(["1/1", "3/1"]);
  const none: ListenerList = [];
  listening.remove(none, call(1n, 1n));
  expect(none).toEqual([]);
});
