/** Which way the checksum database is reached, entry by entry. */
import { expect, it } from 'vitest';
import type { Cause } from '../../shared/domain/cause.ts';
import { parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import { walkSumdb } from './sumdb-walk.ts';
import type { EntryView } from './walk.ts';

const up = (relaysSumdb: boolean | null): EntryView => ({
  endpointId: 'x',
  status: 'up',
  cause: null,
  latencyMs: 1,
  relaysSumdb,
});
const down = (cause: Cause): EntryView => ({ endpointId: 'x', status: 'down', cause, latencyMs: null });
const VIEWS: Readonly<Record<string, EntryView>> = {
  'https://relays.test': up(true),
  'https://alive.test': up(false),
  'https://dead.test': down('connect-refused'),
  'https://empty.test': down('module-not-found'),
  'https://portal.test': down('captive-portal'),
  'https://forbids.test': down('http-forbidden'),
};
const way = (list: string, gosumdb = 'sum.golang.org') =>
  walkSumdb(
    parseGoproxyList(list.replace(/\b(relays|alive|dead|empty|portal|forbids|new)\b/g, 'https://$1.test')),
    (url) => VIEWS[url] ?? null,
    gosumdb,
  );

it.each([
  ['relays', { by: 'relay', at: 0 }],
  ['alive', { by: 'itself' }],
  ['alive,relays', { by: 'relay', at: 1 }],
  ['empty|relays', { by: 'relay', at: 1 }],
  ['dead|relays', { by: 'relay', at: 1 }],
  ['dead,relays', { by: 'nothing', at: 0, cause: 'connect-refused' }],
  ['dead,direct', { by: 'nothing', at: 0, cause: 'connect-refused' }],
  ['dead|direct', { by: 'itself' }],
  ['dead|alive', { by: 'nothing', at: 0, cause: 'connect-refused' }],
  ['dead|alive|off', { by: 'nothing', at: 0, cause: 'connect-refused' }],
  ['dead|alive,direct', { by: 'itself' }],
  ['alive|dead', { by: 'nothing', at: 1, cause: 'connect-refused' }],
  ['dead|forbids', { by: 'nothing', at: 1, cause: 'http-forbidden' }],
  ['alive,off', { by: 'itself' }],
  ['off', { by: 'itself' }],
  ['direct', { by: 'itself' }],
  ['portal,relays', { by: 'relay', at: 0 }],
  ['new,relays', { by: 'unknown' }],
])('%s', (list, wanted) => expect(way(list)).toEqual(wanted));

it('an address of its own takes the list out of it', () => {
  expect(way('dead|alive', 'sum.golang.google.cn')).toEqual({ by: 'itself' });
  expect(way('dead|alive', 'sum.golang.org https://s.test')).toEqual({ by: 'itself' });
});
