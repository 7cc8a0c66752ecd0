// Our own end of the protocol, byte by byte: the transcript of docs/reference/host-protocol.md, and what a host refuses.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { reference } from "../fsm/reference.js";
import { Request, Response } from "../proto/multiraft_sim/host/v1/host.js";
import type { MachineKind } from "../protocol/machine.js";
import { FrameReader, FrameWriter } from "./frame.js";
import { serve } from "./host.js";

/** What the host answers to each piece of input. */
function answersTo(kind: MachineKind, pieces: readonly Uint8Array[]): string[] {
  const waiting = [...pieces];
  const answers: string[] = [];
  serve(kind, {
    read: (into, from) => {
      const piece = waiting.shift();
      if (piece === undefined) return 0;
      into.set(piece, from);
      return piece.length;
    },
    write: (bytes) => answers.push(Buffer.from(bytes).toString("hex")),
  });
  return answers;
}

function frames(...requests: readonly (Request["request"] & object)[]): Uint8Array {
  const writer = new FrameWriter();
  requests.forEach((request, at) =>
    writer.add(Request.encode({ call: BigInt(at + 1), instance: 1n, request }).finish()),
  );
  return writer.take().slice();
}

function responses(kind: MachineKind, ...requests: readonly (Request["request"] & object)[]): Response["response"][] {
  const reader = new FrameReader(1 << 26);
  const bytes = Buffer.from(answersTo(kind, [frames(...requests)]).join(""), "hex");
  reader.bytes = new Uint8Array(bytes);
  reader.filled(bytes.length);
  const all: Response["response"][] = [];
  for (let frame = reader.next(); frame !== undefined; frame = reader.next()) all.push(Response.decode(frame).response);
  return all;
}

describe("the host", () => {
  it("speaks as the transcript in docs/reference/host-protocol.md says", () => {
    const page = readFileSync(new URL("../../docs/reference/host-protocol.md", import.meta.url), "utf8");
    const lines = (mark: string): string[] =>
      page
        .split("\n")
        .filter((line) => line.startsWith(mark) && /^[<>] [0-9a-f]+$/.test(line))
        .map((line) => line.slice(2));
    const asked = lines("> ");
    expect(asked.length).toBe(11);
    expect(
      answersTo(
        reference,
        asked.map((hex) => Buffer.from(hex, "hex")),
      ),
    ).toEqual(lines("< "));
  });

  it("answers what came together in one go, in order", () => {
    const apply = (index: bigint) => ({ $case: "apply" as const, value: { index, input: new Uint8Array(0) } });
    const together = frames({ $case: "reset", value: {} }, apply(1n), apply(2n));
    const answers = answersTo(reference, [together]);
    expect(answers.length).toBe(1);
    // done, then two ticks: 0x10 bytes each, the index and an answer with one empty output, complete.
    expect(answers[0]).toBe("0608011001220010080210012a0a08011a060a020801100110080310012a0a08021a060a0208021001");
  });

  it("says what its machine throws, and goes on", () => {
    const faulty: MachineKind = {
      ...reference,
      create: () => ({
        ...reference.create(),
        apply: () => {
          throw new Error("the cat sat on it");
        },
        query: () => ({ kind: "failure", status: 4, message: "no session" }),
        snapshot: () => new Uint8Array(0),
      }),
    };
    const [, broke, answered] = responses(
      faulty,
      { $case: "reset", value: {} },
      { $case: "apply", value: { index: 1n, input: new Uint8Array(0) } },
      { $case: "query", value: { input: undefined } },
    );
    expect(broke?.$case).toBe("broke");
    expect(broke?.$case === "broke" && broke.value.message).toContain("the cat sat on it");
    expect(answered).toEqual({
      $case: "answered",
      value: { answer: { $case: "failure", value: { status: 4, message: "no session" } } },
    });
  });

  it("refuses another version, an instance that was never reset, and a request that it does not know", () => {
    const messages = responses(
      reference,
      { $case: "hello", value: { leastVersion: 2, mostVersion: 3, maxFrameBytes: 0n } },
      { $case: "save", value: {} },
      { $case: "observe", value: {} },
    ).map((each) => (each?.$case === "broke" ? each.value.message.split("\n")[0] : each?.$case));
    expect(messages).toEqual([
      "Error: version 1 only, not 2 to 3",
      "Error: instance 1 was never reset",
      "Error: instance 1 was never reset",
    ]);
  });

  it("hands out a large state in pieces, and takes it back in as many", () => {
    const state = new Uint8Array(5 * (1 << 20) + 3).map((_, at) => at % 251);
    let taken = 0;
    const large: MachineKind = {
      ...reference,
      create: () => ({
        ...reference.create(),
        snapshot: () => state,
        restore: (chunks) => {
          for (const chunk of chunks) taken += chunk.length;
          return { kind: "restored" };
        },
      }),
    };
    const [, ...saved] = responses(large, { $case: "reset", value: {} }, { $case: "save", value: {} });
    const pieces = saved.map((each) =>
      each?.$case === "saved" ? each.value : { data: new Uint8Array(0), last: true },
    );
    expect(pieces.map(({ last }) => last)).toEqual([false, false, false, false, false, true]);
    expect(Buffer.concat(pieces.map(({ data }) => data)).equals(Buffer.from(state))).toBe(true);
    responses(
      large,
      { $case: "reset", value: {} },
      { $case: "restore", value: { chunks: [state.subarray(0, 10)], last: false } },
      { $case: "restore", value: { chunks: [state.subarray(10, 30)], last: true } },
    );
    expect(taken).toBe(30);
  });
});
