import { expect, it } from 'vitest';
import { applyPatch } from './apply-patch.ts';

const BASE = {
  later: { x: 1 },
  endpoints: [{ url: 'https://user:secret@proxy.test/go', name: 'Ours' }, { url: 'https://goproxy.cn' }],
  go: { path: '/opt/go/bin/go', allowedPrograms: ['helper'] },
  trust: { extraCa: ['/etc/ca.pem'] },
};

it('replaces and clears sections, and keeps the rest', () => {
  const done = applyPatch(BASE, { intervals: { visibleMs: 20_000 }, endpoints: null });
  expect(done).toEqual({
    ok: true,
    value: { later: { x: 1 }, go: BASE.go, trust: BASE.trust, intervals: { visibleMs: 20_000 } },
  });
});

it('puts hidden passwords back for the same user and host only', () => {
  const hidden = 'https://user:xxxxx@proxy.test/go';
  const moved = applyPatch(BASE, { endpoints: [{ url: 'https://goproxy.cn' }, { url: hidden, name: 'New name' }] });
  expect(moved).toMatchObject({
    ok: true,
    value: { endpoints: [{}, { url: BASE.endpoints[0]?.url, name: 'New name' }] },
  });
  expect(applyPatch(BASE, { endpoints: [{ url: 'https://user:xxxxx@other.test' }] })).toMatchObject({
    ok: false,
    problem: { key: 'setting-secret-hidden' },
  });
});

it.each([
  ['endpoints.0.url', { endpoints: [{ url: 'goproxy.cn' }] }],
  ['intervals.visibleMs', { intervals: { visibleMs: 1 } }],
  ['doctor.resolvers.0', { doctor: { resolvers: ['8.8.8.8'] } }],
  ['unknown', { unknown: 1 }],
])('names the invalid field %s', (field, patch) => {
  expect(applyPatch(BASE, patch)).toMatchObject({ ok: false, problem: { key: 'setting-invalid', params: { field } } });
});

it.each([
  ['go.path', { go: { path: '/tmp/evil' } }],
  ['git.path', { git: { path: '/tmp/evil' } }],
  ['go.allowedPrograms', { go: { path: '/opt/go/bin/go', allowedPrograms: ['helper', 'evil'] } }],
  ['trust.extraCa', { trust: { extraCa: ['/etc/ca.pem', '/tmp/evil.pem'] } }],
])('refuses a %s that was not chosen in a picker', (field, patch) => {
  expect(applyPatch(BASE, patch)).toMatchObject({ ok: false, problem: { key: 'setting-refused', params: { field } } });
});

it('takes programs and certificates away', () => {
  const done = applyPatch(BASE, { go: { allowedPrograms: [] }, trust: { extraCa: [] } });
  expect(done).toMatchObject({ ok: true, value: { go: { allowedPrograms: [] }, trust: { extraCa: [] } } });
});

it('refuses an endpoint that is listed twice', () => {
  expect(applyPatch({}, { endpoints: [{ url: 'https://a.test' }, { url: 'https://a.test/' }] })).toMatchObject({
    ok: false,
    problem: { key: 'endpoint-twice', params: { name: 'a.test' } },
  });
});
