/** Times that decide what an incident is, each with its reason. */
import { fromMilliseconds, fromSeconds, type Micros } from '../time/time.ts';

/** Both directions must flow this long before an incident is over: an app that restarts too early is thrown out again within 1 to 2 s. */
export const SETTLE: Micros = fromSeconds(2);
/** Shorter stillness is not an outage: a lost packet is 20 ms, and concealment of up to 60 ms cannot be heard. */
export const SHORTEST_OUTAGE: Micros = fromMilliseconds(60);
/** Sound that comes through for less than this between two outages is not recovery but a blink in one outage. */
export const BLINK: Micros = fromMilliseconds(100);
/**
 * A break this short, once both directions have flowed again, does not undo the recovery: the jitter buffer conceals for up to
 * about 200 ms while it finds its depth again, and a busy machine adds its own. A real second loss lasts longer.
 */
export const STUTTER: Micros = fromMilliseconds(250);
/** An outage nobody explained becomes an incident after this: shorter ones are jitter on a busy network or machine. */
export const OUTAGE_OPENS_INCIDENT_AFTER: Micros = fromSeconds(1);
/** The last frame may lie before the cause is told: it is stamped elsewhere, and the OS stops audio before it says so. */
export const OUTAGE_MAY_PRECEDE: Micros = fromMilliseconds(500);
/** A told cause and the sign of it are one thing when they are this close, whichever comes first. */
export const ONE_THING_WITHIN: Micros = fromSeconds(3);
/** After the cause is gone. ICE gives up after 15 to 17 s and a restart takes under a second; nobody waits longer in silence. */
export const GIVE_UP_AFTER: Micros = fromSeconds(30);
/** Late milestones: STUN answers every 2.5 s, receiver reports every 3.8 s at most, statistics once a second. */
export const LATE_MILESTONES_WITHIN: Micros = fromSeconds(8);
/** An incident whose cause nobody ever clears is put aside after this, so that memory stays bounded. */
export const LONGEST_OPEN: Micros = fromSeconds(3600);
/** A recovery that began by itself this shortly before the user acted was not the user's doing. */
export const RECOVERY_UNDER_WAY: Micros = fromSeconds(2);
/** The user's act that clears the cause itself (unmuting) is not an act on top of it. */
export const SAME_ACT: Micros = fromMilliseconds(50);
/** Frames that stop this shortly before a hang-up stopped because of it. */
export const HANG_UP_STOPS_WITHIN: Micros = fromMilliseconds(500);
/** Counters are read once a second at rest, so an answer may have come this much before it was seen (100 ms for a late timer). */
export const READ_LATE_BY: Micros = fromMilliseconds(1100);
/** Packets leave every 20 ms, and the path adds a little: the uplink's first packet may follow the proof of its path by this. */
export const PACKET_SLACK: Micros = fromMilliseconds(40);
/** What is remembered of quiet times: a sign may reach us this long before the cause that explains it. */
export const LOOK_BACK: Micros = fromSeconds(30);
/** Facts of one sort; an hour of the busiest sort (ten statistics a second). More are given up, oldest first. */
export const MAX_FACTS = 40_000;
