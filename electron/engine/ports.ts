/**
 * What the engine needs from where it runs. Plain Node implements all of it; the Electron shell replaces what macOS does
 * better. One file, so that a reader sees at once how little the engine asks of its host.
 */

/** Something that was started and can be stopped. Stopping twice is allowed and does nothing. */
export interface Disposable {
  dispose(): void | Promise<void>;
}

/** The programs the engine may start, by name. The host knows where they are; the engine never imports them. */
export const PROGRAMS = ['relay', 'gateway', 'iphone'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/** How a process ended. */
export interface ProcessEnd {
  /** Exit status, when it ended by itself. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The last lines it wrote on stderr: why, in its own words. */
  readonly lastLines: readonly string[];
}

/** The one line a process prints on stdout when it is up. */
export interface ReadyLine {
  /** Where it serves HTTP, when it does. */
  readonly http?: string;
}

export interface RunningProcess {
  readonly program: string;
  readonly pid: number;
  readonly ready: ReadyLine;
  /** Called once, also when the process had ended before the listener came. */
  onEnded(listener: (end: ProcessEnd) => void): void;
  /** Closes stdin, then SIGTERM, then SIGKILL, each after a bounded time. Resolves when the process is gone. */
  stop(): Promise<ProcessEnd>;
}

export type ProcessErrorCode = 'unknown-program' | 'cannot-start' | 'ended-early' | 'not-ready';
export interface ProcessError {
  readonly code: ProcessErrorCode;
  /** In words, with the child's last lines. */
  readonly message: string;
  readonly lastLines: readonly string[];
}
export type StartResult =
  | { readonly ok: true; readonly process: RunningProcess }
  | { readonly ok: false; readonly error: ProcessError };

export interface ProcessHost {
  /** Starts a program with one JSON argument and waits for its ready line. Never throws. */
  start(program: ProgramName, configuration: unknown): Promise<StartResult>;
  /** Stops everything it started and is still running. */
  dispose(): Promise<void>;
}

/** Small secrets (device keys). Plain Node: a file with mode 0600; Electron: safeStorage. */
export interface SecretStore {
  read(name: string): Promise<string | undefined>;
  write(name: string, secret: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Sleep and wake of this machine: clocks jump and links die, and the page should say why. */
export interface PowerEvents {
  onSuspend(listener: () => void): Disposable;
  onResume(listener: () => void): Disposable;
}

export const PERMISSION_KINDS = ['microphone', 'bluetooth', 'screen', 'accessibility'] as const;
export type PermissionKind = (typeof PERMISSION_KINDS)[number];
/** `unsupported`: this host has no such permission, or cannot read it. */
export type PermissionStatus = 'notDetermined' | 'denied' | 'authorized' | 'restricted' | 'unsupported';
export interface Permissions {
  read(kind: PermissionKind): Promise<PermissionStatus>;
  /** Asks the user, or opens System Settings where macOS asks only once. Only ever on the user's own action. */
  request(kind: PermissionKind): Promise<PermissionStatus>;
}

/** Undefined: the user cancelled, or there is nobody to ask. */
export interface Dialogs {
  chooseFileToOpen(title: string, extensions: readonly string[]): Promise<string | undefined>;
  chooseFileToSave(title: string, suggestedName: string): Promise<string | undefined>;
}

/** Lines for people: what the engine is doing, and what went wrong. */
export interface Log {
  info(line: string): void;
  warning(line: string): void;
}
