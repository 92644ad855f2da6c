/**
 * Notices that the machine's network changed: a long-lived `scutil` on macOS or `ip monitor` on Linux reports it
 * at once and costs nothing in between; where neither runs, the addresses are compared every few seconds.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from './clock.ts';
import type { Env } from './files.ts';
import { networkFingerprint } from './network.ts';
import { programPath } from './program-path.ts';

/** A poll costs about 50 µs; after a change of Wi-Fi the first probe waits at most this long. */
export const NETWORK_LOOK_MS: DurationMs = 5_000;

/** A change comes as a burst of lines: it is reported after the last one. */
const SETTLE_MS: DurationMs = 700;

/** But at most this long after the first line. */
const REPORT_WITHIN_MS: DurationMs = 5_000;

/** Delay before restarting a program that exited. */
const RESTART_AFTER_MS: DurationMs = 60_000;

/** A program that prints something whenever the network changes. */
interface ChangeSource {
  readonly file: string;
  readonly args: readonly string[];
  readonly input: string;
}

/**
 * Runs `$0 "$@"` until standard input ends: `ip monitor` reads none, and would outlive a killed Gopherbar until the network
 * next changes. A shell's background job has no standard input of its own, hence descriptor 3.
 */
const UNTIL_INPUT_ENDS =
  'exec 3<&0; "$0" "$@" & child=$!; (while read -r _; do :; done <&3; kill "$child") >/dev/null 2>&1 & wait "$child"';

/** The program that reports changes on this system; null = there is none. */
function changeSource(platform: NodeJS.Platform, env: Env): ChangeSource | null {
  if (platform === 'linux') {
    const file = programPath('ip', env.PATH);
    const args = ['-c', UNTIL_INPUT_ENDS, file ?? '', 'monitor', 'address', 'route', 'link'];
    return file === null ? null : { file: '/bin/sh', args, input: '' };
  }
  if (platform !== 'darwin') return null;
  // scutil(8): n.add registers a key of the dynamic store, n.watch prints a line for each change.
  const keys = ['State:/Network/Global/IPv4', 'State:/Network/Global/IPv6', 'State:/Network/Global/DNS'];
  return {
    file: '/usr/sbin/scutil',
    args: [],
    input: `${keys.map((key) => `n.add ${key}`).join('\n')}\nn.watch\n`,
  };
}

export interface NetworkWatchOptions {
  readonly clock: Clock;
  readonly env: Env;
  readonly platform?: NodeJS.Platform;
  readonly fingerprint?: () => string;
}

/**
 * Calls back after each change, with whether addresses differ. The returned function ends it; its promise resolves when
 * the program has ended, too.
 */
export function watchNetwork(
  options: NetworkWatchOptions,
  onChange: (addressesDiffer: boolean) => void,
): () => Promise<void> {
  const { clock, env, platform = process.platform, fingerprint = networkFingerprint } = options;
  const source = changeSource(platform, env);
  let child: ChildProcess | null = null;
  let stopped = false;
  let stopSettling: Stop = () => {};
  let stopTimer: Stop = () => {};
  let stopRestart: Stop = () => {};
  let childEnded: Promise<void> = Promise.resolve();
  let seen = fingerprint();
  /** As it was at the last report. */
  let reported = seen;
  let burstSince: number | null = null;
  const changed = () => {
    stopSettling();
    burstSince ??= clock.monotonic();
    const leftMs = Math.max(0, burstSince + REPORT_WITHIN_MS - clock.monotonic());
    stopSettling = clock.after(Math.min(SETTLE_MS, leftMs), () => {
      burstSince = null;
      const now = fingerprint();
      const differ = now !== reported;
      seen = now;
      reported = now;
      onChange(differ);
    });
  };
  /** Until the program runs (again). */
  const look = () => {
    if (stopped) return;
    const now = fingerprint();
    if (now !== seen) changed();
    seen = now;
    stopTimer = clock.after(NETWORK_LOOK_MS, look);
  };
  const listen = () => {
    if (source === null || stopped) return;
    const began = clock.monotonic();
    const started = spawn(source.file, source.args, {
      env: { PATH: env.PATH, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child = started;
    started.on('spawn', () => stopTimer());
    started.stdout.on('data', () => {
      // scutil prints a greeting before any change.
      if (platform !== 'darwin' || clock.monotonic() - began > SETTLE_MS) changed();
    });
    started.stdin.on('error', () => {});
    if (source.input !== '') started.stdin.write(source.input);
    const lost = () => {
      started.stdin.destroy();
      if (child !== started || stopped) return;
      child = null;
      stopTimer();
      look();
      stopRestart = clock.after(RESTART_AFTER_MS, listen);
    };
    started.once('error', lost);
    started.once('exit', lost);
    childEnded = new Promise((resolve) => {
      started.once('error', () => resolve());
      started.once('close', () => resolve());
    });
    started.unref();
    for (const stream of [started.stdin, started.stdout]) (stream as unknown as { unref?: () => void }).unref?.();
  };
  stopTimer = clock.after(NETWORK_LOOK_MS, look);
  listen();
  return async () => {
    stopped = true;
    stopTimer();
    stopRestart();
    stopSettling();
    // Both programs end with their input.
    child?.stdin?.end();
    await childEnded;
  };
}
