import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ChecksumDatabase, sumRecord } from '../../e2e/lab/checksum-database.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import { openHttpClient } from '../composition/http-client.ts';
import { parseGosumdb } from '../integrity/verifier-key.ts';
import { systemClock } from '../system/clock.ts';
import { readRecord } from './read-record.ts';

const client = openHttpClient({}, DEFAULT_LIMITS, systemClock);
const records = Array.from({ length: 300 }, (_, i) => sumRecord(`example.test/m${i}`, 'v1.0.0'));
let database: ChecksumDatabase;

beforeAll(async () => {
  database = await ChecksumDatabase.start(records);
});
afterEach(() => {
  database.tamper = null;
});
afterAll(async () => {
  await client.close();
  await database.close();
});

function read(path = 'example.test/m7', gosumdb = `${database.key} ${database.url}`) {
  const asked = parseGosumdb(gosumdb);
  if (asked.kind !== 'database') throw new Error(asked.kind);
  return readRecord(asked.url, asked.key, { path, version: 'v1.0.0' }, client, new AbortController().signal);
}

it('gives the hash of a record that is signed and proven to be in the tree', async () => {
  const [, , , recorded] = /^(\S+) (\S+) (h1:\S+)/.exec(records[7] ?? '') ?? [];
  expect(await read()).toEqual({ ok: true, hash: recorded });
  expect(database.requests.filter((path) => path.startsWith('/tile/')).length).toBeGreaterThan(0);
});

it.each<[string, (path: string, body: string) => string | null, string]>([
  [
    'a changed hash',
    (path, body) => (path.startsWith('/lookup/') ? body.replace(/h1:./, 'h1:_') : body),
    'sumdb-invalid-answer',
  ],
  [
    'the record of another module',
    (path, body) => (path.startsWith('/lookup/') ? body.replaceAll('/m7 ', '/m8 ') : body),
    'sumdb-invalid-answer',
  ],
  [
    'the number of another record',
    (path, body) => (path.startsWith('/lookup/') ? body.replace(/^7/, '8') : body),
    'sumdb-invalid-answer',
  ],
  [
    'a head signed by no one',
    (path, body) => (path.startsWith('/lookup/') ? body.replace(/(sum\.lab\.test )..../, '$1AAAA') : body),
    'sumdb-invalid-answer',
  ],
  [
    'changed tiles',
    (path, body) => (path.startsWith('/tile/') ? body.replace(/^./s, '\0') : body),
    'sumdb-invalid-answer',
  ],
  ['no tiles', (path, body) => (path.startsWith('/tile/') ? null : body), 'sumdb-not-found'],
  ['a page to sign in', () => '<!doctype html><html>Sign in</html>', 'captive-portal'],
])('believes nothing with %s', async (_, tamper, cause) => {
  database.tamper = tamper;
  expect(await read()).toEqual({ ok: false, cause });
});

it('says why there is no record', async () => {
  expect(await read('example.test/none')).toEqual({ ok: false, cause: 'sumdb-not-found' });
  const closed = await ChecksumDatabase.start(records);
  const gosumdb = `${closed.key} ${closed.url}`;
  await closed.close();
  expect(await read('example.test/m7', gosumdb)).toEqual({ ok: false, cause: 'connect-refused' });
});
