/** The case's measurements as the judge of the app knows endpoints: one failure of a consultation counts as confirmed. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import { sampleOf } from '../../shared/domain/result.ts';
import type { PublishedStatus } from '../verdict/endpoint-health.ts';
import type { JudgedRecord } from '../verdict/endpoint-record.ts';
import { unknownStatus } from '../verdict/status.ts';
import type { DiagnosisContext, Measured } from './diagnosis-context.ts';

/** Everything measured but the download, which has no endpoint in the app. */
export function knownEndpoints(context: DiagnosisContext): readonly JudgedRecord[] {
  const now = context.ports.clock.now();
  return context.measured
    .filter(({ endpoint }) => endpoint.kind !== 'module')
    .map(({ endpoint, result }) => {
      const through = context.forwardProxyOf(endpoint.url);
      return {
        endpoint,
        state: stateOf(
          lacksOurModule(context, endpoint, result) ? { ...result, outcome: 'ok', slow: [] } : result,
          now,
        ),
        last: result,
        forwardProxyOfGo: through === null ? null : redactUrl(through),
        lastSample: sampleOf(endpoint.id, result),
        notes: result.evidence.notes ?? [],
      };
    });
}

/** Somebody's own proxy need not have the module that everybody is asked for: it answered. */
function lacksOurModule({ target, ports }: DiagnosisContext, { url }: Endpoint, result: Measured): boolean {
  if (target.kind === 'module' || ports.settings.endpoints.some((one) => one.url === url)) return false;
  return result.outcome === 'failed' && result.failure.cause === 'module-not-found';
}

function stateOf(result: Measured, now: number): PublishedStatus {
  const known = { ...unknownStatus(now), degradation: null };
  if (result.outcome === 'failed') return { ...known, status: 'down', cause: result.failure.cause, failures: 3 };
  return result.slow.length > 0
    ? { ...known, status: 'degraded', degradation: 'over-limit', slows: 3 }
    : { ...known, status: 'up', successes: 3 };
}
