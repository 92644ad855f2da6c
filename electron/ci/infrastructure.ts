/** Which causes are the network's and the servers' doing, and which are the project's or its settings'. Pure. */
import { CAUSES, type Cause } from '../../shared/domain/cause.ts';
import { hostKind } from '../../shared/domain/host-kind.ts';
import type { Finding } from '../explain/finding.ts';

/** Nobody who changes the code can mend these. What needs another setting, a login or another version is not here. */
const INFRASTRUCTURE: ReadonlySet<Cause> = new Set([
  'dns-server-misbehaving',
  'dns-timeout',
  'dns-resolver-unreachable',
  'dns-nxdomain-hijacked',
  'dns-injected',
  'dns-bogus-answer',
  'connect-refused',
  'connect-timeout',
  'connect-unreachable',
  'connection-reset',
  'eof-no-response',
  'read-timeout',
  'response-timeout',
  'tls-handshake-timeout',
  'tls-unknown-authority',
  'tls-cert-expired',
  'tls-cert-not-yet-valid',
  'tls-cert-wrong-host',
  'tls-not-tls',
  'tls-alert',
  'tls-version-mismatch',
  'tls-check-impossible',
  'http-rate-limited',
  'http-server-error',
  'http-malformed',
  'http2-goaway',
  'http2-stream-reset',
  'http2-connection-lost',
  'body-truncated',
  'zip-corrupt',
  'not-a-goproxy',
  'captive-portal',
  'redirect-insecure',
  'redirect-loop',
  'redirect-private',
  'forward-proxy-unreachable',
  'forward-proxy-refused',
  'sumdb-unreachable',
  'toolchain-download-failed',
  'vcs-network',
  'region-blocked',
  'disk-full',
  'resource-limit',
  'vcs-cache-broken',
]);

/** Wrappers: what lies under them decides. */
const WRAPPERS: ReadonlySet<Cause> = new Set(['sumdb-unreachable', 'toolchain-download-failed', 'vcs-network']);

/** Below this a finding is a guess, and a guess never excuses a failure. */
const SURE = 0.5;

/** What decides about a finding: the cause under a wrapper, where it is known. */
export function decisiveCause({ cause, underlying }: Pick<Finding, 'cause' | 'underlying'>): Cause {
  return WRAPPERS.has(cause) && underlying !== undefined ? underlying : cause;
}

/**
 * Whether a finding is infrastructure. A name that does not exist is so only for a host that is known to exist: one of
 * `routeHosts`, a public mirror or a public code host; any other may be a mistyped import path.
 */
export function isInfrastructure(finding: Finding, routeHosts: ReadonlySet<string>): boolean {
  if (finding.confidence < SURE) return false;
  const cause = decisiveCause(finding);
  if (cause === 'dns-no-such-host') return isKnown(finding.host, routeHosts);
  return INFRASTRUCTURE.has(cause);
}

/** Whether running the same command again may help. */
export function isRetryable(finding: Finding): boolean {
  return CAUSES[decisiveCause(finding)].retryable;
}

function isKnown(host: string | undefined, routeHosts: ReadonlySet<string>): boolean {
  if (host === undefined) return false;
  const kind = hostKind(host);
  return kind === 'mirror' || kind === 'forge' || routeHosts.has(host);
}
