/**
 * Follows the article that says "honour shouldResume": audio is disabled when an interruption begins and enabled again
 * only when an `ended` arrives and says so. Without that `ended` (CallKit, lost route, some phone calls) it stays dead.
 */
import { claim, forwardActivation, forwardDeactivation, sawIce } from '../app.ts';
import { call } from '../phone.ts';
import type { Policy } from './policy.ts';

export const gateOnShouldResume: Policy = {
  info: {
    name: 'gateOnShouldResume',
    title: 'Waits for shouldResume',
    what: 'Disables audio when an interruption begins and enables it again only if an end arrives with shouldResume.',
    audioDevice: 'audioUnit',
    manualAudio: 'always',
  },
  observe: (phone, seen) => {
    const { app } = phone;
    switch (seen.see) {
      case 'didActivate':
        forwardActivation(phone, !app.interrupted);
        return;
      case 'didDeactivate':
        forwardDeactivation(phone);
        return;
      case 'interruptionBegan':
        if (app.call === 'none') return;
        app.interrupted = true;
        claim(phone, 'sdkAudioState', 'paused');
        call(phone, { do: 'rtc.enableAudio', enabled: false });
        return;
      case 'interruptionEnded':
        if (!app.interrupted || !seen.shouldResume) return;
        app.interrupted = false;
        claim(phone, 'sdkAudioState', 'active');
        call(phone, { do: 'rtc.enableAudio', enabled: true });
        return;
      case 'iceState':
        sawIce(phone, seen.state);
        return;
      default:
    }
  },
};
