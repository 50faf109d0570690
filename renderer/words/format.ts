/** Numbers and instants as a person reads them. Pure. */

/** `12 KB`, `3.4 MB`: decimal units, as the Finder shows them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit++;
  } while (value >= 999.5 && unit < units.length - 1);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `4:05` or `1:02:03`, for elapsed time in seconds. */
export function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** `22 Nov, 19:04`, in the reader's own language and zone. */
export function formatDay(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleString(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}

/** `−48 dB`; exact digital silence is a word. */
export const formatDecibels = (dbfs: number | undefined): string =>
  dbfs === undefined ? '–' : dbfs <= -120 ? 'silent' : `${Math.round(dbfs)} dB`.replace('-', '−');

export const formatCount = (count: number): string => count.toLocaleString('en-US').replaceAll(',', ' ');
