/** What flows, in the wire's words (`flow` in shared/wire/values.ts; repeated here because pcm stands below the wire). */
export type Flow = 'flowing' | 'zeros' | 'concealed' | 'stopped';

/** All instants in microseconds of the clock that stamped the readings and frames. */
export interface FlowEdge {
  readonly from: Flow;
  readonly to: Flow;
  /** The last frame of the old state (when flow ends) or the first of the new one (when it begins). */
  readonly edgeAt: number;
  /** How far `edgeAt` may be off, either way. */
  readonly errorMicros: number;
}
