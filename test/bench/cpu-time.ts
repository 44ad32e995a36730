import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second. */
const millisPerTick = 10;

/**
 * Milliseconds of processor time that the processes and their children have used so far. Children that have ended count too: a
 * PostgreSQL connection that is closed takes its time along, and a sum over those that live would shrink.
 */
export function cpuMillis(pids: readonly number[]): number {
  const all = readdirSync('/proc').flatMap((entry) => {
    const times = /^\d+$/.test(entry) ? timesOf(Number(entry)) : undefined;
    return times === undefined ? [] : [times];
  });
  const counted = all.filter(({ pid, parent }) => pids.includes(pid) || pids.includes(parent));
  return counted.reduce((sum, { own, ended }) => sum + own + ended, 0);
}

interface Times {
  readonly pid: number;
  readonly parent: number;
  readonly own: number;
  /** Of children that are gone. */
  readonly ended: number;
}

/** Undefined for a process that is gone by now. */
function timesOf(pid: number): Times | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const ticks = (first: number): number => Number(fields[first]) + Number(fields[first + 1]);
    const [own, ended] = [ticks(11) * millisPerTick, ticks(13) * millisPerTick];
    return { pid, parent: Number(fields[1]), own, ended };
  } catch {
    return undefined;
  }
}
