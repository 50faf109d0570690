/** What the simulated iPhone can be asked to do, in words for people, and the cause of the incident it begins, if any. */
import { OUTSIDE_STIMULI, type OutsideStimulusName } from '../../shared/iphone/interface.ts';
import type { Hello } from '../../shared/wire/frames.ts';
import type { Cause } from '../../shared/wire/values.ts';

interface Words {
  readonly title: string;
  readonly cause?: Cause;
}

const WORDS: Readonly<Record<OutsideStimulusName, Words>> = {
  'phone.ring': { title: 'Phone call rings', cause: 'phoneCall' },
  'phone.decline': { title: 'Phone call: decline' },
  'phone.callerGivesUp': { title: 'Phone call: the caller gives up' },
  'phone.answer': { title: 'Phone call: answer' },
  'phone.localHangUp': { title: 'Phone call: hang up here' },
  'phone.remoteHangUp': { title: 'Phone call: the other side hangs up' },
  'callkit.otherCall.ring': { title: 'Another CallKit call rings' },
  'callkit.otherCall.holdAndAccept': { title: 'Other call: hold ours and accept', cause: 'hold' },
  'callkit.otherCall.endAndAccept': { title: 'Other call: end ours and accept' },
  'callkit.otherCall.localEnd': { title: 'Other call: end it here' },
  'callkit.otherCall.remoteEnd': { title: 'Other call: the other side ends it' },
  'user.unhold': { title: 'Take our call off hold' },
  'siri.start': { title: 'Siri starts', cause: 'siri' },
  'siri.end': { title: 'Siri ends' },
  'alarm.fire': { title: 'Alarm goes off', cause: 'alarm' },
  'alarm.dismiss': { title: 'Alarm: dismiss' },
  'airpods.connect': { title: 'AirPods connect', cause: 'routeConnect' },
  'airpods.intoCase': { title: 'AirPods go into their case', cause: 'routeLoss' },
  'wired.plug': { title: 'Wired headset plugged in', cause: 'routeConnect' },
  'wired.unplug': { title: 'Wired headset pulled out', cause: 'routeLoss' },
  'route.speaker': { title: 'Switch to the speaker' },
  'route.receiver': { title: 'Switch to the receiver' },
  'app.background': { title: 'App goes to the background' },
  'app.foreground': { title: 'App comes to the foreground' },
  'app.suspend': { title: 'App is suspended', cause: 'suspension' },
  'app.resume': { title: 'App is resumed' },
  'mic.mute': { title: 'Mute the microphone', cause: 'mute' },
  'mic.unmute': { title: 'Unmute the microphone' },
  'call.start': { title: 'Start the call' },
  'call.hangUp': { title: 'Hang up' },
};

export const ABILITIES: Hello['performs'] = OUTSIDE_STIMULI.map((does) => ({ does, fidelity: 'F0', ...WORDS[does] }));

export const isOutsideStimulus = (does: string): does is OutsideStimulusName =>
  (OUTSIDE_STIMULI as readonly string[]).includes(does);
