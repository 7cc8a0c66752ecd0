// The subjects that there are, in the order in which they are gone through.
import type { Subject } from "../subject.js";
import { election } from "./election.js";
import { exactlyOnce } from "./exactly-once.js";
import { lock } from "./lock.js";
import { session } from "./session.js";
import { stream } from "./stream.js";
import { ttl } from "./ttl.js";

export const subjects: readonly Subject[] = [session, exactlyOnce, lock, ttl, stream, election];
