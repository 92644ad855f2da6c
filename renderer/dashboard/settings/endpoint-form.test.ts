import { expect, it } from 'vitest';
import { draftOf, entryOf, faultsOf } from './endpoint-form.ts';

const FULL = {
  id: 'ours',
  kind: 'goproxy' as const,
  url: 'https://proxy.test',
  name: 'Ours',
  module: { path: 'example.org/a', version: 'v1.0.0' },
  criticality: 'critical' as const,
  quietHours: '22:00-08:00',
  limits: { hard: { totalMs: 9_000 } },
  later: true,
};

it('gives back what it was made of, with fields it does not know', () => {
  expect(entryOf(draftOf(FULL), FULL)).toEqual(FULL);
  expect(entryOf(draftOf({ url: 'https://a.test' }), { url: 'https://a.test' })).toEqual({ url: 'https://a.test' });
});

it('leaves out what is emptied, and what another kind does not have', () => {
  const draft = { ...draftOf(FULL), kind: 'dns' as const, url: ' udp://192.0.2.1 ', quietHours: '', target: 'a.test' };
  expect(entryOf(draft, FULL)).toEqual({
    id: 'ours',
    kind: 'dns',
    url: 'udp://192.0.2.1',
    name: 'Ours',
    target: 'a.test',
    criticality: 'critical',
    limits: { hard: { totalMs: 9_000 } },
    later: true,
  });
});

it.each([
  ['url', { url: 'goproxy.cn' }],
  ['url', { kind: 'module' as const }],
  ['module', { module: 'example.org/a' }],
  ['quietHours', { quietHours: 'at night' }],
  ['limits', { limits: { ...draftOf(null).limits, 'soft.dialMs': 'soon' } }],
])('names a wrong %s', (field, change) => {
  expect(faultsOf({ ...draftOf(FULL), ...change }, FULL)).toEqual([field]);
});

it('has no fault to begin with but the missing address', () => {
  expect(faultsOf(draftOf(null), null)).toEqual(['url']);
  expect(faultsOf(draftOf(FULL), FULL)).toEqual([]);
});
