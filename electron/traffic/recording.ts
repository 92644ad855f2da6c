/** From host names to a recording of their packets: what would be asked for, before anybody is asked. */

import { isIP } from 'node:net';
import { failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { ShellCommand } from '../../shared/domain/shell-command.ts';
import { inRoot, routeTo } from '../macos/catalogue.ts';
import { isAvailable } from '../macos/gather.ts';
import { MAX_ADDRESSES, MAX_RECORD_SECONDS, type RecordRequest, recordPlan } from '../macos/record.ts';
import { parseRoute } from '../macos/routes.ts';
import type { ProcessRunner } from '../system/process-runner.ts';

/** What planning a recording needs. */
export interface RecordingPorts {
  readonly runner: ProcessRunner;
  /** `/`, or a test's own folder of macOS's tools. */
  readonly root: string;
  /** Addresses of a name; null or none when it has none. */
  readonly lookUp: (host: string) => Promise<readonly string[] | null>;
}

/** What would be recorded, and the command as a person would type it. */
export interface PlannedRecording {
  readonly request: RecordRequest;
  readonly command: ShellCommand;
}

const ROUTE_MS = 5_000;

/** The recording of these hosts, on the interface that the first of them is reached by. */
export async function planRecording(
  hosts: readonly string[],
  seconds: number,
  { runner, root, lookUp }: RecordingPorts,
): Promise<Outcome<PlannedRecording>> {
  if (!isAvailable(root)) return failed('record-not-here');
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_RECORD_SECONDS)
    return failed('record-too-long', { seconds: MAX_RECORD_SECONDS });
  const found = await Promise.all(
    hosts.map(async (host) => (isIP(host) === 0 ? ((await lookUp(host)) ?? []) : [host])),
  );
  const addresses = [...new Set(found.flat())].slice(0, MAX_ADDRESSES);
  const [first] = addresses;
  if (first === undefined) return failed('record-no-address', { hosts: hosts.join(', ') });
  const { file, args } = routeTo(first);
  const route = await runner.run({ file: inRoot(root, file), args, env: {}, timeoutMs: ROUTE_MS });
  const iface = route.ended === 'exited' ? parseRoute(route.stdout).value.interface : null;
  const request = { iface: iface ?? 'en0', seconds, addresses };
  return succeeded({ request, command: recordPlan(request) });
}
