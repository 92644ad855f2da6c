import { beforeEach, expect, test } from 'vitest';
import { type Recorder, recorder } from '../../e2e/doubles/recorder.ts';
import { SAMPLE_AT, sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { REQUESTS } from '../../shared/contract/channels.ts';
import { DONE, failed, type Outcome } from '../../shared/domain/outcome.ts';
import { translator } from '../../shared/messages/messages.ts';
import type {
  Doctor,
  GatewayService,
  Policy,
  SettingsService,
  TrafficService,
  UpdateService,
} from '../engine/app-services.ts';
import type { Engine } from '../engine/engine-api.ts';
import { silentLog } from '../system/log.ts';
import { answer, type Handlers } from './answer.ts';
import { createHandlers, type Desktop } from './handlers.ts';

let engine: Recorder<Engine>;
let doctor: Recorder<Doctor>;
let policy: Recorder<Policy>;
let traffic: Recorder<TrafficService>;
let settings: Recorder<SettingsService>;
let gateway: Recorder<GatewayService>;
let updates: Recorder<UpdateService>;
let doh: string | null;
let chosen: string | null;
let seen: string[];
/** What the engine answers to a change of preferences. */
let stored: Outcome;
let handlers: Handlers;

beforeEach(() => {
  doh = '<plist/>';
  stored = DONE;
  engine = recorder({ snapshot: () => sampleSnapshot(), 'preferences.set': () => stored });
  doctor = recorder({ report: (format) => `report as ${format}`, dohProfile: () => doh, current: () => null });
  policy = recorder({
    last: () => null,
    uses: () => [],
    read: () => {
      throw new Error('nothing to read');
    },
  });
  traffic = recorder({
    current: () => null,
    plan: () => ({ ok: true, command: 'sudo tcpdump' }),
    save: (file: string) => {
      if (file.startsWith('/full/')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    },
  });
  gateway = recorder({ state: () => ({ folder: '/scratch/cache' }) });
  updates = recorder({});
  settings = recorder({ text: () => '{}', diagnostics: () => '{}' });
  chosen = '/scratch/dns.mobileconfig';
  seen = [];
  const desktop: Desktop = {
    writeClipboard: (text) => seen.push(`clipboard ${text}`),
    chooseFolder: async () => null,
    openFile: async () => chosen,
    chooseFile: async () => chosen,
    writeFile: async (path, text) => {
      if (path.startsWith('/full/')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      seen.push(`write ${path} ${text}`);
    },
    openSettings: (pane) => seen.push(`settings ${pane}`),
    translate: () => translator('en'),
    language: () => 'en',
    openPath: async () => 'no program',
    resizePopover: (height) => seen.push(`resize ${height}`),
    hidePopover: () => seen.push('hide'),
    openDashboard: (endpointId) => seen.push(`dashboard ${endpointId}`),
    testNotification: () => false,
    setShortcut: (accelerator) => {
      if (accelerator === 'Alt+T') return failed('shortcut-taken', { shortcut: 'Alt+T' });
      seen.push(`shortcut ${accelerator}`);
      return DONE;
    },
    setLaunchAtLogin: async (enabled) => {
      if (enabled) throw new Error('EACCES');
      seen.push('login item off');
    },
    startsAtLogin: async () => true,
    version: () => '0.0.0',
    commit: async () => '0123456789ab',
    licences: async () => [],
    quit: () => seen.push('quit'),
  };
  handlers = createHandlers(
    {
      engine: engine.port,
      doctor: doctor.port,
      policy: policy.port,
      traffic: traffic.port,
      settings: settings.port,
      gateway: gateway.port,
      updates: updates.port,
    },
    desktop,
    '/scratch/settings.json',
  );
});

const ask = (name: unknown, input: unknown) => answer(handlers, name, input, silentLog);

test('a good request reaches the engine', async () => {
  expect(await ask('profile.use', { profileId: 'two' })).toEqual({ ok: true });
  expect(await ask('monitor.pause', { minutes: 60 })).toEqual({ ok: true });
  expect(await ask('monitor.pause', { minutes: null })).toEqual({ ok: true });
  expect(engine.calls).toEqual([
    ['profiles.use', 'two'],
    ['probing.pauseFor', 3_600_000],
    ['probing.pauseFor', null],
  ]);
});

test('every request of the contract has a handler', () => {
  expect(Object.keys(handlers).sort()).toEqual(Object.keys(REQUESTS).sort());
});

test('a bad payload of a command becomes a problem and calls no handler', async () => {
  const refused = { ok: false, problem: { key: 'bad-request', params: {} } };
  expect(await ask('profile.use', { profileId: 7 })).toEqual(refused);
  expect(await ask('popover.resize', { height: 5_000 })).toEqual(refused);
  expect(await ask('preferences.set', { theme: 'dark', extra: true })).toEqual(refused);
  expect(await ask('monitor.pause', undefined)).toEqual(refused);
  expect([...engine.calls, ...seen]).toEqual([]);
});

test('a page names only findings, fixes and folders that the app knows; it chooses no setting or path', async () => {
  const refused = { ok: false, problem: { key: 'bad-request', params: {} } };
  expect(await ask('lint.fix', { variables: { GOAUTH: '/tmp/x.sh' }, git: [] })).toEqual(refused);
  expect(await ask('lint.fix', { rule: 'entry-down', subject: 'GOPROXY', fix: {} })).toEqual(refused);
  const program = { id: 'x', name: 'x', variables: { GOAUTH: 'netrc;/tmp/x.sh' }, git: [] };
  expect(await ask('profile.save', { profile: program })).toEqual(refused);
  const helper = { id: 'x', name: 'x', variables: {}, git: [{ key: 'credential.helper', value: '!id' }] };
  expect(await ask('profile.save', { profile: helper })).toEqual(refused);
  await expect(ask('preflight.get', { folder: '/etc' })).rejects.toThrow('bad-request');
  expect(await ask('preflight.get', null)).toMatchObject({ ok: false, problem: { key: 'no-folder' } });
  expect(await ask('doctor.fix', { key: 'settings' })).toMatchObject({ ok: false, problem: { key: 'fix-gone' } });
  expect([...engine.calls, ...seen]).toEqual([]);
  expect(await ask('lint.fix', { rule: 'entry-down', subject: 'GOPROXY' })).toEqual({ ok: true });
  expect(engine.calls).toEqual([['profiles.fix', { rule: 'entry-down', subject: 'GOPROXY' }]]);
});

test('refuses names outside the contract, inherited ones too', async () => {
  for (const name of ['app.exec', 'toString', '__proto__', 7, null]) {
    expect(await ask(name, null)).toMatchObject({ ok: false, problem: { key: 'bad-request' } });
  }
});

test('a query with a bad payload rejects, because its response cannot carry a problem', async () => {
  await expect(ask('endpoint.detail', { endpointId: '' })).rejects.toThrow('bad-request');
});

test('an answer that breaks the contract does not leave the main process', async () => {
  const broken = { ...handlers, 'snapshot.get': () => ({ ...sampleSnapshot(), at: 'yesterday' }) as never };
  await expect(answer(broken, 'snapshot.get', null, silentLog)).rejects.toThrow('internal');
  expect(await ask('snapshot.get', null)).toMatchObject({ at: SAMPLE_AT });
});

test('a handler that throws becomes a problem', async () => {
  const broken: Handlers = {
    ...handlers,
    'profile.undo': () => {
      throw new Error('a bug');
    },
  };
  expect(await answer(broken, 'profile.undo', {}, silentLog)).toMatchObject({ problem: { key: 'internal' } });
});

test('a login item the system refuses is not stored as a preference', async () => {
  expect(await ask('preferences.set', { launchAtLogin: true })).toMatchObject({
    problem: { key: 'login-item-failed', params: { message: 'EACCES' } },
  });
  expect(engine.calls).toEqual([]);
  await ask('preferences.set', { launchAtLogin: false });
  expect([...seen, ...engine.calls]).toEqual(['login item off', ['preferences.set', { launchAtLogin: false }]]);
});

test('a shortcut that another program has, or that no program may take, is not stored as a preference', async () => {
  expect(await ask('preferences.set', { shortcut: 'Alt+T' })).toMatchObject({ problem: { key: 'shortcut-taken' } });
  expect(await ask('preferences.set', { shortcut: 'G' })).toMatchObject({ ok: false });
  expect([...seen, ...engine.calls]).toEqual([]);
  await ask('preferences.set', { shortcut: 'Alt+Command+G' });
  expect([...seen, ...engine.calls]).toEqual([
    'shortcut Alt+Command+G',
    ['preferences.set', { shortcut: 'Alt+Command+G' }],
  ]);
});

test('what the system was set to is taken back when the settings refuse it', async () => {
  stored = failed('setting-managed', { field: 'preferences.shortcut' });
  expect(await ask('preferences.set', { launchAtLogin: false, shortcut: 'Alt+Command+G' })).toMatchObject({
    problem: { key: 'setting-managed' },
  });
  expect(seen).toEqual(['login item off', 'shortcut Alt+Command+G', 'login item off', 'shortcut null']);
});

test('reports what the desktop cannot do, with advice', async () => {
  expect(await ask('notification.test', null)).toMatchObject({ problem: { key: 'notifications-unsupported' } });
  expect(await ask('settings.open', null)).toMatchObject({
    problem: { key: 'file-not-opened', params: { path: '/scratch/settings.json', message: 'no program' } },
  });
});

test('a diagnosis is started, cancelled and shown again; its report is a text', async () => {
  expect(await ask('doctor.start', { target: 'goproxy.cn', incidentId: null })).toEqual({ ok: true });
  expect(await ask('doctor.start', { target: 'x'.repeat(501), incidentId: null })).toMatchObject({ ok: false });
  expect(await ask('doctor.cancel', null)).toEqual({ ok: true });
  expect(await ask('doctor.reopen', { startedAt: 5 })).toEqual({ ok: true });
  expect(await ask('doctor.report', { format: 'md' })).toBe('report as md');
  expect(doctor.calls).toEqual([
    ['start', 'goproxy.cn', null],
    ['cancel'],
    ['reopen', 5],
    ['report', 'md', expect.any(Function), 'en'],
  ]);
});

test('a configuration profile is saved where the user chooses, or not at all', async () => {
  expect(await ask('doctor.doh', null)).toEqual({ ok: true });
  chosen = null;
  expect(await ask('doctor.doh', null)).toEqual({ ok: true });
  expect(seen).toEqual(['write /scratch/dns.mobileconfig <plist/>']);
  chosen = '/full/dns.mobileconfig';
  expect(await ask('doctor.doh', null)).toMatchObject({
    problem: { key: 'file-not-written', params: { detail: 'ENOSPC' } },
  });
  doh = null;
  expect(await ask('doctor.doh', null)).toMatchObject({ problem: { key: 'no-doh-resolver' } });
});

test('policies are read and changed only as the contract allows', async () => {
  expect(await ask('policy.get', null)).toEqual({ last: null, uses: [] });
  await expect(ask('policy.read', { privileged: 'yes' })).rejects.toThrow('bad-request');
  await expect(ask('policy.read', { privileged: true })).rejects.toThrow('internal');
  expect(await ask('policy.reset', { service: 'AppleEvents', bundleId: 'com.apple.Terminal' })).toEqual({ ok: true });
  expect(await ask('policy.flush-dns', null)).toEqual({ ok: true });
  expect(await ask('policy.settings', { pane: 'local-network' })).toEqual({ ok: true });
  expect(await ask('policy.settings', { pane: 'https://evil.example' })).toMatchObject({ ok: false });
  expect(seen).toEqual(['settings local-network']);
  expect(policy.calls.filter(([method]) => !['last', 'uses'].includes(method))).toEqual([
    ['read', true],
    ['reset', 'AppleEvents', 'com.apple.Terminal'],
    ['flushDns'],
  ]);
});

test('traffic is traced, opened, recorded and saved only as the contract allows', async () => {
  expect(await ask('traffic.get', null)).toBeNull();
  expect(await ask('traffic.trace', { module: 'example.com/m', frames: true })).toEqual({ ok: true });
  expect(await ask('traffic.trace', { module: 'x'.repeat(501), frames: true })).toMatchObject({ ok: false });
  expect(await ask('traffic.plan', { hosts: ['proxy.golang.org'], seconds: 30 })).toMatchObject({ ok: true });
  await expect(ask('traffic.plan', { hosts: [], seconds: 30 })).rejects.toThrow('bad-request');
  expect(await ask('traffic.record', { hosts: ['a'], seconds: 86_400 })).toMatchObject({ ok: false });
  expect(await ask('traffic.record', { hosts: ['a', 'b'], seconds: 10 })).toEqual({ ok: true });
  chosen = '/scratch/x.pcap';
  expect(await ask('traffic.open', null)).toEqual({ ok: true });
  expect(await ask('traffic.save', null)).toEqual({ ok: true });
  chosen = '/full/x.pcap';
  expect(await ask('traffic.save', null)).toMatchObject({ problem: { params: { detail: 'ENOSPC' } } });
  chosen = null;
  expect(await ask('traffic.open', null)).toEqual({ ok: true });
  expect(await ask('traffic.save', null)).toEqual({ ok: true });
  expect(await ask('traffic.cancel', null)).toEqual({ ok: true });
  expect(traffic.calls.filter(([method]) => method !== 'current')).toEqual([
    ['trace', 'example.com/m', true],
    ['plan', ['proxy.golang.org'], 30],
    ['record', ['a', 'b'], 10],
    ['open', '/scratch/x.pcap'],
    ['save', '/scratch/x.pcap'],
    ['save', '/full/x.pcap'],
    ['cancel'],
  ]);
});
