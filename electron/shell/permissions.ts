/**
 * macOS permissions through node-mac-permissions, which exists on macOS only and is optional there. Anywhere else, and where
 * it could not be built, every permission is `unsupported`.
 *
 * Names and results as in node-mac-permissions 2.5.0 (its source).
 */
import { PERMISSION_KINDS, type PermissionKind, type PermissionStatus, type Permissions } from '../engine/ports.ts';

/** The part of the package that is used; its own types are not installed on Linux. */
export interface MacPermissions {
  getAuthStatus(type: PermissionKind): string;
  askForMicrophoneAccess(): Promise<string>;
  askForAccessibilityAccess(): unknown;
  askForScreenCaptureAccess(openPreferences?: boolean): unknown;
}

const STATUSES: Readonly<Record<string, PermissionStatus>> = {
  'not determined': 'notDetermined',
  denied: 'denied',
  authorized: 'authorized',
  restricted: 'restricted',
};

export function createPermissions(load: () => Promise<MacPermissions | undefined> = loadMacPermissions): Permissions {
  const loaded = load();
  const read = async (kind: PermissionKind): Promise<PermissionStatus> => {
    const mac = await loaded;
    return mac === undefined ? 'unsupported' : (STATUSES[mac.getAuthStatus(kind)] ?? 'unsupported');
  };
  return {
    read,
    async request(kind) {
      const mac = await loaded;
      if (mac === undefined) return 'unsupported';
      if (kind === 'microphone') await mac.askForMicrophoneAccess();
      if (kind === 'accessibility') mac.askForAccessibilityAccess();
      if (kind === 'screen') mac.askForScreenCaptureAccess(true);
      // Bluetooth has no call to ask with: macOS asks at the first use.
      return read(kind);
    },
  };
}

async function loadMacPermissions(): Promise<MacPermissions | undefined> {
  // A variable, so that neither the compiler nor a bundler wants a package that exists on macOS only.
  const packageName: string = 'node-mac-permissions';
  try {
    const module = (await import(packageName)) as { readonly default?: unknown };
    const candidate = module.default ?? module;
    return isMacPermissions(candidate) ? candidate : undefined;
  } catch {
    return undefined;
  }
}

function isMacPermissions(value: unknown): value is MacPermissions {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<MacPermissions>).getAuthStatus === 'function'
  );
}

/** All of them at once, for a page that lists them. */
export async function readAll(permissions: Permissions): Promise<Readonly<Record<PermissionKind, PermissionStatus>>> {
  const pairs = await Promise.all(PERMISSION_KINDS.map(async (kind) => [kind, await permissions.read(kind)] as const));
  return Object.fromEntries(pairs) as Record<PermissionKind, PermissionStatus>;
}
