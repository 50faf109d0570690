/** Reasons and keys that notifications carry. Source: AVAudioSessionTypes.h SDK 27. */

/** There is no 5. */
export const ROUTE_CHANGE_REASONS = {
  unknown: 0,
  newDeviceAvailable: 1,
  oldDeviceUnavailable: 2,
  categoryChange: 3,
  override: 4,
  wakeFromSleep: 6,
  noSuitableRouteForCategory: 7,
  routeConfigurationChange: 8,
} as const;
export type RouteChangeReason = keyof typeof ROUTE_CHANGE_REASONS;

export const INTERRUPTION_TYPES = { ended: 0, began: 1 } as const;

export const INTERRUPTION_REASONS = {
  default: { raw: 0, since: '14.5' },
  /** Deprecated in 16.0 and not sent from there on. */
  appWasSuspended: { raw: 1, since: '14.5', until: '16.0' },
  builtInMicMuted: { raw: 2, since: '14.5' },
  /** visionOS only. */
  sceneWasBackgrounded: { raw: 3, since: '17' },
  /** Never followed by an `ended` (field-bugs 0.3). */
  routeDisconnected: { raw: 4, since: '17' },
  /** visionOS only. */
  deviceUnauthenticated: { raw: 5, since: '26' },
} as const;
export type InterruptionReason = keyof typeof INTERRUPTION_REASONS;

export const SHOULD_RESUME = 1;

/** Names and user-info keys. Those of iOS 27 are the constant names; their raw strings are assumed to be the same. */
export const NOTIFICATIONS = {
  interruption: 'AVAudioSessionInterruptionNotification',
  routeChange: 'AVAudioSessionRouteChangeNotification',
  mediaServicesWereLost: 'AVAudioSessionMediaServicesWereLostNotification',
  mediaServicesWereReset: 'AVAudioSessionMediaServicesWereResetNotification',
  didBecomeActive: 'AVAudioSessionDidBecomeActiveNotification',
  didBecomeInactive: 'AVAudioSessionDidBecomeInactiveNotification',
  resumptionRecommendation: 'AVAudioSessionResumptionRecommendationNotification',
  appDidBecomeActive: 'UIApplicationDidBecomeActiveNotification',
} as const;
export const KEYS = {
  interruptionType: 'AVAudioSessionInterruptionTypeKey',
  /** Only on ended. */
  interruptionOption: 'AVAudioSessionInterruptionOptionKey',
  /** Only on began. */
  interruptionReason: 'AVAudioSessionInterruptionReasonKey',
  routeChangeReason: 'AVAudioSessionRouteChangeReasonKey',
  previousRoute: 'AVAudioSessionRouteChangePreviousRouteKey',
  /** Flattened: the OS sends one context object (iOS 27). */
  deactivationSource: 'AVAudioSessionDeactivationContextKey.source',
  deactivationReason: 'AVAudioSessionDeactivationContextKey.interruptionContext.reason',
  recommendation: 'AVAudioSessionResumptionContextKey.recommendation',
} as const;
/** DeactivationContext.source (iOS 27). */
export const DEACTIVATION_SOURCES = { app: 1, system: 2 } as const;
/** ResumptionContext.recommendation (iOS 27). */
export const RECOMMENDATIONS = { shouldNotResume: 0, shouldResume: 1 } as const;
