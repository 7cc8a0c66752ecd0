// Every fault, one line each. The order is that of the report, and that in which drawn faults are asked.
import { clientCrash } from "./client-crash.js";
import { clientPause } from "./client-pause.js";
import { clientRestart } from "./client-restart.js";
import { clockDrift } from "./clock-drift.js";
import { clockJump } from "./clock-jump.js";
import { clockSkew } from "./clock-skew.js";
import { cloggedLink } from "./clogged-link.js";
import type { FaultKind } from "./fault.js";
import { filterFalsePositives } from "./filter-false-positives.js";
import { hostileBytes } from "./hostile-bytes.js";
import { hostileInputs } from "./hostile-inputs.js";
import { keepAliveDelay } from "./keep-alive-delay.js";
import { keepAliveDuplication } from "./keep-alive-duplication.js";
import { keepAlivePastExpiry } from "./keep-alive-past-expiry.js";
import { leaderChange } from "./leader-change.js";
import { logCompaction } from "./log-compaction.js";
import { messageDelay } from "./message-delay.js";
import { messageDuplication } from "./message-duplication.js";
import { messageLoss } from "./message-loss.js";
import { messageReordering } from "./message-reordering.js";
import { messageReplay } from "./message-replay.js";
import { networkSplit } from "./network-split.js";
import { numberReuse } from "./number-reuse.js";
import { oneWaySplit } from "./one-way-split.js";
import { quorumLoss } from "./quorum-loss.js";
import { repliesLost } from "./replies-lost.js";
import { replicaCrash } from "./replica-crash.js";
import { replicaLag } from "./replica-lag.js";
import { replicaPause } from "./replica-pause.js";
import { retryStorm } from "./retry-storm.js";
import { snapshotChunks } from "./snapshot-chunks.js";
import { snapshotDamage } from "./snapshot-damage.js";
import { snapshotInstall } from "./snapshot-install.js";
import { snapshotSave } from "./snapshot-save.js";
import { streamBreak } from "./stream-break.js";
import { timestampsCoarse } from "./timestamps-coarse.js";
import { timestampsEqual } from "./timestamps-equal.js";
import { timestampsMissing } from "./timestamps-missing.js";
import { timestampsOnEdge } from "./timestamps-on-edge.js";

/** Every kind of fault. */
export const FAULTS: readonly FaultKind[] = [
  messageLoss,
  messageDelay,
  messageReordering,
  messageDuplication,
  messageReplay,
  repliesLost,
  streamBreak,
  keepAliveDuplication,
  keepAliveDelay,
  keepAlivePastExpiry,
  cloggedLink,
  networkSplit,
  oneWaySplit,
  leaderChange,
  replicaCrash,
  replicaPause,
  replicaLag,
  snapshotSave,
  logCompaction,
  snapshotInstall,
  snapshotDamage,
  snapshotChunks,
  clockSkew,
  clockDrift,
  clockJump,
  timestampsMissing,
  timestampsCoarse,
  timestampsEqual,
  timestampsOnEdge,
  clientPause,
  clientCrash,
  clientRestart,
  retryStorm,
  numberReuse,
  filterFalsePositives,
  hostileBytes,
  hostileInputs,
  quorumLoss,
];

const BY_NAME = new Map(FAULTS.map((kind) => [kind.name, kind]));

/** The fault of that name, also one of a user's own. */
export function faultNamed(name: string, own: readonly FaultKind[] = []): FaultKind | undefined {
  return BY_NAME.get(name) ?? own.find((kind) => kind.name === name);
}
