/**
 * Signalling with the gateway (RFC 9725): POST an offer, PATCH a fragment for an ICE restart, DELETE.
 * Every answer is a value; nothing throws because of the network.
 */
export type GatewayReply =
  | { readonly ok: true; readonly body: string; readonly location: string | undefined }
  | { readonly ok: false; readonly message: string };

export interface GatewayClient {
  /** The complete offer; the reply's body is the answer, `location` the call. */
  offer(sdp: string): Promise<GatewayReply>;
  /** A fragment with new credentials; the reply's body is the answerer's fragment. */
  restart(location: string, fragment: string): Promise<GatewayReply>;
  hangUp(location: string): Promise<GatewayReply>;
}

/** The gateway is on this machine and answers in milliseconds; negotiations wait behind this one. */
export const SIGNALLING_TIMEOUT_MILLISECONDS = 3000;
/** The call is over for us whether or not the gateway hears of it, and the process has one second to end. */
const HANG_UP_TIMEOUT_MILLISECONDS = 400;

export function createGatewayClient(base: string): GatewayClient {
  async function ask(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    timeoutMilliseconds: number,
    content?: { readonly type: string; readonly body: string },
  ): Promise<GatewayReply> {
    try {
      const response = await fetch(new URL(path, base), {
        method,
        signal: AbortSignal.timeout(timeoutMilliseconds),
        ...(content === undefined
          ? {}
          : {
              body: content.body,
              // A restart replaces credentials whatever state they are in, hence `*` (RFC 9725 section 4.3.3).
              headers: { 'content-type': content.type, ...(method === 'PATCH' ? { 'if-match': '*' } : {}) },
            }),
      });
      const body = await response.text();
      if (!response.ok) return { ok: false, message: `${method} ${path}: ${response.status} ${body.slice(0, 200)}` };
      return { ok: true, body, location: response.headers.get('location') ?? undefined };
    } catch (error) {
      return { ok: false, message: `${method} ${path}: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
  return {
    offer: (sdp) => ask('POST', '/calls', SIGNALLING_TIMEOUT_MILLISECONDS, { type: 'application/sdp', body: sdp }),
    restart: (location, fragment) =>
      ask('PATCH', location, SIGNALLING_TIMEOUT_MILLISECONDS, {
        type: 'application/trickle-ice-sdpfrag',
        body: fragment,
      }),
    hangUp: (location) => ask('DELETE', location, HANG_UP_TIMEOUT_MILLISECONDS),
  };
}
