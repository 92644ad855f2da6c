/**
 * Records packets of named hosts, bounded in time and number, through one administrator prompt. tcpdump writes to its
 * output, which comes back as text: root writes no file anywhere.
 */

import { isIP } from 'node:net';
import { type ShellCommand, shellCommand } from '../../shared/domain/shell-command.ts';
import type { CommandOutcome, ProcessRunner } from '../system/process-runner.ts';
import { inRoot } from './catalogue.ts';
import { parseOsascript } from './outcomes.ts';

/** Fixed text. Parameters: root of the tools, interface, seconds, then addresses; each is validated before. */
const RECORD_SCRIPT = `set -f
PATH=/usr/bin:/bin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
root=$1
interface=$2
seconds=$3
shift 3
filter='port 53'
for address in "$@"; do
  filter="$filter or host $address"
done
{
  "$root/usr/sbin/tcpdump" -n -U -s 0 -c 20000 -i "$interface" -w - "$filter" 2>/dev/null &
  pid=$!
  { sleep "$seconds"; kill "$pid"; } >/dev/null 2>&1 &
  watcher=$!
  wait "$pid"
  kill "$watcher" 2>/dev/null
} | /usr/bin/base64
`;

/** Longest recording, s. */
export const MAX_RECORD_SECONDS = 120;
/** Most addresses in one filter. */
export const MAX_ADDRESSES = 16;

/** 20,000 packets of 1,500 bytes, in base64. */
const MAX_BYTES = 48 * 1024 * 1024;

/** Time to type a password. */
const PROMPT_MS = 120_000;

/** What is recorded: interface, seconds, addresses. */
export interface RecordRequest {
  readonly iface: string;
  readonly seconds: number;
  readonly addresses: readonly string[];
}

/** The capture file's bytes, or why there are none. */
export type RecordOutcome =
  | { readonly ok: true; readonly capture: Buffer }
  | { readonly ok: false; readonly why: 'declined' | 'timed-out' | 'failed' | 'not-here' };

/** What would be run, for people to see before macOS asks. */
export function recordPlan({ iface, addresses }: RecordRequest): ShellCommand {
  const filter = ['port 53', ...addresses.map((address) => `host ${address}`)].join(' or ');
  return shellCommand('sudo', ['tcpdump', '-n', '-U', '-s', '0', '-c', '20000', '-i', iface, '-w', '-', filter]);
}

/** Records. Throws on invalid parameters (a bug of the caller). Never rejects for anything that happens while recording. */
export async function record(
  request: RecordRequest,
  { runner, root, signal }: { readonly runner: ProcessRunner; readonly root: string; readonly signal?: AbortSignal },
): Promise<RecordOutcome> {
  check(request);
  const { iface, seconds, addresses } = request;
  const parameters = [root === '/' ? '' : root, iface, String(seconds), ...addresses];
  const outcome = await runner.run({
    file: inRoot(root, '/usr/bin/osascript'),
    args: recordArguments(parameters),
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
    timeoutMs: PROMPT_MS + seconds * 1_000,
    signal,
    maxOutputBytes: MAX_BYTES,
  });
  return outcomeOf(outcome);
}

/** As for the snapshot: everything travels as an argument and is quoted by AppleScript. */
function recordArguments(parameters: readonly string[]): readonly string[] {
  return [
    '-e',
    'on run argv',
    '-e',
    'set said to "/bin/sh -c " & quoted form of item 1 of argv & " gopherbar"',
    '-e',
    'repeat with i from 2 to count of argv',
    '-e',
    'set said to said & " " & quoted form of item i of argv',
    '-e',
    'end repeat',
    '-e',
    'do shell script said with administrator privileges without altering line endings',
    '-e',
    'end run',
    '--',
    RECORD_SCRIPT,
    ...parameters,
  ];
}

function check({ iface, seconds, addresses }: RecordRequest): void {
  const isGood =
    /^[a-z]+\d{1,3}$/.test(iface) &&
    Number.isInteger(seconds) &&
    seconds >= 1 &&
    seconds <= MAX_RECORD_SECONDS &&
    addresses.length >= 1 &&
    addresses.length <= MAX_ADDRESSES &&
    addresses.every((one) => isIP(one) !== 0 && !one.includes('%'));
  if (!isGood) throw new Error('these parameters cannot be recorded with');
}

function outcomeOf(outcome: CommandOutcome): RecordOutcome {
  if (outcome.ended === 'not-started') return { ok: false, why: 'not-here' };
  if (outcome.ended === 'killed') return { ok: false, why: 'timed-out' };
  const { result } = parseOsascript(outcome.stderr).value;
  if (outcome.exitCode !== 0) {
    return { ok: false, why: result === 'cancelled' || result === 'auth-failed' ? 'declined' : 'failed' };
  }
  const capture = Buffer.from(outcome.stdout, 'base64');
  return capture.length === 0 ? { ok: false, why: 'failed' } : { ok: true, capture };
}
