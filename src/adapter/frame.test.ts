// Frames in and out: bytes in pieces of any size, lengths of one to five bytes, and what is none.
import { describe, expect, it } from "vitest";
import { Request } from "../proto/multiraft_sim/host/v1/host.js";
import { FrameError, FrameReader, FrameWriter } from "./frame.js";

function readerOf(bytes: readonly number[], mostBytes = 1000): FrameReader {
  const reader = new FrameReader(mostBytes);
  reader.makeRoom();
  reader.bytes.set(bytes, reader.end);
  reader.filled(bytes.length);
  return reader;
}

describe("frames", () => {
  it("come out whole, whatever the pieces they came in", () => {
    const bytes = [2, 8, 1, 3, 8, 2, 99];
    for (let piece = 1; piece <= bytes.length; piece++) {
      const reader = new FrameReader(100);
      const frames: number[][] = [];
      for (let at = 0; at < bytes.length; at += piece) {
        reader.makeRoom();
        const part = bytes.slice(at, at + piece);
        reader.bytes.set(part, reader.end);
        reader.filled(part.length);
        for (let frame = reader.next(); frame !== undefined; frame = reader.next()) frames.push([...frame]);
      }
      expect(frames).toEqual([
        [8, 1],
        [8, 2, 99],
      ]);
    }
  });

  it("a length of several bytes: 300 is ac 02", () => {
    const message = [8, ...Array.from({ length: 299 }, () => 1)];
    expect([...readerOf([0xac, 0x02, ...message]).next()!]).toEqual(message);
  });

  it("one longer than the room that was there", () => {
    const writer = new FrameWriter();
    const message = new Uint8Array(200_000).fill(7);
    message[0] = 8;
    writer.add(message);
    const bytes = writer.take();
    const reader = new FrameReader(1_000_000);
    for (let at = 0; at < bytes.length;) {
      reader.makeRoom();
      const part = bytes.subarray(at, at + Math.min(5000, reader.bytes.length - reader.end));
      reader.bytes.set(part, reader.end);
      reader.filled(part.length);
      at += part.length;
    }
    expect(reader.next()).toEqual(message);
    expect(reader.waiting.length).toBe(0);
  });

  it.each([
    ["a text", [...Buffer.from("ready\n")], /does not begin with `call`/],
    ["an empty line", [10, 65], /does not begin with `call`/],
    ["an empty frame", [0], /length 0/],
    ["a frame that is too long", [0xe9, 0x07, 8], /1001 bytes, where 1000 is the most/],
    ["a length without an end", [255, 255, 255, 255, 255, 255], /more than five bytes/],
  ])("%s is none", (_, bytes, pattern) => {
    expect(() => readerOf(bytes).next()).toThrow(FrameError);
    expect(() => readerOf(bytes).next()).toThrow(pattern);
  });

  it.each([
    [1, 1, 1, 0],
    [127, 128, 300, 5],
    [16384, 3, 2 ** 31, 200],
    [2 ** 53 - 1, 2 ** 40, 2 ** 53 - 1, 70_000],
  ])("an apply that is written straight away is what the codec writes: call %d", (call, instance, index, size) => {
    const input = new Uint8Array(size).fill(3);
    const straight = new FrameWriter();
    straight.addApply(call, instance, index, input);
    const value = { index: BigInt(index), input };
    const encoded = new FrameWriter();
    encoded.add(
      Request.encode({ call: BigInt(call), instance: BigInt(instance), request: { $case: "apply", value } }).finish(),
    );
    expect(Buffer.from(straight.take()).toString("hex")).toBe(Buffer.from(encoded.take()).toString("hex"));
  });
});
