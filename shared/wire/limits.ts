/** Limits of the wire, each with its reason. Both ends refuse what is over them with a typed error. */

/** Protocol versions this build can speak, newest first. */
export const PROTOCOL_VERSIONS = [1] as const;
/** Largest frame accepted: a full snapshot with 20 ports is under 8 KiB; a hostile peer must not make us buffer more. */
export const MAX_FRAME_BYTES = 256 * 1024;
/** Events in one frame: 1,000 events are about 250 KB; batching beyond 10 gains little (measured: docs). */
export const MAX_EVENTS_PER_FRAME = 1000;
export const MAX_SAMPLES_PER_FRAME = 200;
/** Identifiers end up in file names, topics and the page. */
export const MAX_ID_LENGTH = 64;
export const MAX_TEXT_LENGTH = 2000;
/** Depth and size of free-form `userInfo`, which comes from outside our control. */
export const MAX_USER_INFO_BYTES = 8 * 1024;
/** What a device keeps of unacknowledged events before it must declare a gap. */
export const RING_MAX_EVENTS = 100_000;
export const RING_MAX_BYTES = 8 * 1024 * 1024;
/** An ack is owed after this many events or this long, whichever comes first. */
export const ACK_AFTER_EVENTS = 64;
export const ACK_AFTER_MILLISECONDS = 250;
/** Both ends ping; a peer that says nothing for this long is gone. */
export const PING_EVERY_MILLISECONDS = 2000;
export const SILENCE_LIMIT_MILLISECONDS = 10_000;
/** A socket must say hello within this time, else it is closed. */
export const HELLO_WITHIN_MILLISECONDS = 5000;
/** Bad frames a link survives within a minute before it is closed: a bug in a device must be seen, not endured. */
export const MAX_BAD_FRAMES_PER_MINUTE = 20;
