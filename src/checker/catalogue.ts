// The list of all properties, in the order of the specification's table. Reports and documents are written from it.
import { atMostOnce, sameAnswer } from "./invariants/commands.js";
import { ambient, sameSeed } from "./invariants/determinism.js";
import { oneLeader, participantsAlive } from "./invariants/elections.js";
import { bounded, harmless } from "./invariants/keep-alives.js";
import { complete, exact } from "./invariants/lifetimes.js";
import { expiry, progress } from "./invariants/liveness.js";
import { exclusive, fifo, holderAlive } from "./invariants/locks.js";
import { gapless, noneLost } from "./invariants/outputs.js";
import { answered, monotonic, readYourWrites } from "./invariants/queries.js";
import { agrees, legalMoves } from "./invariants/registries.js";
import { sameOutputs, sameState, total } from "./invariants/replicas.js";
import { asModelled, linearizable } from "./invariants/services.js";
import { deadStaysDead, idIsIndex, isolation, neverEarly, neverLate } from "./invariants/sessions.js";
import { canonical, changeNothing, invisible, refusesDamage } from "./invariants/snapshots.js";
import { neverGoesBack, nothingDueLeft } from "./invariants/time.js";
import type { Property } from "./property.js";

/** Every property, in the order of SPEC 6. */
export const catalogue: readonly Property[] = [
  neverGoesBack,
  nothingDueLeft,
  neverEarly,
  neverLate,
  deadStaysDead,
  idIsIndex,
  isolation,
  atMostOnce,
  sameAnswer,
  gapless,
  noneLost,
  harmless,
  asModelled,
  sameOutputs,
  sameState,
  canonical,
  invisible,
  refusesDamage,
  changeNothing,
  answered,
  monotonic,
  readYourWrites,
  ...linearizable,
  exclusive,
  fifo,
  holderAlive,
  oneLeader,
  participantsAlive,
  exact,
  complete,
  total,
  bounded,
  progress,
  expiry,
  legalMoves,
  agrees,
  ambient,
  sameSeed,
];
