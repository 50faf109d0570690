/**
 * A small caller for tests and measurements: what a phone's app end does on the wire, without a phone. Runs as a child with
 * an IPC channel: takes { do: 'restart' | 'hangUp' | 'mute' | 'unmute' | 'stopCapture' | 'startCapture' }, tells what it saw.
 */
import { createDecodedFlow } from '../../../shared/pcm/decoded-flow.ts';
import { createVoice } from '../../../shared/pcm/voice.ts';
import { formatFragment, fragmentOf, parseFragment, withFragment } from '../../../shared/signalling/fragment.ts';
import { openFrameLog } from '../gateway/heard-log.ts';
import { readingOf } from '../gateway/hearing.ts';
import { startSpeaking } from '../gateway/speaking.ts';
import { createAudioSink, createAudioSource, createPeerConnection, gathered, type Track } from '../gateway/wrtc.ts';
import { createClock, EXIT_WRONG_USAGE, endWithParent, readConfig, stringOf } from '../process.ts';

const READ_EVERY_MILLISECONDS = 100;

async function main(): Promise<void> {
  const config = readConfig('caller');
  const gateway = stringOf(config, 'gateway');
  if (gateway === undefined) {
    process.stderr.write('caller: needs "gateway"\n');
    process.exit(EXIT_WRONG_USAGE);
  }
  const now = createClock(config);
  const tell = (message: Readonly<Record<string, unknown>>) => process.send?.({ at: now(), ...message });
  const speakerPath = stringOf(config, 'speakerLog');
  const speakerLog = speakerPath === undefined ? undefined : openFrameLog(speakerPath);

  const connection = createPeerConnection();
  const source = createAudioSource();
  connection.addTrack(source.createTrack());
  const speaking = startSpeaking(source, createVoice('sweep', 1), now);
  const flow = createDecodedFlow();
  let track: Track | undefined;
  connection.ontrack = (event) => {
    track = event.track;
    createAudioSink(track).ondata = ({ samples }) => {
      const at = now();
      flow.frame(samples, at);
      speakerLog?.frame(at, samples);
    };
  };
  connection.onconnectionstatechange = () => tell({ t: 'state', state: connection.connectionState });

  await connection.setLocalDescription(await connection.createOffer());
  const posted = await fetch(`${gateway}/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp' },
    body: (await gathered(connection)).sdp,
  });
  let answer = await posted.text();
  if (posted.status !== 201) throw new Error(`POST /calls: ${posted.status} ${answer}`);
  const location = new URL(posted.headers.get('location') ?? '', gateway).href;
  await connection.setRemoteDescription({ type: 'answer', sdp: answer });
  tell({ t: 'answered', location, tag: posted.headers.get('etag') });

  const restart = async () => {
    await connection.setLocalDescription(await connection.createOffer({ iceRestart: true }));
    const own = fragmentOf((await gathered(connection)).sdp);
    if (own === undefined) throw new Error('the offer has no ICE credentials');
    const patched = await fetch(location, {
      method: 'PATCH',
      headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' },
      body: formatFragment(own),
    });
    const body = await patched.text();
    const parsed = parseFragment(body);
    if (!parsed.ok) throw new Error(`PATCH: ${patched.status} ${body}`);
    answer = withFragment(answer, parsed.fragment);
    await connection.setRemoteDescription({ type: 'answer', sdp: answer });
    tell({ t: 'restarted', status: patched.status, tag: patched.headers.get('etag') });
  };
  process.on('message', (message: { readonly do?: string }) => {
    if (message.do === 'restart') restart().catch((error: unknown) => tell({ t: 'error', message: String(error) }));
    if (message.do === 'hangUp')
      fetch(location, { method: 'DELETE' }).then(
        (reply) => tell({ t: 'hungUp', status: reply.status }),
        (error: unknown) => tell({ t: 'error', message: String(error) }),
      );
  });

  const timer = setInterval(() => {
    connection.getStats(track).then(
      (report) => {
        const reading = readingOf(report, now());
        if (reading === undefined) return;
        if (config.own['readings'] === true) tell({ t: 'reading', reading });
        for (const edge of flow.reading(reading)) tell({ t: 'edge', edge });
      },
      (error: unknown) => tell({ t: 'error', message: String(error) }),
    );
  }, READ_EVERY_MILLISECONDS);
  endWithParent(() => {
    clearInterval(timer);
    speaking.stop();
    connection.close();
    speakerLog?.close();
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`caller: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
