/** From host names to a recording of their packets: what would be asked for, before anybody is asked. */
import { isIP } from 'node:net';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { inRoot, routeTo } from '../macos/catalogue.ts';
import { isAvailable } from '../macos/gather.ts';
import { MAX_ADDRESSES, MAX_RECORD_SECONDS, type RecordRequest, recordPlan } from '../macos/record.ts';
import { parseRoute } from '../macos/routes.ts';
import type { ProcessRunner } from '../system/process-runner.ts';

export interface RecordingPorts {
  readonly runner: ProcessRunner;
  /** `/`, or a test's own folder of macOS's tools. */
  readonly root: string;
  /** Addresses of a name; null or none when it has none. */
  readonly lookUp: (host: string) => Promise<readonly string[] | null>;
}

export type RecordingOutcome =
  | { readonly ok: true; readonly request: RecordRequest; readonly command: string }
  | { readonly ok: false; readonly problem: Problem };

const ROUTE_MS = 5_000;

/** The recording of these hosts, on the interface that the first of them is reached by. */
export async function planRecording(
  hosts: readonly string[],
  seconds: number,
  { runner, root, lookUp }: RecordingPorts,
): Promise<RecordingOutcome> {
  if (!isAvailable(root)) return refused('record-not-here');
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_RECORD_SECONDS)
    return refused('record-too-long', { seconds: MAX_RECORD_SECONDS });
  const found = await Promise.all(
    hosts.map(async (host) => (isIP(host) === 0 ? ((await lookUp(host)) ?? []) : [host])),
  );
  const addresses = [...new Set(found.flat())].slice(0, MAX_ADDRESSES);
  const [first] = addresses;
  if (first === undefined) return refused('record-no-address', { hosts: hosts.join(', ') });
  const { file, args } = routeTo(first);
  const route = await runner.run({ file: inRoot(root, file), args, env: {}, timeoutMs: ROUTE_MS });
  const iface = route.ended === 'exited' ? parseRoute(route.stdout).value.interface : null;
  const request = { iface: iface ?? 'en0', seconds, addresses };
  return { ok: true, request, command: `sudo ${recordPlan(request)}` };
}

function refused(key: string, params: Problem['params'] = {}): RecordingOutcome {
  return { ok: false, problem: { key, params } };
}
