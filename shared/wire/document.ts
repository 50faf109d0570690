/** The wire's documentation, JSON Schema and golden vectors, all made from the one table of kinds. */
import { z } from 'zod';
import { frames, type Hello } from './frames.ts';
import { EVENT_KINDS, eventKinds } from './kinds.ts';
import * as limits from './limits.ts';
import { SAMPLE_KINDS, sampleKinds } from './samples.ts';

const schemaOf = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { unrepresentable: 'any' });

/** JSON Schema (2020-12) of every frame, event kind and sample kind. */
export function wireJsonSchema(): unknown {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Sidetone wire, protocol 1',
    // The rows of `events` and `samples` frames are the tables below: {seq, at, uptime, kind, source, data} and {at, kind, data}.
    frames: Object.fromEntries(
      Object.entries(frames)
        .filter(([type]) => type !== 'events' && type !== 'samples')
        .map(([type, schema]) => [type, schemaOf(schema)]),
    ),
    events: Object.fromEntries(EVENT_KINDS.map((kind) => [kind, schemaOf(eventKinds[kind].data)])),
    samples: Object.fromEntries(SAMPLE_KINDS.map((kind) => [kind, schemaOf(sampleKinds[kind])])),
  };
}

const exampleHello = {
  t: 'hello',
  proto: [1],
  deviceId: 'my-iphone',
  benchId: 'desk-1',
  role: 'probe',
  platform: 'ios',
  title: 'App under test',
  device: { model: 'iPhone17,1', os: 'iOS', osVersion: '26.1' },
  app: { name: 'Agent', version: '1.4.2', sdk: 'WebRTC M137' },
  clock: { id: 'my-iphone-boot-7', now: 1_000_000 },
  reports: ['session.interruption', 'rx.flow', 'level'],
  performs: [],
} as unknown as Hello;

/** One event of every kind, numbered and timed as a device would send them. */
function exampleEvents(): unknown[] {
  return EVENT_KINDS.map((kind, index) => ({
    seq: index + 1,
    at: 20_000_000 + index * 1000,
    uptime: 20_000_000 + index * 1000,
    kind,
    source: 'probe',
    data: eventKinds[kind].example,
  }));
}

export interface Vector {
  readonly name: string;
  /** The text message exactly as it travels. */
  readonly message: string;
  readonly valid: boolean;
  /** For a refused one: the code of the error. */
  readonly code?: 'too-large' | 'not-json' | 'unknown-type' | 'invalid';
}

/** Golden vectors: any implementation, in any language, must accept and refuse exactly these. */
export function wireVectors(): readonly Vector[] {
  const good = (name: string, value: unknown): Vector => ({ name, message: JSON.stringify(value), valid: true });
  const bad = (name: string, message: string, code: NonNullable<Vector['code']>): Vector => ({
    name,
    message,
    valid: false,
    code,
  });
  const event = exampleEvents()[0] as Record<string, unknown>;
  const events = (change: Record<string, unknown>): string =>
    JSON.stringify({ t: 'events', events: [{ ...event, ...change }] });
  return [
    good('hello', exampleHello),
    good('hello with resume', { ...exampleHello, resume: { sessionId: 's1', last: 41 } }),
    good('welcome', { t: 'welcome', proto: 1, sessionId: 's1', resumed: false, last: 0 }),
    good('reject', { t: 'reject', code: 'version', message: 'this build speaks protocol 1' }),
    ...exampleEvents().map((one) => good(`event ${(one as { kind: string }).kind}`, { t: 'events', events: [one] })),
    good('samples', {
      t: 'samples',
      samples: [{ at: 20_000_000, kind: 'level', data: { captureDbfs: -32.5, renderDbfs: -120 } }],
    }),
    good('ack', { t: 'ack', last: 41 }),
    good('gap', { t: 'gap', from: 42, to: 97, reason: 'ring' }),
    good('inject', { t: 'inject', injectId: 'i1', does: 'phone.ring', params: {} }),
    good('snapshot request', { t: 'snapshot' }),
    good('ping', { t: 'ping', t0: 1 }),
    good('pong', { t: 'pong', t0: 1, t1: 2, t2: 3 }),
    good('error', { t: 'error', code: 'invalid', message: 'events frame: events.0.seq: too small', fatal: false }),
    good('bye', { t: 'bye', reason: 'app ended' }),
    good('unknown fields are ignored', { t: 'ack', last: 1, future: true }),
    bad('not JSON', '{"t":"ack"', 'not-json'),
    bad('no type', '{"last":1}', 'unknown-type'),
    bad('unknown type', '{"t":"dance"}', 'unknown-type'),
    bad('not an object', '[1,2]', 'unknown-type'),
    bad('sequence from zero', events({ seq: 0 }), 'invalid'),
    bad('time as a string', events({ at: '20' }), 'invalid'),
    bad('time with a fraction', events({ at: 20.5 }), 'invalid'),
    bad('negative time', events({ at: -1 }), 'invalid'),
    bad('unknown kind', events({ kind: 'moon.phase' }), 'invalid'),
    bad('data of another kind', events({ data: { state: 'lost' } }), 'invalid'),
    bad('empty batch', '{"t":"events","events":[]}', 'invalid'),
    bad('hostile id', JSON.stringify({ ...exampleHello, deviceId: '../../etc/passwd' }), 'invalid'),
    bad('oversized', JSON.stringify({ t: 'bye', reason: 'x'.repeat(limits.MAX_FRAME_BYTES) }).slice(0, 80), 'not-json'),
  ];
}

const fieldsOf = (schema: z.ZodType): string => {
  const json = schemaOf(schema) as {
    properties?: Record<string, Record<string, unknown>>;
    required?: readonly string[];
  };
  const nameOf = (field: Record<string, unknown>): string => {
    if (Array.isArray(field['enum'])) return (field['enum'] as unknown[]).map((one) => `\`${String(one)}\``).join(' ');
    if (field['const'] !== undefined) return `\`${String(field['const'])}\``;
    if (Array.isArray(field['anyOf'])) return (field['anyOf'] as Record<string, unknown>[]).map(nameOf).join(' or ');
    return String(field['type'] ?? 'any');
  };
  return Object.entries(json.properties ?? {})
    .map(([name, field]) => `${name}${json.required?.includes(name) === true ? '' : '?'}: ${nameOf(field)}`)
    .join('; ');
};

/** shared/wire/README.md. */
export function wireReadme(): string {
  const kinds = EVENT_KINDS.map((kind) => {
    const row = eventKinds[kind];
    return `### ${kind}\n${row.what}\n\nFields: ${fieldsOf(row.data)}\n\n\`\`\`json\n${JSON.stringify(row.example)}\n\`\`\`\n`;
  }).join('\n');
  const samples = SAMPLE_KINDS.map((kind) => `| ${kind} | ${fieldsOf(sampleKinds[kind])} |`).join('\n');
  const types = Object.keys(frames)
    .map((type) => `\`${type}\``)
    .join(', ');
  const bounds = Object.entries(limits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `| ${name} | ${Array.isArray(value) ? value.join(', ') : String(value)} |`)
    .join('\n');
  return `# The wire
Made by \`node dist/scripts/wire/write.js\` from \`kinds.ts\`, \`samples.ts\` and \`frames.ts\`; a test fails when it is out of date.

A device opens a WebSocket with the subprotocol \`sidetone.1\` and sends JSON objects, one a text message. It says \`hello\`, is
welcomed, and from then on sends \`events\` (numbered from 1 without holes, acknowledged, sent again after a break) and
\`samples\` (lossy). All times are integer microseconds on the device's own clock: \`at\` keeps counting in sleep, \`uptime\`
stops. Unknown fields are ignored. Frames: ${types}; the diagram is in \`frames.ts\`.

\`schema.json\` is the same as JSON Schema; \`vectors/frames.json\` holds messages that every implementation must accept or refuse.

## An event by hand
\`\`\`json
${JSON.stringify({ t: 'events', events: [exampleEvents()[5]] }, undefined, 2)}
\`\`\`
An \`events.jsonl\` file holds one such event a line (the objects inside \`events\`).

## Events
\`?\` marks a field that may be absent.

${kinds}
## Samples
| kind | fields |
|---|---|
${samples}

## Limits
Reasons stand beside each in \`limits.ts\`.

| name | value |
|---|---|
${bounds}
`;
}
