/**
 * Disables audio when an interruption begins and forgets to enable it again. Its screen goes on to say "connected" and
 * "active": what field reports describe as "everything says healthy and the audio is dead".
 */
import { forwardActivation, forwardDeactivation, sawIce } from '../app.ts';
import { call } from '../phone.ts';
import type { Policy } from './policy.ts';

export const neverRestartsUnit: Policy = {
  info: {
    name: 'neverRestartsUnit',
    title: 'Never restarts the unit',
    what: 'Disables audio when an interruption begins and never enables it again, while its screen says connected.',
    audioDevice: 'audioUnit',
    manualAudio: 'always',
  },
  observe: (phone, seen) => {
    switch (seen.see) {
      case 'didActivate':
        forwardActivation(phone, !phone.app.enabledOnce);
        return;
      case 'didDeactivate':
        forwardDeactivation(phone);
        return;
      case 'interruptionBegan':
        if (phone.app.call === 'live') call(phone, { do: 'rtc.enableAudio', enabled: false });
        return;
      case 'iceState':
        sawIce(phone, seen.state);
        return;
      default:
    }
  },
};
