/**
 * The peer that the simulation is measured against: one end of a bare libwebrtc call, 10 ms frames both ways, no probe, no
 * statistics, no relay. `bare-peer.js offer|answer`, descriptions over Node IPC; ends with its parent.
 */
import { startSpeaking } from '../../electron/farend/gateway/speaking.ts';
import {
  createAudioSink,
  createAudioSource,
  createPeerConnection,
  gathered,
} from '../../electron/farend/gateway/wrtc.ts';
import { createVoice } from '../../shared/pcm/voice.ts';
import { deviceTime } from '../../shared/time/time.ts';

const epoch = process.hrtime.bigint();
const connection = createPeerConnection();
const source = createAudioSource();
connection.addTrack(source.createTrack());
startSpeaking(source, createVoice('speech', 1), () => deviceTime(Number((process.hrtime.bigint() - epoch) / 1000n)));
connection.ontrack = (event) => {
  createAudioSink(event.track).ondata = () => undefined;
};
connection.onconnectionstatechange = () => {
  if (connection.connectionState === 'connected') process.send?.({ t: 'connected' });
};
const say = async (): Promise<void> => {
  process.send?.({ t: 'description', description: await gathered(connection) });
};
process.on(
  'message',
  async (message: { readonly description: { readonly type: 'offer' | 'answer'; readonly sdp: string } }) => {
    await connection.setRemoteDescription(message.description);
    if (message.description.type === 'answer') return;
    await connection.setLocalDescription(await connection.createAnswer());
    await say();
  },
);
process.on('disconnect', () => process.exit(0));
if (process.argv[2] === 'offer') {
  await connection.setLocalDescription(await connection.createOffer());
  await say();
}
