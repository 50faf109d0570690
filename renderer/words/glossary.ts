/** Words of the trade in one sentence each: tooltips and the help sheet are made from it. */
const entries = {
  userHearsAgent: [
    'User hears agent',
    'Decoded sound really plays on the phone: frames move and are not made up by the jitter buffer.',
  ],
  agentHearsUser: [
    'Agent hears user',
    'Sound from the microphone really leaves the phone: captured frames reach the encoder and are not exact zeros.',
  ],
  cause: [
    'Cause',
    'What acted on the audio from outside the app: a ringing call, Siri, a cable pulled, a network path gone.',
  ],
  session: [
    'Audio session',
    'AVAudioSession: how an app tells iOS what it wants to do with sound. Only an active session may use the microphone.',
  ],
  interruption: [
    'Interruption',
    'iOS takes the audio away for something more important and says so; it may or may not say when it is over.',
  ],
  route: ['Route', 'Where sound goes in and comes out: receiver (the ear piece), speaker, wired headset, AirPods.'],
  callkit: [
    'CallKit',
    'The iOS service that shows calls of apps beside phone calls. With it, iOS decides when the audio session becomes active.',
  ],
  unit: [
    'Audio unit',
    'The part of WebRTC that takes frames from the microphone and gives frames to the speaker. When it stands, nothing moves.',
  ],
  ice: [
    'ICE',
    'How both ends find and keep a network path to each other. It can stay "connected" for many seconds after the path has died.',
  ],
  transport: ['Transport', 'Proof that the path is alive: an answer that only a living path can bring (STUN, RTCP).'],
  app: ['App state', 'Whether the app is in front, in the background, or suspended by iOS.'],
  link: ['Link', 'The connection between a device and Sidetone: it carries events, never audio.'],
  levels: ['Levels', 'Loudness in dBFS: microphone upwards, speaker downwards. −120 dB is exact digital silence.'],
  claim: ['Claim', 'What a layer says of itself.'],
  evidence: ['Evidence', 'What was measured to have moved: frames, samples, packets.'],
  incident: ['Incident', 'One cause with all that followed until both directions are audible again, or not.'],
  milestone: [
    'Milestone',
    'A named instant on the way back to two-way audio. A bar runs from the milestone before it in time.',
  ],
  deadAir: ['Dead air', 'From the last audible frame to the next one, in one direction.'],
  recovery: [
    'Recovery latency',
    'From the moment the cause was gone until both directions flow again: the longer of the two.',
  ],
  heardGap: [
    'Heard gap',
    'What the far end itself did not hear. Shorter than dead air by the tail of its decoder; never added into recovery.',
  ],
  fidelity: [
    'Fidelity',
    'How real an incident is: F0 simulated, F1 forged notification, F2 real change made by the app, F3 another app, F4 tooling, F5 human or real network. Never pooled.',
  ],
  category: ['Category', 'What kind of sound the app makes. A call needs playAndRecord.'],
  mode: ['Mode', 'What the sound is for. voiceChat brings echo cancellation and the receiver as default.'],
  options: ['Options', 'Additions to the category, such as Bluetooth headsets or lowering other sound.'],
  dtls: ['DTLS', 'The handshake that agrees on the keys of the call.'],
  rtt: ['Round trip', 'How long a packet takes to the far end and back.'],
  policy: [
    'App policy',
    'How the simulated app reacts to interruptions: "careful" does it right, the others have a well-known bug.',
  ],
  ecdf: [
    'Share recovered',
    'For each time: which share of the incidents had recovered by then. Those that never did keep the line below 100 %.',
  ],
  percentile: [
    'Percentile',
    'p90 is the time within which 9 of 10 recovered. Shown only when at least three observations lie beyond it.',
  ],
  rtcAudioSession: [
    'RTCAudioSession',
    "WebRTC's own book-keeping about the audio session; it can believe what is no longer true.",
  ],
  jitterBuffer: ['Jitter buffer', 'Evens out the arrival of packets. When it runs dry it makes sound up: concealment.'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

export type TermName = keyof typeof entries;
export interface GlossaryEntry {
  readonly title: string;
  readonly text: string;
}
export const GLOSSARY = Object.fromEntries(
  Object.entries(entries).map(([name, [title, text]]) => [name, { title, text }]),
) as Readonly<Record<TermName, GlossaryEntry>>;
