// Every bug of the zoo, in the order in which they are listed. One line a bug; the bugs themselves live in files of their own.
import type { Bug } from "./bug.js";
import { ackLeavesCommand } from "./ack-leaves-command.js";
import { ackTakesRequestNumber } from "./ack-takes-request-number.js";
import { clientAcksBeforeReceived } from "./client-acks-before-received.js";
import { clientSkipsGap } from "./client-skips-gap.js";
import { clientStallsContiguity } from "./client-stalls-contiguity.js";
import { clockInApply } from "./clock-in-apply.js";
import { commandRefreshes } from "./command-refreshes.js";
import { conflictingInputAccepted } from "./conflicting-input-accepted.js";
import { createTwiceOrphans } from "./create-twice-orphans.js";
import { dedupLostInSnapshot } from "./dedup-lost-in-snapshot.js";
import { electionAnointLast } from "./election-anoint-last.js";
import { electionCandidatesUnwatched } from "./election-candidates-unwatched.js";
import { electionKeepsOldSession } from "./election-keeps-old-session.js";
import { electionTermTwice } from "./election-term-twice.js";
import { entryAppliedTwice } from "./entry-applied-twice.js";
import { errorsNotCached } from "./errors-not-cached.js";
import { eventsInInsertionOrder } from "./events-in-insertion-order.js";
import { expiryByMaximum } from "./expiry-by-maximum.js";
import { expiryExclusive } from "./expiry-exclusive.js";
import { expiryOnOwnTraffic } from "./expiry-on-own-traffic.js";
import { filterIgnoresBound } from "./filter-ignores-bound.js";
import { keepaliveBadFilterRefreshes } from "./keepalive-bad-filter-refreshes.js";
import { keepaliveNoRefresh } from "./keepalive-no-refresh.js";
import { lateKeepaliveRevives } from "./late-keepalive-revives.js";
import { lockLifo } from "./lock-lifo.js";
import { lockNotReleasedOnExpiry } from "./lock-not-released-on-expiry.js";
import { lockReleaseByAnyone } from "./lock-release-by-anyone.js";
import { lockStaleWatcher } from "./lock-stale-watcher.js";
import { lockTimeoutRestarts } from "./lock-timeout-restarts.js";
import { lockTryOverwrites } from "./lock-try-overwrites.js";
import { lockWaiterStays } from "./lock-waiter-stays.js";
import { mapRemoveAnswersNewVersion } from "./map-remove-answers-new-version.js";
import { markLostInSnapshot } from "./mark-lost-in-snapshot.js";
import { noDedup } from "./no-dedup.js";
import { outputCounterLost } from "./output-counter-lost.js";
import { poisonFilter } from "./poison-filter.js";
import { poisonPayload } from "./poison-payload.js";
import { purgeForgets } from "./purge-forgets.js";
import { queryIgnoresIndex } from "./query-ignores-index.js";
import { queryIndexNotCarried } from "./query-index-not-carried.js";
import { queryMutates } from "./query-mutates.js";
import { randomInApply } from "./random-in-apply.js";
import { registryMissesLoss } from "./registry-misses-loss.js";
import { registrySkipsClosing } from "./registry-skips-closing.js";
import { restoreAttachesToAll } from "./restore-attaches-to-all.js";
import { restoreDropsParkedQueries } from "./restore-drops-parked-queries.js";
import { restoreForgetsOpen } from "./restore-forgets-open.js";
import { restoreHalfDone } from "./restore-half-done.js";
import { restoreShortRead } from "./restore-short-read.js";
import { retryOfCancelledHangs } from "./retry-of-cancelled-hangs.js";
import { serviceCloseEvictsOthers } from "./service-close-evicts-others.js";
import { sessionIdReused } from "./session-id-reused.js";
import { setAddAlwaysTrue } from "./set-add-always-true.js";
import { snapshotAtWrongIndex } from "./snapshot-at-wrong-index.js";
import { snapshotInInsertionOrder } from "./snapshot-in-insertion-order.js";
import { snapshotLosesAField } from "./snapshot-loses-a-field.js";
import { snapshotMutates } from "./snapshot-mutates.js";
import { staleKeepaliveLists } from "./stale-keepalive-lists.js";
import { staleKeepaliveRewinds } from "./stale-keepalive-rewinds.js";
import { stateOutlivesTheRun } from "./state-outlives-the-run.js";
import { streamsOutliveSession } from "./streams-outlive-session.js";
import { syncQueryFromDeposedLeader } from "./sync-query-from-deposed-leader.js";
import { timeGoesBack } from "./time-goes-back.js";
import { timeMissingIsEpoch } from "./time-missing-is-epoch.js";
import { timerCancelStopsTick } from "./timer-cancel-stops-tick.js";
import { timerTiesByInsertion } from "./timer-ties-by-insertion.js";
import { timersUnsorted } from "./timers-unsorted.js";
import { ttlExpirySilent } from "./ttl-expiry-silent.js";
import { ttlNotRefreshed } from "./ttl-not-refreshed.js";
import { ttlRestarts } from "./ttl-restarts.js";
import { ttlTimerSurvivesRemove } from "./ttl-timer-survives-remove.js";
import { ttlZeroExpires } from "./ttl-zero-expires.js";
import { unackedDropped } from "./unacked-dropped.js";
import { valueConflictApplies } from "./value-conflict-applies.js";

export const bugs: readonly Bug[] = [
  timersUnsorted,
  timerCancelStopsTick,
  timerTiesByInsertion,
  timeGoesBack,
  timeMissingIsEpoch,
  expiryExclusive,
  expiryByMaximum,
  expiryOnOwnTraffic,
  keepaliveNoRefresh,
  commandRefreshes,
  lateKeepaliveRevives,
  keepaliveBadFilterRefreshes,
  staleKeepaliveRewinds,
  staleKeepaliveLists,
  filterIgnoresBound,
  ackLeavesCommand,
  purgeForgets,
  noDedup,
  errorsNotCached,
  dedupLostInSnapshot,
  markLostInSnapshot,
  unackedDropped,
  ackTakesRequestNumber,
  outputCounterLost,
  retryOfCancelledHangs,
  streamsOutliveSession,
  conflictingInputAccepted,
  snapshotInInsertionOrder,
  snapshotAtWrongIndex,
  snapshotLosesAField,
  snapshotMutates,
  queryMutates,
  restoreAttachesToAll,
  restoreForgetsOpen,
  restoreHalfDone,
  restoreShortRead,
  lockTimeoutRestarts,
  ttlRestarts,
  lockStaleWatcher,
  lockTryOverwrites,
  lockWaiterStays,
  lockNotReleasedOnExpiry,
  lockLifo,
  lockReleaseByAnyone,
  valueConflictApplies,
  mapRemoveAnswersNewVersion,
  setAddAlwaysTrue,
  electionAnointLast,
  electionCandidatesUnwatched,
  electionKeepsOldSession,
  electionTermTwice,
  ttlZeroExpires,
  ttlNotRefreshed,
  ttlTimerSurvivesRemove,
  ttlExpirySilent,
  eventsInInsertionOrder,
  serviceCloseEvictsOthers,
  createTwiceOrphans,
  poisonFilter,
  poisonPayload,
  sessionIdReused,
  randomInApply,
  clockInApply,
  stateOutlivesTheRun,
  restoreDropsParkedQueries,
  queryIgnoresIndex,
  queryIndexNotCarried,
  syncQueryFromDeposedLeader,
  entryAppliedTwice,
  clientSkipsGap,
  clientAcksBeforeReceived,
  clientStallsContiguity,
  registrySkipsClosing,
  registryMissesLoss,
];

/** The bug of that name; undefined where the zoo has none. */
export function bugNamed(name: string): Bug | undefined {
  return bugs.find((bug) => bug.name === name);
}
