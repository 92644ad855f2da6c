/** What full probes found out about proxies beside whether they work. Pure. */
import type { Note } from '../../shared/domain/result.ts';
import type { MirrorAbilities } from '../../shared/domain/timeline.ts';
import type { EndpointRecord } from './endpoint-record.ts';

/** A row for each proxy that a full probe has answered for. */
export function abilitiesOf(
  records: readonly Pick<EndpointRecord, 'endpoint' | 'notes'>[],
): readonly MirrorAbilities[] {
  return records
    .filter(({ endpoint }) => endpoint.kind === 'goproxy')
    .map(({ endpoint, notes }) => ({
      endpointId: endpoint.id,
      resumable: known(notes, 'zip-resumable', 'zip-not-resumable'),
      http2Holds: known(notes, 'http2-holds', 'http2-breaks'),
    }))
    .filter(({ resumable, http2Holds }) => resumable !== null || http2Holds !== null);
}

function known(notes: readonly Note[], yes: Note, no: Note): boolean | null {
  return notes.includes(yes) || (notes.includes(no) ? false : null);
}
