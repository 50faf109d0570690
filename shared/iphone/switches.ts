/** What each OS version does where versions differ. Sources: AVAudioSession.h and AVAudioSessionTypes.h, SDK 27. */
import type { IphoneProfile, OsSwitches, OsVersion } from './interface.ts';

export const OS_SWITCHES: Readonly<Record<OsVersion, OsSwitches>> = {
  '26': {
    postsLegacyInterruption: true,
    postsLifecycleNotifications: false,
    // "Starting in iOS 26.0, deactivating while IO is running will no longer return IsBusy" (AVAudioSession.h).
    busyWhenDeactivatedRunning: false,
  },
  '27': {
    // Deprecated, not removed; whether it is still posted is assumed (RTCAudioSession depends on it).
    postsLegacyInterruption: true,
    postsLifecycleNotifications: true,
    busyWhenDeactivatedRunning: false,
  },
};

export const switchOf = (profile: IphoneProfile, name: keyof OsSwitches): boolean =>
  profile.switches?.[name] ?? OS_SWITCHES[profile.os][name];
