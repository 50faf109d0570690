/** The gateway: the agent's end of the call, as a process of its own. */
import { createVoice, VOICE_KINDS, type VoiceKind } from '../../../shared/pcm/voice.ts';
import { connectFarEnd } from '../link.ts';
import { serveLoopback } from '../loopback-http.ts';
import {
  announceReady,
  createClock,
  EXIT_NOT_TO_BE_HAD,
  EXIT_WRONG_USAGE,
  endWithParent,
  readConfig,
  stringOf,
} from '../process.ts';
import { answerCall } from './call.ts';
import { openFrameLog } from './heard-log.ts';
import { createHearing, GATEWAY_REPORTS } from './hearing.ts';
import { createRelayClient } from './relay-client.ts';
import { createSignalling } from './signalling.ts';
import { startSpeaking } from './speaking.ts';
import { createAudioSource } from './wrtc.ts';

/** The agent's voice is not the user's: another seed. */
const AGENT_SEED = 7;

/** As its changelog says. */
const SDK = 'libwebrtc M106 (@roamhq/wrtc 0.10.0)';

async function main(): Promise<void> {
  const config = readConfig('gateway');
  const relayAddress = stringOf(config, 'relay');
  const asked = stringOf(config, 'voice') ?? 'speech';
  const voiceKind = VOICE_KINDS.find((kind): kind is VoiceKind => kind === asked);
  if (relayAddress === undefined || voiceKind === undefined) {
    process.stderr.write(`gateway: needs "relay" (its address) and "voice" (${VOICE_KINDS.join(' or ')})\n`);
    process.exit(EXIT_WRONG_USAGE);
  }
  const now = createClock(config);
  const heardPath = stringOf(config, 'heardLog');
  const heardLog = heardPath === undefined ? undefined : openFrameLog(heardPath);
  const hello = { deviceId: 'gateway', title: 'Agent gateway', reports: [...GATEWAY_REPORTS], performs: [] };
  const link = connectFarEnd(config, now, hello, SDK);
  const relay = createRelayClient(relayAddress);
  const source = createAudioSource();
  const speaking = startSpeaking(source, createVoice(voiceKind, AGENT_SEED), now);
  const hearing = createHearing({ now, link, heardLog, spokenDbfs: speaking.dbfs });
  const signalling = createSignalling(async (offer) => {
    const call = await answerCall(offer, relay, source, {
      onStates: hearing.states,
      onFrame: hearing.frame,
      onClosed: hearing.callEnded,
    });
    hearing.callBegan(call);
    return call;
  });
  const server = await serveLoopback(signalling.answer);
  endWithParent(async () => {
    speaking.stop();
    signalling.close();
    heardLog?.close();
    await Promise.all([server.close(), link.close('stopped')]);
  });
  announceReady(server.address);
}

main().catch((error: unknown) => {
  process.stderr.write(`gateway: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(EXIT_NOT_TO_BE_HAD);
});
