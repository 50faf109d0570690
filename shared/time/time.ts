/**
 * Time in Sidetone is integer microseconds. They fit a double for 285 years, where nanoseconds do not.
 * Three kinds that must not be mixed, told apart by the compiler only (nothing at run time):
 *
 *   Micros       a duration
 *   DeviceTime   an instant on a device's clock that keeps counting while it sleeps, since its own epoch
 *   DesktopTime  an instant on this machine's monotonic clock, since the engine's epoch
 */
declare const unit: unique symbol;

export type Micros = number & { readonly [unit]: 'duration' };
export type DeviceTime = number & { readonly [unit]: 'device instant' };
export type DesktopTime = number & { readonly [unit]: 'desktop instant' };
/** Any instant: what generic helpers accept. */
export type Instant = DeviceTime | DesktopTime;

export const MICROS_PER_MILLISECOND = 1000;
export const MICROS_PER_SECOND = 1_000_000;

/** A duration; rounds to whole microseconds. */
export const micros = (value: number): Micros => Math.round(value) as Micros;
export const fromMilliseconds = (value: number): Micros => micros(value * MICROS_PER_MILLISECOND);
export const fromSeconds = (value: number): Micros => micros(value * MICROS_PER_SECOND);
export const toMilliseconds = (value: Micros): number => value / MICROS_PER_MILLISECOND;
export const toSeconds = (value: Micros): number => value / MICROS_PER_SECOND;

export const deviceTime = (value: number): DeviceTime => Math.round(value) as DeviceTime;
export const desktopTime = (value: number): DesktopTime => Math.round(value) as DesktopTime;

/** The instant `duration` after `instant` (before, when negative). */
export const after = <I extends Instant>(instant: I, duration: Micros): I => (instant + duration) as I;
/** How long after `earlier` `later` is; negative when it is before. Both on one clock. */
export const between = <I extends Instant>(earlier: I, later: I): Micros => (later - earlier) as Micros;
