/** The gateway's side of the relay's HTTP: a front for every endpoint that goes into an SDP. */
import { behindFronts, type Endpoint, loopbackEndpoints } from '../../../shared/signalling/candidates.ts';
import type { Side } from '../relay/fronts.ts';

/** The relay cannot be reached, or refuses: the call cannot be made, and the caller is told so. */
export class RelayError extends Error {}

/** On loopback an answer takes a millisecond. */
const ANSWER_WITHIN_MILLISECONDS = 2000;

export interface RelayClient {
  /** The SDP or fragment with only loopback UDP candidates, each behind its front. Throws RelayError. */
  behindFronts(sdp: string, side: Side): Promise<string>;
}

export function createRelayClient(address: string): RelayClient {
  const frontOf = async (endpoint: Endpoint, side: Side): Promise<Endpoint> => {
    try {
      const response = await fetch(`${address}/fronts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ endpoint: `${endpoint.address}:${endpoint.port}`, side }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MILLISECONDS),
      });
      const { front } = (await response.json()) as { readonly front?: unknown };
      const port = typeof front === 'string' ? Number(/^127\.0\.0\.1:(\d+)$/.exec(front)?.[1]) : Number.NaN;
      if (!response.ok || !(port > 0)) throw new Error(`status ${response.status}`);
      return { address: '127.0.0.1', port };
    } catch (error) {
      throw new RelayError(`the relay gave no front: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    async behindFronts(sdp, side) {
      const fronts = new Map<number, Endpoint>();
      for (const endpoint of loopbackEndpoints(sdp)) fronts.set(endpoint.port, await frontOf(endpoint, side));
      return behindFronts(sdp, (endpoint) => fronts.get(endpoint.port));
    },
  };
}
