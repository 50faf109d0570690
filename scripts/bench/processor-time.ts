/** Processor time of process trees, from /proc (Linux only; elsewhere undefined). */
import { readdirSync, readFileSync } from 'node:fs';

/** The kernel's unit for utime and stime: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
  readonly command: string;
}

function rows(): Row[] {
  const found: Row[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The command is in parentheses and may hold spaces; fields are counted after it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')[1] ?? '';
      found.push({
        pid: Number(name),
        parent: Number(fields[1]),
        seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
        command,
      });
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return found;
}

export interface ProcessTime {
  readonly pid: number;
  readonly command: string;
  readonly seconds: number;
}

/** All descendants of a process with the processor time each has used so far. Undefined where /proc does not exist. */
export function descendantsOf(pid: number): readonly ProcessTime[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const all = rows();
  const wanted = new Set([pid]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const row of all) {
      if (wanted.has(row.parent) && !wanted.has(row.pid)) {
        wanted.add(row.pid);
        grew = true;
      }
    }
  }
  return all.filter((row) => row.pid !== pid && wanted.has(row.pid));
}

/** Share of one core that each descendant used over a span, keyed by pid. */
export async function shareOfCore(pid: number, span: () => Promise<void>): Promise<readonly ProcessTime[] | undefined> {
  const before = descendantsOf(pid);
  const began = process.hrtime.bigint();
  await span();
  const after = descendantsOf(pid);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (before === undefined || after === undefined) return undefined;
  const earlier = new Map(before.map((row) => [row.pid, row.seconds]));
  return after
    .filter((row) => earlier.has(row.pid))
    .map((row) => ({ ...row, seconds: (row.seconds - (earlier.get(row.pid) ?? 0)) / seconds }));
}
