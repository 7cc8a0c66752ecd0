// Every line of a trace as it stands on file: its fields, in the order in which they are written. Declared once, for writing
// and for reading. A change here that the reader of today would misread raises TRACE_FORMAT.
import { Status } from "../protocol/failure.js";
import type { Answer, Applied, Capabilities, Emission, QueryAnswer, Reply, Restored } from "../protocol/machine.js";
import type { CommandInput, QueryOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Failure } from "../protocol/failure.js";
import { messages } from "../protocol/wire.js";
import * as c from "./codec.js";
import type { Codec } from "./codec.js";
import type * as line from "./line.js";

const status = c.named<Status>(
  Object.fromEntries(Object.entries(Status).filter(([name]) => name !== "UNRECOGNIZED")) as Record<string, number>,
);

const failure = c.record<Failure>({ kind: c.word("failure"), status, message: c.text });

const reply: Codec<Reply> = c.choice<"kind", Reply>("kind", {
  failure,
  answer: c.record<Answer>({
    kind: c.word("answer"),
    outputs: c.list(c.message(messages.CommandOutput)),
    complete: c.flag,
  }),
});

const applied = c.record<Applied>({
  reply,
  emissions: c.list(
    c.record<Emission>({
      sessionId: c.big(),
      commandNum: c.big(),
      output: c.message(messages.ServiceCommandOutput),
      complete: c.flag,
    }),
  ),
});

const queryAnswer: Codec<QueryAnswer> = c.choice<"kind", QueryAnswer>("kind", {
  failure,
  answer: c.record<{ readonly kind: "answer"; readonly output: QueryOutput }>({
    kind: c.word("answer"),
    output: c.message(messages.QueryOutput),
  }),
});

const restored: Codec<Restored> = c.choice<"kind", Restored>("kind", {
  restored: c.record<{ readonly kind: "restored" }>({ kind: c.word("restored") }),
  refused: c.record<{ readonly kind: "refused"; readonly message: string }>({
    kind: c.word("refused"),
    message: c.text,
  }),
});

const commandInput = c.message(messages.CommandInput);
const committedInput: Codec<CommandInput | "undecodable"> = {
  save: (value) => (value === "undecodable" ? value : commandInput.save(value)),
  load: (json, path) => (json === "undecodable" ? json : commandInput.load(json, path)),
};

const at = { t: c.integer<line.PhaseLine["t"]>() };
const onPartition = { ...at, partition: c.integer<number>() };
const onReplica = { ...onPartition, replica: c.integer<number>() };
const byClient = { ...onPartition, client: c.text, incarnation: c.integer<number>() };
const spec = c.message(messages.ServiceSpec);

const terms = c.record<line.Terms>({
  machine: c.record<line.Terms["machine"]>({
    name: c.text,
    capabilities: c.record<Capabilities>({
      services: c.list(c.text),
      snapshots: c.word("canonical", "readable", "opaque"),
      observations: c.optional(c.word<"canonical" | "readable">("canonical", "readable")),
      ticks: c.flag,
      codec: c.optional(c.word<"own">("own")),
    }),
  }),
  partitions: c.list(
    c.record<line.Terms["partitions"][number]>({ partition: c.integer<number>(), replicas: c.integer<number>() }),
  ),
  livenessBound: c.integer(),
  played: c.word("world", "log"),
});

/** The codec of every kind of line, by the word in its field `e`. */
const lines: { readonly [E in line.Line["e"]]: Codec<Extract<line.Line, { readonly e: E }>> } = {
  header: c.record<line.HeaderLine>({
    e: c.word("header"),
    format: c.integer<number>(),
    tool: c.text,
    version: c.text,
    seed: c.nullable(c.text),
    scenario: c.text,
    bug: c.nullable(c.text),
    terms,
    plan: c.json,
  }),
  phase: c.record<line.PhaseLine>({
    e: c.word("phase"),
    ...at,
    phase: c.word("safety", "liveness", "end"),
    cannotRecover: c.optional(c.text),
  }),
  fault: c.record<line.FaultLine>({
    e: c.word("fault"),
    ...at,
    fault: c.text,
    change: c.word("start", "stop", "strike"),
    what: c.text,
  }),
  leader: c.record<line.LeaderLine>({
    e: c.word("leader"),
    ...onPartition,
    term: c.integer<number>(),
    replica: c.nullable(c.integer<number>()),
  }),
  replica: c.record<line.ReplicaLine>({
    e: c.word("replica"),
    ...onReplica,
    change: c.word("crash", "restart", "pause", "resume"),
  }),
  send: c.record<line.SendLine>({
    e: c.word("send"),
    ...at,
    message: c.text,
    from: c.text,
    to: c.text,
    what: c.text,
    arrives: c.list(c.integer<line.SendLine["t"]>()),
    by: c.optional(c.text),
  }),
  deliver: c.record<line.DeliverLine>({ e: c.word("deliver"), ...at, message: c.text, dropped: c.optional(c.text) }),
  commit: c.record<line.CommitLine>({
    e: c.word("commit"),
    ...onPartition,
    index: c.big(),
    term: c.integer<number>(),
    origin: c.text,
    input: committedInput,
    bytes: c.optional(c.bytes),
  }),
  apply: c.record<line.ApplyLine>({ e: c.word("apply"), ...onReplica, index: c.big(), applied }),
  broke: c.record<line.BrokeLine>({
    e: c.word("broke"),
    ...onReplica,
    during: c.word("apply", "query", "snapshot", "restore"),
    index: c.big(),
    how: c.word("threw", "hung", "silent"),
    message: c.text,
  }),
  ambient: c.record<line.AmbientLine>({
    e: c.word("ambient"),
    ...onReplica,
    index: c.big(),
    source: c.text,
    stack: c.text,
  }),
  observe: c.record<line.ObserveLine>({
    e: c.word("observe"),
    ...onReplica,
    index: c.big(),
    why: c.word<line.ObserveLine["why"]>(
      "drawn",
      "end",
      "shadow",
      "before-query",
      "after-query",
      "before-refusal",
      "after-refusal",
      "again",
      "restored",
    ),
    bytes: c.bytes,
  }),
  save: c.record<line.SaveLine>({
    e: c.word("save"),
    ...onReplica,
    snapshot: c.integer<number>(),
    index: c.big(),
    bytes: c.bytes,
  }),
  restore: c.record<line.RestoreLine>({
    e: c.word("restore"),
    ...onReplica,
    snapshot: c.integer<number>(),
    index: c.big(),
    why: c.word("restart", "install"),
    chunks: c.list(c.integer<number>()),
    damage: c.optional(c.text),
    bytes: c.optional(c.bytes),
    result: restored,
  }),
  query: c.record<line.QueryLine>({
    e: c.word("query"),
    ...onReplica,
    query: c.text,
    sync: c.flag,
    input: c.message(messages.QueryInput),
    index: c.big(),
    parked: c.flag,
  }),
  answer: c.record<line.AnswerLine>({
    e: c.word("answer"),
    ...onReplica,
    query: c.text,
    sync: c.flag,
    input: c.message(messages.QueryInput),
    index: c.big(),
    answer: queryAnswer,
  }),
  session: c.record<line.SessionLine>({
    e: c.word("session"),
    ...byClient,
    change: c.word("opening", "opened", "lost", "closing", "closed", "crashed"),
    session: c.optional(c.big<Exclude<line.SessionLine["session"], undefined>>()),
    timeout: c.optional(c.big()),
    index: c.optional(c.big<Exclude<line.SessionLine["index"], undefined>>()),
  }),
  use: c.record<line.UseLine>({
    e: c.word("use"),
    ...byClient,
    change: c.word("opening", "opened", "lost", "closing", "closed"),
    spec,
    session: c.optional(c.big<Exclude<line.UseLine["session"], undefined>>()),
    service: c.optional(c.big<Exclude<line.UseLine["service"], undefined>>()),
    since: c.optional(c.integer<line.UseLine["t"]>()),
  }),
  "keep-alive": c.record<line.KeepAliveLine>({
    e: c.word("keep-alive"),
    ...byClient,
    session: c.big(),
    lastInput: c.big(),
    open: c.list(c.big()),
    acknowledged: c.list(c.record<line.KeepAliveLine["acknowledged"][number]>({ command: c.big(), output: c.big() })),
  }),
  invoke: c.record<line.InvokeLine>({
    e: c.word("invoke"),
    ...byClient,
    op: c.integer<number>(),
    session: c.big(),
    command: c.optional(c.big<Exclude<line.InvokeLine["command"], undefined>>()),
    sync: c.optional(c.flag),
    service: c.big(),
    spec,
    operation: c.text,
    payload: c.bytes,
  }),
  return: c.record<line.ReturnLine>({
    e: c.word("return"),
    ...byClient,
    op: c.integer<number>(),
    outcome: c.word("ok", "failed", "unknown", "given-up"),
    status: c.optional(status),
    payload: c.optional(c.bytes),
    index: c.optional(c.big<Exclude<line.ReturnLine["index"], undefined>>()),
  }),
  receive: c.record<line.ReceiveLine>({
    e: c.word("receive"),
    ...byClient,
    op: c.integer<number>(),
    session: c.big(),
    command: c.big(),
    output: c.big(),
    status,
    payload: c.bytes,
    index: c.big(),
    complete: c.flag,
  }),
  "client-error": c.record<line.ClientErrorLine>({
    e: c.word("client-error"),
    ...byClient,
    op: c.optional(c.integer<number>()),
    session: c.optional(c.big<Exclude<line.ClientErrorLine["session"], undefined>>()),
    command: c.optional(c.big<Exclude<line.ClientErrorLine["command"], undefined>>()),
    error: c.word("gap", "missing-output", "changed-output", "after-complete", "index-went-back"),
    what: c.text,
  }),
  registry: c.record<line.RegistryLine>({
    e: c.word("registry"),
    ...at,
    change: c.word("moved", "compacted"),
    version: c.big(),
    entry: c.message(messages.Session),
    partition: c.integer<number>(),
    session: c.optional(c.big<Exclude<line.RegistryLine["session"], undefined>>()),
  }),
  end: c.record<line.EndLine>({ e: c.word("end"), ...at, lines: c.integer<number>(), digest: c.text }),
};

/** The codec of any line. */
export const lineCodec: Codec<line.Line> = c.choice<"e", line.Line>("e", lines);
