// The domain's numbers, each a type of its own. All of them are uint64 on the wire, so all of them are bigints here.
import type { Branded } from "../base/brand.js";

/** The place of an entry in its partition's log, from 1. */
export type LogIndex = Branded<bigint, "LogIndex">;
export const LogIndex = (value: bigint): LogIndex => value as LogIndex;

/** A client's registration with one partition: the index of the entry that opened it. SPEC 2.2. */
export type SessionId = Branded<bigint, "SessionId">;
export const SessionId = (value: bigint): SessionId => value as SessionId;

/** One named replicated object: the index of the entry that created it. SPEC 2.4. */
export type ServiceId = Branded<bigint, "ServiceId">;
export const ServiceId = (value: bigint): ServiceId => value as ServiceId;

/** The number that a client gave to a command, per session, from 1. SPEC 2.3. */
export type CommandNum = Branded<bigint, "CommandNum">;
export const CommandNum = (value: bigint): CommandNum => value as CommandNum;

/** The number of an output within its command, from 1 without a gap. SPEC 2.3. */
export type OutputNum = Branded<bigint, "OutputNum">;
export const OutputNum = (value: bigint): OutputNum => value as OutputNum;

/** The highest uint64. */
export const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;
