import { expect, it } from 'vitest';
import { sampleEndpoint } from '../../e2e/doubles/sample-snapshot.ts';
import type { Note } from '../../shared/domain/result.ts';
import { abilitiesOf } from './mirror-abilities.ts';

const record = (id: string, notes: readonly Note[], kind: 'goproxy' | 'vcs' = 'goproxy') => ({
  endpoint: { ...sampleEndpoint(id).endpoint, kind },
  notes,
});

it('lists proxies that a full probe has answered for', () => {
  const rows = abilitiesOf([
    record('a', ['sumdb-relayed', 'zip-resumable', 'http2-breaks']),
    record('b', ['zip-not-resumable']),
    record('unmeasured', []),
    record('sources', ['http2-holds'], 'vcs'),
  ]);
  expect(rows).toEqual([
    { endpointId: 'a', resumable: true, http2Holds: false },
    { endpointId: 'b', resumable: false, http2Holds: null },
  ]);
});
