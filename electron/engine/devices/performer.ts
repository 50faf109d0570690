/** Who on a bench does what is asked: a scenario step names what it wants, the bench picks the device. */
import type { FrameOf, Hello } from '../../../shared/wire/frames.ts';
import { MAX_USER_INFO_BYTES } from '../../../shared/wire/limits.ts';
import { bad, good, type Result } from '../lifecycle.ts';
import type { Connection } from './connection.ts';

export type HubErrorCode = 'unknown-bench' | 'unknown-ability' | 'not-connected' | 'too-large';
export interface HubError {
  readonly code: HubErrorCode;
  /** In words, with what is known instead. */
  readonly message: string;
}
interface Candidate {
  readonly hello: Hello;
  readonly connection: Connection | undefined;
}
export interface Performer {
  readonly hello: Hello;
  readonly connection: Connection;
}

const list = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : [...new Set(names)].sort().join(', ');

/** The first connected device of the bench that says it can do it. */
export function choosePerformer(
  devices: readonly Candidate[],
  benchId: string,
  does: string,
  params: FrameOf<'inject'>['params'],
): Result<Performer, HubError> {
  const bench = devices.filter((device) => device.hello.benchId === benchId);
  if (bench.length === 0) {
    const known = list(devices.map((device) => device.hello.benchId));
    return bad({ code: 'unknown-bench', message: `no bench ${benchId}; known: ${known}` });
  }
  const able = bench.filter((device) => device.hello.performs.some((ability) => ability.does === does));
  if (able.length === 0) {
    const known = list(bench.flatMap((device) => device.hello.performs.map((ability) => ability.does)));
    return bad({ code: 'unknown-ability', message: `nothing on ${benchId} can do ${does}; known: ${known}` });
  }
  for (const { hello, connection } of able) {
    if (connection === undefined) continue;
    if (Buffer.byteLength(JSON.stringify(params)) > MAX_USER_INFO_BYTES) {
      return bad({ code: 'too-large', message: `parameters of ${does} are over ${MAX_USER_INFO_BYTES} bytes` });
    }
    return good({ hello, connection });
  }
  const title = able[0]?.hello.title ?? benchId;
  return bad({ code: 'not-connected', message: `${title} can do ${does}, but it is not connected now` });
}
