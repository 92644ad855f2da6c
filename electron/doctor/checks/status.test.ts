/** When operators are asked, and what is said of their answers. */
import { expect, it } from 'vitest';
import { type Measurement, measuredDiagnosis } from '../../../e2e/doubles/diagnosis.ts';
import { statusCheck } from './status.ts';

const PROXY = 'https://proxy.golang.org';
const LIST = { effective: { GOPROXY: `${PROXY},direct`, GOSUMDB: 'off' } };
const FAILS: Readonly<Record<string, Measurement>> = { [PROXY]: 'http-server-error in response' };
const OPEN = JSON.stringify([
  {
    begin: '2020-01-31T14:02:00+00:00',
    external_desc: 'Elevated errors',
    affected_products: [{ title: 'Google Cloud Storage' }],
  },
]);

async function run(measurements: Readonly<Record<string, Measurement>>, feed: string | null, statusFeeds = true) {
  const asked: string[] = [];
  const readFeed = async (url: string) => {
    asked.push(url);
    return feed;
  };
  const world = { ...LIST, ports: { readFeed }, settings: { statusFeeds } };
  const { status, notes, commands } = await statusCheck.run(await measuredDiagnosis(measurements, world));
  return { asked, status, notes: notes.map(({ key }) => key), commands };
}

it('nobody is asked while all works, or about a host without a feed', async () => {
  expect(await run({}, OPEN)).toMatchObject({ asked: [], status: 'not-needed' });
});

it('without permission only says how to give it', async () => {
  expect(await run(FAILS, OPEN, false)).toEqual({
    asked: [],
    status: 'not-needed',
    notes: ['status-not-allowed'],
    commands: ['gopherbar config set doctor.statusFeeds true'],
  });
});

it.each([
  [OPEN, 'warning', 'status-incident'],
  ['[]', 'ok', 'status-none'],
  ['<html>', 'ok', 'status-unread'],
  [null, 'ok', 'status-unread'],
])('a feed with %j is %s: %s', async (feed, status, key) => {
  expect(await run(FAILS, feed)).toMatchObject({
    asked: ['https://status.cloud.google.com/incidents.json'],
    status,
    notes: [key],
  });
});
