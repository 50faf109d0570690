/** Why a link's socket was closed, told in the close frame (RFC 6455 leaves 4000 to 4999 to applications). */
export const CLOSE = {
  /** No hello in time. */
  noHello: 4001,
  /** No protocol version in common: trying again cannot help. */
  version: 4002,
  /** A newer connection of the same device took over: the older one must not come back. */
  replaced: 4003,
  /** More bad frames a minute than a link survives. */
  badFrames: 4004,
  /** Nothing was heard for too long. */
  silent: 4005,
  /** A hole in the numbers: both ends start again from what is stored. */
  protocol: 4006,
  /** The engine could not take the events over: they stay with the device, which sends them again. */
  notStored: 4007,
  /** More connections or devices than the engine serves. */
  full: 4008,
  normal: 1000,
  goingAway: 1001,
  tooLarge: 1009,
} as const;

/** Closes after which a device must not dial again by itself. */
export const isFinalClose = (code: number): boolean => code === CLOSE.version || code === CLOSE.replaced;
