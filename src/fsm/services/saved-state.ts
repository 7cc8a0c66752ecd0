// How saved states are read back: strictly, as equal states have equal bytes. SPEC 2.5.
import { decode, encode, type Codec } from "../../protocol/codec.js";
import { type Nanos, NANOS_PER_SECOND, fromNanos, toNanos } from "../../base/time.js";
import type { Deadline } from "../../proto/multiraft_sim/service/v1/service.js";
import type { Loading } from "./service.js";

/** The message that `data` is the canonical encoding of; the snapshot is refused where it is of none. */
export function readState<Message>(codec: Codec<Message>, data: Uint8Array, loading: Loading): Message {
  let message: Message | undefined;
  try {
    message = decode(codec, data);
  } catch {
    // Refused below.
  }
  loading.check(message !== undefined, "a service's data does not decode");
  const again = encode(codec, message);
  loading.check(sameBytes(again, data), "a service's data is not in its canonical encoding");
  return message;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** A deadline as it is saved: absolute, and without an upper end. */
export function saveDeadline(deadline: Nanos): Deadline {
  return fromNanos(deadline);
}

export function loadDeadline(deadline: Deadline, loading: Loading): Nanos {
  loading.check(
    deadline.seconds >= 0n && deadline.nanos >= 0 && BigInt(deadline.nanos) < NANOS_PER_SECOND,
    "a deadline is before the epoch, or its nanoseconds are not",
  );
  return toNanos(deadline);
}
