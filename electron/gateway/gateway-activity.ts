/** What the gateway has done, as a page shows it: the newest requests and incidents. Pure. */
import type { GatewayIncident, GatewayRequest } from '../../shared/domain/gateway.ts';
import type { TimedEvent } from './gateway-messages.ts';

/** Newest first. */
export interface GatewayActivity {
  readonly requests: readonly GatewayRequest[];
  readonly incidents: readonly GatewayIncident[];
  /** What is wrong with the cache; null when nothing is known to be. */
  readonly cacheProblem: string | null;
}

export const NO_ACTIVITY: GatewayActivity = { requests: [], incidents: [], cacheProblem: null };

const REQUESTS_KEPT = 60;
const INCIDENTS_KEPT = 20;
/** Longer texts come from servers. */
const MAX_TEXT = 400;

/** Adds events, given oldest first. */
export function withEvents(before: GatewayActivity, events: readonly TimedEvent[]): GatewayActivity {
  const requests: GatewayRequest[] = [];
  const incidents: GatewayIncident[] = [];
  let { cacheProblem } = before;
  for (const one of events) {
    if (one.event === 'cache') {
      cacheProblem = one.problem.slice(0, MAX_TEXT);
    } else if (one.event === 'incident') {
      const { at, kind, upstream, module, got, want } = one;
      incidents.unshift({ at, kind, upstream, module, got: got.slice(0, MAX_TEXT), want: want.slice(0, MAX_TEXT) });
    } else {
      const { event: _, survived, path, ...facts } = one;
      const short = survived
        .slice(0, 10)
        .map(({ upstream, reason }) => ({ upstream, reason: reason.slice(0, MAX_TEXT) }));
      requests.unshift({ ...facts, path: path.slice(0, MAX_TEXT), survived: short });
    }
  }
  return {
    requests: [...requests, ...before.requests].slice(0, REQUESTS_KEPT),
    incidents: [...incidents, ...before.incidents].slice(0, INCIDENTS_KEPT),
    cacheProblem,
  };
}
