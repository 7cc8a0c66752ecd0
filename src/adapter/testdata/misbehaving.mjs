// A machine in another process that answers every entry with an empty output, and misbehaves in the way that its first
// argument names when entry 3 comes (or at its start). Written by hand, byte by byte: it shares no code with the harness.
import { spawn } from "node:child_process";
import { closeSync, readSync, writeSync } from "node:fs";

const how = process.argv[2] ?? "";
const WHEN = 3;

function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** Fields of a message, as {number: value}; a number is a varint, an array is bytes. */
function message(fields) {
  return Object.entries(fields).flatMap(([field, value]) =>
    typeof value === "number"
      ? [...varint(field * 8), ...varint(value)]
      : [...varint(field * 8 + 2), ...varint(value.length), ...value],
  );
}

function parse(bytes) {
  const fields = {};
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = number();
    if (tag % 8 === 0) fields[tag >> 3] = number();
    else {
      const length = number();
      fields[tag >> 3] = bytes.slice(at, (at += length));
    }
  }
  return fields;
}

function send(fields) {
  const bytes = message(fields);
  writeSync(1, Uint8Array.from([...varint(bytes.length), ...bytes]));
}

let held = Buffer.alloc(0);
function receive() {
  const chunk = Buffer.alloc(65536);
  for (;;) {
    const length = held[0] & 127 | ((held[1] ?? 0) & 127) << 7;
    const from = held[0] > 127 ? 2 : 1;
    const size = held[0] > 127 ? length : held[0];
    if (held.length > 1 && held.length >= from + size) {
      const frame = held.subarray(from, from + size);
      held = held.subarray(from + size);
      return parse([...frame]);
    }
    const count = readSync(0, chunk, 0, chunk.length, null);
    if (count === 0) return undefined;
    held = Buffer.concat([held, chunk.subarray(0, count)]);
  }
}

function forever() {
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const text = (string) => [...Buffer.from(string)];

/** What it does instead of answering entry 3. */
const misdeeds = {
  crash: () => {
    throw new Error("the map has no such key: quorum");
  },
  killed: () => process.kill(process.pid, "SIGSEGV"),
  exit: () => process.exit(0),
  hang: () => {
    process.stderr.write("waiting for a lock that nobody holds\n");
    forever();
  },
  garbage: () => writeSync(1, Uint8Array.from([0x12, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
  print: (answer) => {
    writeSync(1, "applying entry 3\n");
    answer();
  },
  "wrong-instance": (answer) => answer({ 2: 77 }),
  "wrong-index": (_, call, instance) => send({ 1: call, 2: instance, 5: message({ 1: 99, 3: message({ 2: 1 }) }) }),
  "wrong-kind": (_, call, instance) => send({ 1: call, 2: instance, 4: [] }),
  oversized: () => {
    writeSync(1, Uint8Array.from([...varint(1024 ** 3), 8, 1]));
    forever();
  },
  "closes-stdout": () => {
    closeSync(1);
    forever();
  },
  twice: (answer) => {
    answer();
    answer();
  },
  floods: () => {
    for (let line = 1; line <= 40000; line++) writeSync(2, `line ${line} of a log that nobody asked for, and that goes on\n`);
    process.exit(9);
  },
  "says-so": (_, call, instance) => send({ 1: call, 2: instance, 15: message({ 1: text("panic: nil map") }) }),
  "half-an-answer": () => {
    writeSync(1, Uint8Array.from([20, 8, 6, 16, 1]));
    process.exit(4);
  },
  "leaves-a-grandchild": () => {
    // It takes the pipes along, in a group of its own.
    const left = spawn("sleep", ["60"], { stdio: ["inherit", "inherit", "inherit"], detached: true });
    process.stderr.write(`grandchild ${left.pid}\n`);
    forever();
  },
};

if (how === "no-start") process.exit(7);
if (how === "prints-first") writeSync(1, "machine 1.0 ready\n");
if (how === "never-reads") {
  // Says hello unasked, then hears nothing.
  send({ 1: 1, 3: message({ 1: 1, 3: text("counter"), 6: 1, 7: 8 }) });
  forever();
}
if (how === "ignores-the-end") process.on("SIGTERM", () => undefined);

for (let request = receive(); request !== undefined; request = receive()) {
  const { 1: call, 2: instance = 0 } = request;
  const here = instance === 0 ? { 1: call } : { 1: call, 2: instance };
  if (request[3]) {
    const version = how === "speaks-version-7" ? 7 : 1;
    send({ ...here, 3: message({ 1: version, 2: text("misbehaving"), 3: text("counter"), 6: 1, 7: 8 }) });
  } else if (request[4]) send({ ...here, 4: [] });
  else if (request[5]) {
    const index = parse(request[5])[1];
    const answer = (other = {}) =>
      send({ ...here, ...other, 5: message({ 1: index, 3: message({ 1: message({ 1: index }), 2: 1 }) }) });
    if (index === WHEN && misdeeds[how]) misdeeds[how](answer, call, instance);
    else answer();
  } else if (request[7]) send({ ...here, 7: message({ 1: text("state"), 2: 1 }) });
}
if (how === "ignores-the-end") forever();
