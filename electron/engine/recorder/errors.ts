/** What can go wrong with recordings, in words a person can act on. */
export type RecorderErrorCode =
  | 'already-recording'
  | 'not-recording'
  | 'not-writable'
  | 'disk-full'
  | 'write-failed'
  | 'unknown-recording'
  | 'bundled'
  | 'open'
  | 'not-a-recording'
  | 'newer-format'
  | 'too-large'
  | 'unreadable';

export interface RecorderError {
  readonly code: RecorderErrorCode;
  readonly message: string;
}

export const codeOf = (error: unknown): string | undefined => {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** A failed write or create, by what the operating system said. */
export function writeError(error: unknown, path: string): RecorderError {
  const code = codeOf(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return {
        code: 'disk-full',
        message: `no space left for ${path}: free some, or choose another folder with --data`,
      };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOENT':
      return { code: 'not-writable', message: `cannot write ${path} (${code}): choose another folder with --data` };
    default:
      return { code: 'write-failed', message: `writing ${path} failed: ${String(error)}` };
  }
}

export function readError(error: unknown, path: string): RecorderError {
  const code = codeOf(error);
  if (code === 'EISDIR') return { code: 'unreadable', message: `${path} is a folder: name an .mcap file in it` };
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? { code: 'unknown-recording', message: `there is no file ${path}` }
    : { code: 'unreadable', message: `cannot read ${path}: ${String(error)}` };
}
