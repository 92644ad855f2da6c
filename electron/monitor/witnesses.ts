/** Whom to probe at once when a failure may be the machine's own: a few other hosts tell whether anything is reachable. */
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import { type EndpointRecord, hostOf } from '../verdict/endpoint-record.ts';
import { couldBeLocal } from '../verdict/local-causes.ts';

const WITNESSES = 3;

/** A result of a witness younger than this still counts. */
const FRESH_MS: DurationMs = 5_000;

/** Failures in a row up to which witnesses are called; later ones tell nothing new. */
const MAX_CALLS = 6;

/** Ids of the endpoints to probe now, at most three; none when the failure cannot be local. */
export function chooseWitnesses(
  failed: EndpointRecord,
  records: readonly EndpointRecord[],
  now: EpochMs,
): readonly string[] {
  const { failures, cause } = failed.health.reachability;
  if (failures > MAX_CALLS || !couldBeLocal(cause)) return [];
  const host = hostOf(failed.endpoint);
  return records
    .filter(({ endpoint, last }) => {
      if (endpoint.kind === 'module' || hostOf(endpoint) === host) return false;
      return last === null || now - last.startedAt > FRESH_MS;
    })
    .slice(0, WITNESSES)
    .map(({ endpoint }) => endpoint.id);
}
