/** Whom to probe at once when a failure may be the machine's own: a few other hosts tell whether anything is reachable. */
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import { type EndpointRecord, hostOf } from '../verdict/endpoint-record.ts';
import { couldBeLocal } from '../verdict/local-causes.ts';

const CROSS_CHECKS = 3;

/** A result younger than this is not repeated. */
const FRESH_MS: DurationMs = 5_000;

/** Failures in a row up to which others are probed; later probes add nothing. */
const MAX_FAILURES = 6;

/** Ids of the endpoints to probe now, at most three; none when the failure cannot be local. */
export function chooseCrossChecks(
  failed: EndpointRecord,
  records: readonly EndpointRecord[],
  now: EpochMs,
): readonly string[] {
  const { failures, cause } = failed.health.reachability;
  if (failures > MAX_FAILURES || !couldBeLocal(cause)) return [];
  const host = hostOf(failed.endpoint);
  return records
    .filter(({ endpoint, last }) => {
      if (endpoint.kind === 'module' || hostOf(endpoint) === host) return false;
      return last === null || now - last.startedAt > FRESH_MS;
    })
    .slice(0, CROSS_CHECKS)
    .map(({ endpoint }) => endpoint.id);
}
