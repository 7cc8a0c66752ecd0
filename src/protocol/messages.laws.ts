// Messages of every kind, for the laws that codecs must keep. Numbers favour the ends of their range.
import fc from "fast-check";
import type {
  CommandInput,
  CommandOutput,
  OperationOutput,
  PartitionSnapshot,
  QueryInput,
  QueryOutput,
  ServiceCommandOutput,
} from "../proto/atomix/multiraft/v1/fsm.js";
import { CommandState } from "../proto/atomix/multiraft/v1/fsm.js";
import { OPERATIONS } from "./operations.js";
import { Status } from "./failure.js";

const MOST = 2n ** 64n - 1n;

export const anyUint64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 0n, max: MOST }),
  fc.constantFrom(0n, 1n, 127n, 128n, 2n ** 32n, 2n ** 49n - 1n, 2n ** 49n, 2n ** 53n, 2n ** 63n, MOST),
);
export const anyText = fc.oneof(
  fc.constantFrom("", ...Object.values(OPERATIONS).flatMap((operations) => Object.keys(operations))),
  fc.string({ maxLength: 12, unit: "grapheme" }),
  fc.string({ maxLength: 12, unit: "binary" }).map((text) => text.replace(/[\ud800-\udfff]/gu, "-")),
  fc.constant("x".repeat(200)),
);
export const anyBytes = fc
  .oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 120, maxLength: 140 }))
  .map((bytes) => Uint8Array.from(bytes));

export const anyTimestamp = fc.record({
  seconds: fc.oneof(fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n }), fc.constantFrom(0n, 253_402_300_799n)),
  nanos: fc.oneof(fc.constantFrom(0, 1, 1000, 1_000_000, 500_000_000, 999_999_999), fc.nat(999_999_999)),
});
export const anyDuration = fc
  .record({
    seconds: fc.oneof(fc.bigInt({ min: 0n, max: 315_576_000_000n }), fc.bigInt({ min: 0n, max: 5n })),
    nanos: fc.oneof(fc.constantFrom(0, 1, 500_000_000), fc.nat(999_999_999)),
    negative: fc.boolean(),
  })
  .map(({ seconds, nanos, negative }) =>
    negative ? { seconds: -seconds, nanos: nanos === 0 ? 0 : -nanos } : { seconds, nanos },
  );

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

const operation = fc.record({ name: anyText, payload: anyBytes });
const spec = fc.record({ service: anyText, namespace: anyText, name: anyText });
const serviceCommand = fc.record({ serviceId: anyUint64, sequenceNum: anyUint64, operation: maybe(operation) });

function member<Case extends string, Value>($case: Case, value: fc.Arbitrary<Value>) {
  return value.map((inner) => ({ $case, value: inner }));
}

export const anyCommandInput: fc.Arbitrary<CommandInput> = fc.record({
  timestamp: maybe(anyTimestamp),
  input: maybe(
    fc.oneof(
      member("openSession", fc.record({ timeout: maybe(anyDuration) })),
      member(
        "keepAlive",
        fc.record({
          sessionId: anyUint64,
          inputFilter: anyBytes,
          lastInputSequenceNum: anyUint64,
          lastOutputSequenceNums: fc
            .array(fc.tuple(anyUint64, anyUint64), { maxLength: 4 })
            .map((entries) => new Map(entries)),
        }),
      ),
      member("closeSession", fc.record({ sessionId: anyUint64 })),
      member(
        "sessionCommand",
        fc.record({
          sessionId: anyUint64,
          input: maybe(
            fc.oneof(
              member("createService", fc.record({ spec: maybe(spec) })),
              member("closeService", fc.record({ serviceId: anyUint64 })),
              member("serviceCommand", serviceCommand),
            ),
          ),
        }),
      ),
    ),
  ),
});

const statuses = Object.values(Status).filter((status) => status >= 0);
export const anyOperationOutput: fc.Arbitrary<OperationOutput> = fc.record({
  status: fc.constantFrom(...statuses),
  payload: anyBytes,
  message: anyText,
});
export const anyServiceCommandOutput: fc.Arbitrary<ServiceCommandOutput> = fc.record({
  sequenceNum: anyUint64,
  operation: maybe(anyOperationOutput),
});

export const anyCommandOutput: fc.Arbitrary<CommandOutput> = fc.record({
  index: anyUint64,
  output: maybe(
    fc.oneof(
      member("openSession", fc.record({ sessionId: anyUint64 })),
      member("keepAlive", fc.constant({})),
      member("closeSession", fc.constant({})),
      member(
        "sessionCommand",
        fc.record({
          output: maybe(
            fc.oneof(
              member("createService", fc.record({ serviceId: anyUint64 })),
              member("closeService", fc.constant({})),
              member("serviceCommand", anyServiceCommandOutput),
            ),
          ),
        }),
      ),
    ),
  ),
});

export const anyQueryInput: fc.Arbitrary<QueryInput> = fc.record({
  maxReceivedIndex: anyUint64,
  input: maybe(
    member(
      "sessionQuery",
      fc.record({
        sessionId: anyUint64,
        input: maybe(member("serviceQuery", fc.record({ serviceId: anyUint64, operation: maybe(operation) }))),
      }),
    ),
  ),
});

export const anyQueryOutput: fc.Arbitrary<QueryOutput> = fc.record({
  output: maybe(
    member(
      "sessionQuery",
      fc.record({ output: maybe(member("serviceQuery", fc.record({ operation: maybe(anyOperationOutput) }))) }),
    ),
  ),
});

const instant = fc.record({ seconds: fc.bigInt({ min: 0n, max: 253_402_300_799n }), nanos: fc.nat(999_999_999) });

/** Any message of the kind that saving makes: no instant before the epoch. Not any state that a machine could be in. */
export const anyPartitionSnapshot: fc.Arbitrary<PartitionSnapshot> = fc.record({
  index: anyUint64,
  timestamp: maybe(instant),
  sessions: fc.array(
    fc.record({
      sessionId: anyUint64,
      timeout: maybe(instant),
      lastUpdated: maybe(instant),
      commands: fc.array(
        fc.record({
          commandSequenceNum: anyUint64,
          state: fc.constantFrom(CommandState.COMMAND_OPEN, CommandState.COMMAND_COMPLETE),
          input: maybe(serviceCommand),
          pendingOutputs: fc.array(anyServiceCommandOutput, { maxLength: 3 }),
        }),
        { maxLength: 4 },
      ),
    }),
    { maxLength: 3 },
  ),
  services: fc.array(
    fc.record({
      serviceId: anyUint64,
      spec: maybe(spec),
      data: anyBytes,
      sessions: fc.array(anyUint64, { maxLength: 4 }),
    }),
    { maxLength: 3 },
  ),
});
