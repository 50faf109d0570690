import { describe, expect, it } from 'vitest';
import { inCall } from './drive.fixture.ts';
import { profileFor } from './model.ts';

describe('activating the session', () => {
  it('is refused with !pri while a phone call goes on, even for an app that mixes with others', () => {
    const phone = inCall(profileFor('careful', { os: '26' }))
      .do('phone.ring')
      .run(0.5);
    phone.state = { ...phone.state, session: { ...phone.state.session, options: 0x5 } };
    phone.run(3);
    const asked = phone.facts('session.call').filter(({ data }) => data.call === 'setActive' && data.args['active']);
    expect(asked.at(-1)?.data.error?.fourCC).toBe('!pri');
  });
  it('succeeds for one that only plays', () => {
    const phone = inCall(profileFor('careful', { os: '26' }))
      .do('phone.ring')
      .run(0.5);
    phone.state = {
      ...phone.state,
      session: { ...phone.state.session, category: 'playback', mode: 'default', options: 0 },
    };
    phone.run(3);
    const asked = phone.facts('session.call').filter(({ data }) => data.call === 'setActive' && data.args['active']);
    expect(asked.at(-1)?.data.ok).toBe(true);
  });
});
