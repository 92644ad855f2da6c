/** What the soak of the packaged app measures, and how it tells growth from noise. */
import { readdirSync, readFileSync } from 'node:fs';

/** One reading. */
export interface Reading {
  /** Since the start, minutes. */
  readonly minute: number;
  /** Memory of the main process, MB. */
  readonly mainMb: number;
  /** Memory of all processes, MB. Shared pages count in each. */
  readonly allMb: number;
  /** Open windows, hidden ones included: the dashboard is one while it is open. */
  readonly windows: number;
  /** Open files, sockets and pipes of the main process. */
  readonly handles: number;
  readonly threads: number;
  /** Timers that have fired since the engine's start. */
  readonly wakeups: number;
}

export interface Slope {
  /** At the start and at the end of the line through the readings. */
  readonly from: number;
  readonly to: number;
  readonly perHour: number;
}

/** Part of the run that is left out: caches fill, code is compiled. */
const WARM_UP = 1 / 3;

/** The line of least squares through one figure of the readings after the warm-up; null for fewer than four. */
export function slopeOf(readings: readonly Reading[], figure: (reading: Reading) => number): Slope | null {
  const warm = readings.slice(Math.ceil(readings.length * WARM_UP));
  const [first, last] = [warm[0], warm.at(-1)];
  if (warm.length < 4 || first === undefined || last === undefined) return null;
  const meanX = mean(warm.map(({ minute }) => minute));
  const meanY = mean(warm.map(figure));
  const products = warm.map((one) => (one.minute - meanX) * (figure(one) - meanY));
  const squares = warm.map(({ minute }) => (minute - meanX) ** 2);
  const perMinute = mean(products) / mean(squares);
  const at = (minute: number) => Math.round((meanY + perMinute * (minute - meanX)) * 10) / 10;
  return { from: at(first.minute), to: at(last.minute), perHour: Math.round(perMinute * 600) / 10 };
}

/** Timers a minute in each interval between readings, as readings of their own. */
export function wakeupsPerMinute(readings: readonly Reading[]): readonly Reading[] {
  return readings.flatMap((reading, index) => {
    const before = readings[index - 1];
    if (before === undefined) return [];
    return [{ ...reading, wakeups: (reading.wakeups - before.wakeups) / (reading.minute - before.minute) }];
  });
}

/** Memory, handles and threads of a process, from /proc (proc_pid_status(5)). */
export function readProcess(pid: number): Pick<Reading, 'mainMb' | 'handles' | 'threads'> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
  return { mainMb: field('VmRSS') / 1_024, handles: readdirSync(`/proc/${pid}/fd`).length, threads: field('Threads') };
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
