// The codecs' common ground: what is reused between two messages does not show, and payloads that are no messages.
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import { expect, test, vi } from "vitest";
import { KeepAliveInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { Timestamp } from "../proto/google/protobuf/timestamp.js";
import { decode, encode, noPayload, plain } from "./codec.js";

const input = { sessionId: 1n, inputFilter: new Uint8Array(0), lastInputSequenceNum: 2n };

test("a message that can't be written leaves nothing behind in the next one", () => {
  const good = { ...input, lastOutputSequenceNums: new Map([[1n, 300n]]) };
  const bytes = KeepAliveInput.encode(good).finish();
  // The second entry of the map is out of range, when the first stands already.
  const bad = {
    ...input,
    lastOutputSequenceNums: new Map([
      [1n, 300n],
      [2n, -1n],
    ]),
  };
  expect(() => encode(KeepAliveInput, bad)).toThrow(/uint64|-1/);
  expect(encode(KeepAliveInput, good)).toEqual(bytes);
});

test("numbers of one byte and of ten are read as the generated decoder reads them", () => {
  for (const number of [0n, 1n, 127n, 128n, 300n, 2n ** 49n - 1n, 2n ** 49n, 2n ** 53n + 1n, 2n ** 64n - 1n]) {
    const message = { ...input, lastInputSequenceNum: number, lastOutputSequenceNums: new Map([[number, 7n]]) };
    const bytes = KeepAliveInput.encode(message).finish();
    expect(decode(KeepAliveInput, bytes)).toEqual(KeepAliveInput.decode(bytes));
    expect(decode(KeepAliveInput, bytes)).toEqual(message);
  }
});

test("numbers up to 49 bits are read here, longer ones by the library", () => {
  const asked = (number: bigint): number => {
    const bytes = KeepAliveInput.encode({ ...input, sessionId: number, lastOutputSequenceNums: new Map() }).finish();
    const uint64 = vi.spyOn(BinaryReader.prototype, "uint64");
    decode(KeepAliveInput, bytes);
    const times = uint64.mock.calls.length;
    uint64.mockRestore();
    return times;
  };
  expect([1n, 127n, 128n, 2n ** 49n - 1n].map(asked)).toEqual([0, 0, 0, 0]);
  expect([2n ** 49n, 2n ** 64n - 1n].map(asked)).toEqual([1, 1]);
});

test("numbers below 2^31 are written here, others by the library, and all as the generated encoder writes them", () => {
  const asked = (number: bigint): number => {
    const message = { ...input, sessionId: number, lastOutputSequenceNums: new Map() };
    const bytes = KeepAliveInput.encode(message).finish();
    const uint64 = vi.spyOn(BinaryWriter.prototype, "uint64");
    expect(encode(KeepAliveInput, message)).toEqual(bytes);
    const numbers = uint64.mock.calls.map(([one]) => one);
    uint64.mockRestore();
    return numbers.filter((one) => one === number).length;
  };
  expect([1n, 127n, 128n, 2n ** 31n - 1n].map(asked)).toEqual([0, 0, 0, 0]);
  expect([2n ** 31n, 2n ** 64n - 1n].map(asked)).toEqual([1, 1]);
});

test("seconds below zero are written as the generated encoder writes them", () => {
  const seconds = [-(2n ** 63n), -1n, 0n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 63n - 1n];
  for (const message of seconds.map((each) => ({ seconds: each, nanos: 0 }))) {
    expect(encode(Timestamp, message)).toEqual(Timestamp.encode(message).finish());
  }
});

test("a number that is cut short is none", () => {
  expect(() => decode(KeepAliveInput, Uint8Array.of(0x08, 0x80))).toThrow();
});

test("a payload that is no message is read as it stands, from bytes and in the middle of a reader's", () => {
  const length = plain((bytes) => `${bytes.length}: ${bytes.join(" ")}`);
  expect(length.decode(Uint8Array.of(7, 8))).toBe("2: 7 8");
  expect(decode(length, Uint8Array.of(7, 8, 9))).toBe("3: 7 8 9");
  const reader = new BinaryReader(Uint8Array.of(1, 2, 3));
  reader.pos = 1;
  expect(length.decode(reader)).toBe("2: 2 3");
});

test("where no payload is wanted, any is too much", () => {
  expect(decode(noPayload, new Uint8Array(0))).toBeNull();
  expect(() => decode(noPayload, Uint8Array.of(0))).toThrow("no payload is wanted");
});
