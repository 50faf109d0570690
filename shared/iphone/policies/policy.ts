/** An app policy: how an app around WebRTC behaves. It sees what an app can see, and nothing of the OS. */
import type { IphoneProfile, PolicyName } from '../interface.ts';
import type { Observed } from '../jobs.ts';
import type { Phone } from '../phone.ts';

export interface PolicyInfo {
  readonly name: PolicyName;
  readonly title: string;
  /** One sentence for the page. */
  readonly what: string;
  readonly audioDevice: IphoneProfile['audioDevice'];
  /** Upstream WebRTC restarts its unit on any `ended`: an app that decides for itself must be in manual audio mode. */
  readonly manualAudio: 'always' | 'withCallKit';
}

export interface Policy {
  readonly info: PolicyInfo;
  readonly observe: (phone: Phone, seen: Observed) => void;
}
