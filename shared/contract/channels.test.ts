/** The contract with the windows: what each request takes, and that everything the app shows fits through. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { sampleGateway } from '../../e2e/doubles/sample-gateway.ts';
import { detailOf } from '../../e2e/gallery/detail.ts';
import { archivedAt, consultationAt, EXPLAINED } from '../../e2e/gallery/doctor.ts';
import { gatewayAt } from '../../e2e/gallery/gateway.ts';
import { chartOf, dashboardOf } from '../../e2e/gallery/past.ts';
import { policyAt, USES } from '../../e2e/gallery/policy.ts';
import { FINDINGS, PLAN, PREFLIGHT, routesOf, TABLE } from '../../e2e/gallery/profiles.ts';
import { IMPORT, MIRRORS, settingsAt } from '../../e2e/gallery/settings.ts';
import { STATES } from '../../e2e/gallery/states/index.ts';
import { trafficAt } from '../../e2e/gallery/traffic.ts';
import { BROADCASTS, REQUESTS, type RequestName } from './channels.ts';

/** 2026-06-01 12:00 UTC. */
const NOW = 1_780_315_200_000;

const takes = (name: RequestName, input: unknown) =>
  v.safeParse(REQUESTS[name].input as v.GenericSchema, input).success;
const gives = (name: RequestName, output: unknown) =>
  v.safeParse(REQUESTS[name].output as v.GenericSchema, output).issues?.map((one) => v.getDotPath(one)) ?? [];

const PROFILE = { id: 'mine', name: 'Mine', variables: { GOPROXY: 'https://proxy.test,direct' } };

/** One input that is taken, and some that are refused, for each request that takes more than nothing. */
const INPUTS: readonly (readonly [name: RequestName, good: unknown, bad: readonly unknown[]])[] = [
  ['probe.now', { endpointId: null }, [null, {}, { endpointId: '' }, { endpointId: 'x'.repeat(201) }]],
  ['monitor.pause', { minutes: 15 }, [{ minutes: 0 }, { minutes: 1_441 }, { minutes: '15' }, {}]],
  ['profile.use', { profileId: 'mine' }, [{}, { profileId: '' }, { profileId: 1 }, 'mine']],
  ['profile.undo', { until: 's1' }, [{ until: '' }, { to: 's1' }, null]],
  ['profile.plan', { profileId: 'mine' }, [{ profileId: null }]],
  [
    'profile.save',
    { profile: PROFILE, at: 0 },
    [
      { profile: { ...PROFILE, builtIn: true } },
      { profile: { ...PROFILE, id: 'a b' } },
      { profile: { ...PROFILE, variables: { GOFLAGS: '-x' } } },
      { profile: { ...PROFILE, variables: { GOPROXY: 'a\nb' } } },
      { profile: { ...PROFILE, variables: { GOAUTH: '/usr/bin/evil' } } },
      { profile: { ...PROFILE, git: [{ key: 'core.sshCommand', value: 'evil' }] } },
      { profile: PROFILE, at: -1 },
      { profile: PROFILE, at: 0.5 },
    ],
  ],
  ['profile.delete', { profileId: 'mine' }, [{ profileId: '' }]],
  [
    'profile.allow',
    { profileId: 'a', program: '/opt/helper' },
    [{ profileId: 'a' }, { profileId: 'a', program: 'x'.repeat(4_001) }, { profileId: 'a', program: 'x', other: 1 }],
  ],
  ['profile.order', { ids: ['a', 'b'] }, [{ ids: 'a' }, { ids: Array.from({ length: 201 }, () => 'a') }]],
  ['drift.answer', { answer: 'revert' }, [{ answer: 'ignore' }, {}]],
  ['lint.fix', { rule: 'goproxy-typo', subject: '' }, [{ rule: 'run-this', subject: '' }, { subject: '' }]],
  ['routes.get', { modulePath: 'a.test/b', kind: 'public' }, [{ modulePath: 'x'.repeat(501), kind: 'public' }]],
  ['doctor.start', { target: '', incidentId: null }, [{ target: '' }, { target: 'x'.repeat(501), incidentId: null }]],
  ['doctor.fix', { key: 'use-profile' }, [{ key: 'rm -rf' }, {}]],
  ['doctor.reopen', { startedAt: NOW }, [{ startedAt: '2026' }]],
  ['doctor.report', { format: 'md' }, [{ format: 'html' }]],
  ['explain.text', { text: 'go: EOF' }, [{ text: 1 }, { text: 'x'.repeat(4_000_001) }]],
  [
    'traffic.trace',
    { module: 'a.test/b', frames: false },
    [{ module: 'a.test/b' }, { module: 'x'.repeat(501), frames: false }],
  ],
  [
    'traffic.plan',
    { hosts: ['a.test'], seconds: 10 },
    [
      { hosts: [], seconds: 10 },
      { hosts: ['a.test'], seconds: 3_600 },
    ],
  ],
  ['traffic.record', { hosts: ['a.test'], seconds: 30 }, [{ hosts: ['a.test'], seconds: 30, file: '/etc/passwd' }]],
  ['policy.read', { privileged: false }, [{ privileged: 'yes' }, { privileged: true, command: 'id' }]],
  ['policy.reset', { service: 'A', bundleId: 'com.a' }, [{ service: 'A' }, { service: 'x'.repeat(101), bundleId: '' }]],
  ['policy.settings', { pane: 'local-network' }, [{ pane: 'https://evil.test' }]],
  ['endpoint.detail', { endpointId: 'a' }, [{ endpointId: '' }]],
  [
    'chart.get',
    { endpointId: 'a', from: 0, to: 60_000 },
    [
      { endpointId: 'a', from: 0, to: 59_999 },
      { endpointId: 'a', from: 60_000, to: 0 },
      { endpointId: 'a', from: 0, to: 801 * 86_400_000 },
      { endpointId: 'a', from: Number.NaN, to: Number.NaN },
    ],
  ],
  [
    'dashboard.open',
    { endpointId: null, page: 'gateway' },
    [
      { endpointId: null, page: 'https://evil.test' },
      { endpointId: null, section: 'no-such-section' },
    ],
  ],
  ['network.set', { name: 'Home' }, [{ name: 'x'.repeat(61) }, { id: 'other' }]],
  ['preferences.set', { theme: 'dark' }, [{ theme: 'pink' }, { quietHours: 'at night' }, { unknown: true }]],
  ['alert.mute', { minutes: 60 }, [{ minutes: 61 }]],
  ['clipboard.write', { text: 'a' }, [{ text: 'x'.repeat(100_001) }]],
  ['gateway.enable', { enabled: true }, [{ enabled: 1 }, { enabled: true, port: 80 }]],
  [
    'settings.change',
    { revision: 'r', patch: { intervals: {} } },
    [{ revision: 'r', patch: { profiles: [] } }, { patch: {} }],
  ],
  ['settings.choose', { what: 'go' }, [{ what: 'sh' }, { what: 'go', file: '/tmp/evil' }]],
  ['settings.try', { endpoint: { url: 'https://a.test' } }, [{ endpoint: {}, file: 'x' }]],
  ['popover.resize', { height: 400 }, [{ height: 119 }, { height: 721 }, { height: Number.NaN }]],
];

describe('an input', () => {
  it.each(INPUTS)('of %s is taken when it is right, and refused otherwise', (name, good, bad) => {
    expect(takes(name, good)).toBe(true);
    for (const one of bad) expect(takes(name, one), JSON.stringify(one)?.slice(0, 80)).toBe(false);
  });

  it('is listed above for every request that takes one', () => {
    const listed = new Set(INPUTS.map(([name]) => name));
    const missing = (Object.keys(REQUESTS) as RequestName[]).filter((name) => !takes(name, null) && !listed.has(name));
    expect(missing).toEqual([]);
  });

  it('of any shape is taken or refused, and never throws', () => {
    const names = fc.constantFrom(...(Object.keys(REQUESTS) as RequestName[]));
    fc.assert(
      fc.property(names, fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }), (name, input) => {
        expect(typeof takes(name, input)).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('cannot change what other objects inherit', () => {
    const hostile = JSON.parse('{"revision":"r","patch":{"__proto__":{"polluted":true},"intervals":{}}}');
    takes('settings.change', hostile);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('what the app shows', () => {
  it.each(Object.entries(STATES))('fits through: the state %s', (_, make) => {
    const snapshot = make(NOW);
    expect(gives('snapshot.get', snapshot)).toEqual([]);
    expect(gives('dashboard.get', dashboardOf(snapshot, NOW))).toEqual([]);
    expect(gives('routes.get', routesOf(snapshot))).toEqual([]);
    for (const { endpoint } of snapshot.endpoints) {
      expect(gives('endpoint.detail', detailOf(snapshot, endpoint.id, NOW))).toEqual([]);
      expect(gives('chart.get', chartOf(snapshot, endpoint.id, NOW - 3_600_000, NOW))).toEqual([]);
    }
  });

  it('fits through: pages without endpoints', () => {
    expect(gives('doctor.get', { current: consultationAt(NOW), archived: archivedAt(NOW) })).toEqual([]);
    expect(gives('explain.text', EXPLAINED)).toEqual([]);
    expect(gives('policy.get', { last: policyAt(NOW), uses: USES })).toEqual([]);
    for (const kind of ['trace', 'capture'] as const) expect(gives('traffic.get', trafficAt(NOW, kind))).toEqual([]);
    expect(gives('profile.plan', { ok: true, value: PLAN })).toEqual([]);
    expect(gives('lint.get', FINDINGS)).toEqual([]);
    expect(gives('effective.get', TABLE)).toEqual([]);
    expect(gives('preflight.get', { ok: true, value: PREFLIGHT })).toEqual([]);
    for (const state of ['healthy', 'notice']) expect(gives('settings.get', settingsAt(state))).toEqual([]);
    expect(gives('settings.import-choose', { ok: true, value: IMPORT })).toEqual([]);
    expect(gives('mirrors.test', MIRRORS)).toEqual([]);
    for (const state of ['kinds', 'notice', 'drift']) expect(gives('gateway.get', gatewayAt(state, NOW))).toEqual([]);
  });

  it('is refused when a field is missing, so that no page is drawn from half of it', () => {
    const { phase: _, ...half } = sampleGateway();
    expect(gives('gateway.get', half)).toEqual(['phase']);
    const { verdict: __, ...snapshot } = STATES.healthy?.(NOW) ?? {};
    expect(gives('snapshot.get', snapshot)).toEqual(['verdict']);
  });

  it('is broadcast in the shape in which it is answered', () => {
    expect(v.is(BROADCASTS['gateway.changed'], sampleGateway())).toBe(true);
    expect(v.is(BROADCASTS['snapshot.changed'], STATES.healthy?.(NOW))).toBe(true);
    expect(v.is(BROADCASTS['view.show'], { view: 'endpoint', endpointId: 'a' })).toBe(true);
    expect(v.is(BROADCASTS['view.show'], { view: 'elsewhere' })).toBe(false);
    expect(v.is(BROADCASTS['dashboard.show'], { endpointId: null, page: null, section: null })).toBe(true);
  });
});
