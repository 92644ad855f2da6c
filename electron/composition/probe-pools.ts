/** The pools that probe: every one signs in as `go` would, and runs canaries. */
import { CanaryPool } from '../probe/canary-pool.ts';
import { CredentialPool } from '../probe/credential-pool.ts';
import { InlinePool } from '../probe/inline-pool.ts';
import type { ProbePool } from '../probe/probe-pool.ts';
import type { GoControl } from '../profile/go-control.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { httpsLookUp } from './http-client.ts';
import { canaryTools } from './settings.ts';

/** Probes over `inner` with the credentials and the canaries of the real `go`. */
export function goProbePool(inner: ProbePool, clock: Clock, go: GoControl, env: Env): ProbePool {
  const tools = canaryTools(go, env);
  return new CanaryPool(new CredentialPool(inner, clock, tools), clock, tools);
}

/** The same in this thread: for commands that run once. */
export function inlineProbePool(clock: Clock, go: GoControl, env: Env): ProbePool {
  return goProbePool(new InlinePool(clock, httpsLookUp(clock)), clock, go, env);
}
