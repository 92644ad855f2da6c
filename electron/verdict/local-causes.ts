/** Causes that the machine's own connection may be responsible for. Pure. */
import type { Cause } from '../../shared/domain/cause.ts';

/** Causes that mean "no host can be reached". */
export const UNREACHABLE: ReadonlySet<Cause> = new Set(['connect-unreachable', 'dns-resolver-unreachable']);
/** These mean the same when there is no network path, or when every host fails this way. */
const SILENT: ReadonlySet<Cause> = new Set([
  'dns-timeout',
  'dns-no-such-host',
  'dns-server-misbehaving',
  'connect-timeout',
]);

/** Whether a failure may be the machine's own. */
export function couldBeLocal(cause: Cause | null): boolean {
  return cause !== null && (UNREACHABLE.has(cause) || SILENT.has(cause));
}
