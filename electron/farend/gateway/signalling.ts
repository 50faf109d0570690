/**
 * WHIP's side of the gateway (RFC 9725): POST an offer, PATCH fragments, DELETE. One call at a time; a new POST replaces
 * the call before it, which is what a phone does after its peer connection died.
 */
import { randomBytes } from 'node:crypto';
import { parseFragment } from '../../../shared/signalling/fragment.ts';
import { type HttpReply, type HttpRequest, mediaType, problem } from '../loopback-http.ts';
import type { Call } from './call.ts';
import { RelayError } from './relay-client.ts';

export const SDP_TYPE = 'application/sdp';
export const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

interface Session {
  readonly id: string;
  readonly call: Call;
  tag: string;
}

export interface SignallingDesk {
  answer(request: HttpRequest): Promise<HttpReply>;
  /** The call in force. */
  call(): Call | undefined;
  close(): void;
}

const newTag = (): string => randomBytes(8).toString('hex');

export type Precondition = 'any' | 'match' | 'mismatch' | 'missing';
/** RFC 9110 section 13.1.1. RFC 9725 prints the star in quotes in its example; both are read as a star. */
export function preconditionOf(header: string | undefined, tag: string): Precondition {
  if (header === undefined) return 'missing';
  const tags = header.split(',').map((entry) => entry.trim());
  if (tags.includes('*') || tags.includes('"*"')) return 'any';
  return tags.includes(`"${tag}"`) ? 'match' : 'mismatch';
}

export function createSignalling(answerCall: (offer: string) => Promise<Call>): SignallingDesk {
  let session: Session | undefined;

  const post = async (request: HttpRequest): Promise<HttpReply> => {
    if (mediaType(request) !== SDP_TYPE) return problem(415, `an offer is ${SDP_TYPE}`, { 'accept-post': SDP_TYPE });
    const offer = parseFragment(request.body);
    if (!request.body.startsWith('v=0') || !/^m=audio /m.test(request.body))
      return problem(400, 'the body is no SDP with an audio section');
    if (!offer.ok) return problem(400, offer.message);
    session?.call.close();
    session = undefined;
    const call = await answerCall(request.body);
    session = { id: newTag(), call, tag: newTag() };
    return {
      status: 201,
      headers: {
        'content-type': SDP_TYPE,
        location: `/calls/${session.id}`,
        etag: `"${session.tag}"`,
        'accept-patch': FRAGMENT_TYPE,
      },
      body: call.answer(),
    };
  };

  const patch = async (request: HttpRequest, current: Session): Promise<HttpReply> => {
    if (mediaType(request) !== FRAGMENT_TYPE)
      return problem(415, `a fragment is ${FRAGMENT_TYPE}`, { 'accept-patch': FRAGMENT_TYPE });
    const precondition = preconditionOf(request.headers['if-match'], current.tag);
    if (precondition === 'missing') return problem(428, 'If-Match must name the ETag, or * for an ICE restart');
    if (precondition === 'mismatch') return problem(412, 'that ETag is of another ICE session');
    const parsed = parseFragment(request.body);
    if (!parsed.ok) return problem(400, parsed.message);
    if (parsed.fragment.ufrag === current.call.remoteUfrag) {
      await current.call.trickle(parsed.fragment);
      return { status: 204 };
    }
    const body = await current.call.restart(parsed.fragment);
    current.tag = newTag();
    return { status: 200, headers: { 'content-type': FRAGMENT_TYPE, etag: `"${current.tag}"` }, body };
  };

  const dispatch = async (request: HttpRequest): Promise<HttpReply> => {
    if (request.path === '/calls') {
      if (request.method === 'OPTIONS') return { status: 204, headers: { 'accept-post': SDP_TYPE, allow: 'POST' } };
      return request.method === 'POST' ? post(request) : problem(405, 'calls are made with POST', { allow: 'POST' });
    }
    const id = /^\/calls\/([0-9a-f]+)$/.exec(request.path)?.[1];
    if (id === undefined || id !== session?.id) return problem(404, 'no such call');
    if (request.method === 'PATCH') return patch(request, session);
    if (request.method !== 'DELETE') return problem(405, 'a call takes PATCH and DELETE', { allow: 'PATCH, DELETE' });
    session.call.close();
    session = undefined;
    return { status: 200 };
  };

  // One request at a time: a restart must not be overtaken by the next one.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    answer(request) {
      const reply = turn.then(() =>
        dispatch(request).catch((error: unknown) => {
          if (error instanceof RelayError) return problem(502, error.message);
          // Anything else is libwebrtc's opinion of what the client sent.
          return problem(400, error instanceof Error ? error.message : String(error));
        }),
      );
      turn = reply;
      return reply;
    },
    call: () => session?.call,
    close() {
      session?.call.close();
      session = undefined;
    },
  };
}
