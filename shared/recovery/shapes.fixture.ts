/**
 * One journal a shape of incident, small enough to check by hand. Milliseconds; flows run from 500 on. Expected figures stand
 * above each.
 */
import { at, call, type Journal } from '../timeline/journal.fixture.ts';

/**
 * The phone rings at 5000, declined at 8000; the OS says ended at 8300; the unit runs at 8450.
 *   outageTx 5050..8500 = 3450, outageRx 5060..8480 = 3420
 *   start 8000 (cleared); recoveryTx 500, recoveryRx 480, latency 500
 *   heard gap 5210..8540 = 3330
 */
export const declinedCall = (): Journal =>
  call()
    .stun(3500)
    .began(5000, 'phoneCall', 'Phone call rings')
    .event(5040, 'session.interruption', { type: 'began', reason: 'default' })
    .event(5041, 'session.inactive', { source: 'system', reason: 'default' })
    .event(5045, 'unit.state', { device: 'audioUnit', state: 'initialized', playing: false, recording: false })
    .flow('capture', 5050, 'flowing', 'stopped')
    .flow('tx', 5050, 'flowing', 'stopped')
    .flow('rx', 5070, 'flowing', 'stopped')
    .flow('render', 5060, 'flowing', 'stopped')
    .flow('farEnd', 5210, 'flowing', 'concealed')
    .stun(6000)
    .cleared(8000, 'phoneCall', 'declined')
    .event(8300, 'session.interruption', { type: 'ended', shouldResume: true })
    .event(8310, 'session.active', { by: 'webrtc' })
    .event(8450, 'unit.state', { device: 'audioUnit', state: 'started', playing: true, recording: true })
    .flow('render', 8460, 'stopped', 'flowing')
    .flow('rx', 8480, 'stopped', 'flowing')
    .flow('capture', 8490, 'stopped', 'flowing')
    .flow('tx', 8500, 'stopped', 'flowing')
    .stun(8500)
    .flow('farEnd', 8540, 'concealed', 'flowing')
    .quiet(9000, 20_000);

/**
 * Held for another call at 5000, which the other side ends at 25000; the user unholds at 30000; flows at 30400.
 *   state `held` from 25000 to 30000; byUser(unhold), 400 from the action
 */
export const heldUntilUnheld = (): Journal =>
  heldWithoutUnhold(29_900)
    .user(30_000, 'unhold')
    .event(30_010, 'callkit.action', { action: 'unhold', callId: 'own', outcome: 'fulfilled' })
    .event(30_100, 'callkit.audio', { state: 'didActivate' })
    .flows(30_400, 'stopped', 'flowing')
    .quiet(31_000, 45_000);

export const heldWithoutUnhold = (until: number): Journal =>
  call()
    .began(5000, 'hold', 'Held for another call')
    .event(5010, 'callkit.action', { action: 'hold', callId: 'own', outcome: 'fulfilled' })
    .event(5100, 'callkit.audio', { state: 'didDeactivate' })
    .flows(5100, 'flowing', 'stopped')
    .quiet(6000, 24_500)
    .cleared(25_000, 'hold', 'ended by its remote party')
    .quiet(25_500, until);

/** Siri from 5000 to 9500; the session comes back, the unit never does: given up at 9500 + 30000 = 39500. */
export const neverRestartsUnit = (): Journal =>
  call()
    .began(5000, 'siri', 'Siri listens')
    .event(5040, 'session.interruption', { type: 'began', reason: 'default' })
    .flows(5050, 'flowing', 'stopped')
    .quiet(6000, 9000)
    .cleared(9500, 'siri', 'dismissed')
    .event(9600, 'session.interruption', { type: 'ended', shouldResume: true })
    .event(9610, 'session.active', { by: 'webrtc' })
    .quiet(10_000, 60_000);

/**
 * The path is gone from 10000 to 18000. STUN answered at 8500 and then at 18400; requests of 11000 and 13500 unanswered.
 *   outageRx 10060..18050 = 7990; start 18000; recoveryRx 50, recoveryTx 400 (proof), latency 400
 *   outageTx between 13500 - 11000 - 1100 = 1400 and 18400 - (8500 - 2 - 1100) + 40 = 11042
 */
export const pathHole = (): Journal =>
  call()
    .stun(3500)
    .stun(6000)
    .stun(8500)
    .began(10_000, 'pathLoss', 'Network path gone', 'relay-1', 'relay')
    .event(10_001, 'path.state', path('both'), 'relay', 'path')
    .flow('rx', 10_060, 'flowing', 'concealed', 10_200)
    .flow('farEnd', 10_150, 'flowing', 'concealed')
    .event(14_600, 'transport.unanswered', { firstSentAt: at(11_000), lastSentAt: at(13_500), requests: 2 })
    .quiet(15_000, 17_500)
    .cleared(18_000, 'pathLoss', 'path returned', 'relay-1', 'relay')
    .event(18_001, 'path.state', path('none'), 'relay', 'path')
    .flow('rx', 18_050, 'concealed', 'flowing')
    .flow('farEnd', 18_060, 'concealed', 'flowing')
    .stun(18_400)
    .quiet(19_000, 35_000);

const path = (blackhole: 'both' | 'none') => ({ blackhole, lossRatio: 0, delayMicros: 0, jitterMicros: 0, rebinds: 0 });

/** As above for 35 s: ICE fails at 27000 and is restarted when the path is back at 45000; audio at 45190, proof at 45140. */
export const pathHoleWithRestart = (): Journal =>
  call()
    .stun(8500)
    .began(10_000, 'pathLoss', 'Network path gone', 'relay-1', 'relay')
    .event(10_001, 'path.state', path('both'), 'relay', 'path')
    .flow('rx', 10_060, 'flowing', 'concealed', 10_200)
    .event(27_000, 'webrtc.state', webrtc('failed'))
    .event(27_010, 'webrtc.iceRestart', { step: 'asked', why: 'ICE failed' })
    .quiet(28_000, 44_500)
    .cleared(45_000, 'pathLoss', 'path returned', 'relay-1', 'relay')
    .event(45_001, 'path.state', path('none'), 'relay', 'path')
    .event(45_050, 'webrtc.iceRestart', { step: 'answered', why: 'ICE failed' })
    .event(45_140, 'webrtc.state', webrtc('connected'))
    .stun(45_140)
    .flow('rx', 45_190, 'concealed', 'flowing')
    .quiet(46_000, 60_000);

const webrtc = (iceConnection: string) => ({
  peerConnection: iceConnection,
  iceConnection,
  iceGathering: 'complete',
  signaling: 'stable',
  dtls: 'connected',
});

/**
 * Suspended from 5000 to 17000: the probe tells all of it afterwards, the OS end at once.
 *   outages 4990..17020 = 12030 and 4995..17030 = 12035; start 17000; latency 30
 */
export const suspension = (): Journal =>
  call()
    .began(5000, 'suspension', 'App suspended')
    .event(5000, 'app.state', { state: 'suspended' }, 'iphone-os', 'lab')
    .link(15_000, 'lost')
    .cleared(17_000, 'suspension', 'resumed')
    .link(17_005, 'resumed')
    .event(17_010, 'heartbeat.gap', { fromAt: at(4990), toAt: at(17_010) })
    .event(17_011, 'app.state', { state: 'resumed' })
    .flow('tx', 4990, 'flowing', 'stopped', 17_012)
    .flow('capture', 4990, 'flowing', 'stopped', 17_012)
    .flow('rx', 4995, 'flowing', 'stopped', 17_013)
    .flow('render', 4995, 'flowing', 'stopped', 17_013)
    .flow('tx', 17_020, 'stopped', 'flowing', 17_100)
    .flow('capture', 17_020, 'stopped', 'flowing', 17_100)
    .flow('rx', 17_030, 'stopped', 'flowing', 17_100)
    .flow('render', 17_030, 'stopped', 'flowing', 17_100)
    .quiet(18_000, 30_000);

/**
 * AirPods into their case at 5000: cause, routeDisconnected and route change are one incident.
 *   start 5000 (cleared at once); rx back at 5700, tx at 5900: latency 900
 */
export const airpodsIntoCase = (): Journal =>
  call()
    .began(5000, 'routeLoss', 'AirPods into their case')
    .cleared(5000, 'routeLoss', 'the route is gone')
    .event(5010, 'session.interruption', { type: 'began', reason: 'routeDisconnected' })
    .flow('render', 5020, 'flowing', 'stopped')
    .flow('rx', 5020, 'flowing', 'stopped')
    .flow('capture', 5030, 'flowing', 'stopped')
    .flow('tx', 5030, 'flowing', 'stopped')
    .event(5040, 'route.changed', {
      reason: 'oldDeviceUnavailable',
      reasonCode: 2,
      previous: { inputs: [], outputs: [{ type: 'BluetoothHFP', name: 'AirPods' }] },
      current: { inputs: [], outputs: [{ type: 'Receiver', name: 'Receiver' }] },
      sampleRateHz: 48_000,
    })
    .flow('render', 5690, 'stopped', 'flowing')
    .flow('rx', 5700, 'stopped', 'flowing')
    .flow('capture', 5900, 'stopped', 'flowing')
    .flow('tx', 5900, 'stopped', 'flowing')
    .quiet(6500, 20_000);

/** The phone rings from 5000 to 8000 and, with CallKit, nothing stops. */
export const unaffected = (): Journal =>
  call()
    .began(5000, 'phoneCall', 'Phone call rings')
    .quiet(5500, 7500)
    .cleared(8000, 'phoneCall', 'declined')
    .quiet(8500, 25_000);

/** Siri from 5000 to 7000, the phone rings meanwhile from 6000 to 9000; back at 9400: one incident, start 9000, latency 400. */
export const overlapping = (): Journal =>
  call()
    .began(5000, 'siri', 'Siri listens')
    .flows(5050, 'flowing', 'stopped')
    .began(6000, 'phoneCall', 'Phone call rings')
    .cleared(7000, 'siri', 'dismissed')
    .cleared(9000, 'phoneCall', 'declined')
    .flows(9400, 'stopped', 'flowing')
    .quiet(10_000, 25_000);

/** Nobody says why: rx is away from 5000 to 7500. Start is the sign itself: recovery 2500. */
export const unexplained = (): Journal =>
  call()
    .quiet(1000, 5000)
    .flow('rx', 5000, 'flowing', 'concealed')
    .quiet(5500, 7400)
    .flow('rx', 7500, 'concealed', 'flowing')
    .quiet(8000, 25_000);

/** The declined call, but the app's process ends at 7000: what would have been is not known. */
export const linkLost = (): Journal =>
  call()
    .began(5000, 'phoneCall', 'Phone call rings')
    .flows(5050, 'flowing', 'stopped')
    .quiet(5500, 7000)
    .link(7010, 'process-ended')
    .cleared(8000, 'phoneCall', 'declined');

/** A phone call nobody tells of: began at 5000, the OS says ended at 8300 without a hint; back at 9000. Start 8300. */
export const observedInterruption = (): Journal =>
  call()
    .event(5000, 'session.interruption', { type: 'began', reason: 'default' })
    .flows(4980, 'flowing', 'stopped', 5080)
    .quiet(5500, 8000)
    .event(8300, 'session.interruption', { type: 'ended' })
    .flows(9000, 'stopped', 'flowing')
    .quiet(9500, 25_000);

export const SHAPES = {
  declinedCall,
  heldUntilUnheld,
  neverRestartsUnit,
  pathHole,
  pathHoleWithRestart,
  suspension,
  airpodsIntoCase,
  unaffected,
  overlapping,
  unexplained,
  linkLost,
  observedInterruption,
} as const satisfies Record<string, () => Journal>;
