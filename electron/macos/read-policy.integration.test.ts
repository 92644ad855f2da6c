/** The whole way through the real process runner, with stand-ins for macOS's tools that play recorded outputs. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultTools, installTools, type Prompt, type Tools } from '../../e2e/lab/mac-tools.ts';
import { systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { dnsServersOf, resetDecision, routeTo } from './catalogue.ts';
import { openPolicyFile } from './policy-file.ts';
import { readPolicy } from './read-policy.ts';

const runner = new SystemProcessRunner(systemClock);
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gopherbar-mac-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const ENDPOINTS = [
  { name: 'proxy.golang.org', address: '142.250.72.81', port: 443 },
  { name: 'plain.example', address: '142.250.72.81', port: 80 },
];

function read({ privileged = true, signal }: { privileged?: boolean; signal?: AbortSignal } = {}) {
  return readPolicy({
    runner,
    clock: systemClock,
    env: { HOME: '/Users/lin' },
    root,
    last: openPolicyFile(join(root, 'policy.json'), { clock: systemClock, log: silentLog }),
    endpoints: ENDPOINTS,
    privileged,
    goPath: '/usr/local/go/bin/go',
    signal,
  });
}

function install(tools: Tools = defaultTools(), prompt: Prompt = 'accepted'): void {
  installTools(root, tools, prompt);
}

const calls = () =>
  existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n') : [];

describe('a reading', () => {
  it('with one prompt says where packets stop, and by which rule', async () => {
    install();
    const reading = await read();
    expect(reading).toMatchObject({
      available: true,
      prompt: 'done',
      macos: '26.5.2',
      pfEnabled: true,
      vpns: ['Office'],
    });
    const [blocked, passed] = reading.paths;
    expect(blocked?.layers).toContainEqual({
      layer: 'pf',
      state: 'blocks',
      detail: 'block drop out quick proto tcp from any to any port = 443 label "no-https"',
    });
    expect(passed?.layers.find(({ layer }) => layer === 'pf')?.state).toBe('passes');
    expect(blocked?.layers.find(({ layer }) => layer === 'tcc')?.state).toBe('no-part');
    expect(blocked?.layers.find(({ layer }) => layer === 'application-firewall')).toMatchObject({
      state: 'no-part',
      detail: 'on',
    });
    expect(blocked?.layers.find(({ layer }) => layer === 'content-filter')).toMatchObject({ state: 'present' });
    expect(reading.rules.find(({ decidesFor }) => decidesFor.includes('proxy.golang.org'))).toMatchObject({
      anchor: 'main',
      position: 2,
    });
    expect(calls().filter((one) => one === 'osascript')).toHaveLength(1);
  });

  it('names anchors whose names could do harm, and never runs anything with them', async () => {
    install();
    const reading = await read();
    expect(reading.unreadAnchors).toEqual(expect.arrayContaining(['$(touch pwned)', 'evil`id`']));
    expect(calls().join('\n')).not.toContain('pwned');
    expect(existsSync(join(root, 'pwned'))).toBe(false);
    expect(existsSync('pwned')).toBe(false);
    expect(calls()).toContain('/sbin/pfctl -a com.apple/250.ApplicationFirewall -s rules');
  });

  it('shows less without a password, and asks for none', async () => {
    install();
    const reading = await read({ privileged: false });
    expect(reading).toMatchObject({ prompt: null, pfEnabled: null, rules: [] });
    expect(reading.paths[0]?.layers.find(({ layer }) => layer === 'pf')).toEqual({
      layer: 'pf',
      state: 'unknown',
      detail: '',
    });
    expect(calls().some((one) => one.startsWith('/sbin/pfctl') || one === 'osascript')).toBe(false);
  });

  it.each([
    ['cancelled', 'declined'],
    ['bad-password', 'declined'],
  ] as const)('a prompt that is %s is a normal answer', async (prompt, outcome) => {
    install(defaultTools(), prompt);
    const reading = await read();
    expect(reading).toMatchObject({ prompt: outcome, pfEnabled: null });
    expect(reading.resolvers.length).toBeGreaterThan(0);
    expect(reading.paths[0]?.layers.find(({ layer }) => layer === 'pf')?.state).toBe('unknown');
  });

  it('is cancelled while the prompt stands', async () => {
    install(defaultTools(), 'silent');
    const cancel = new AbortController();
    const reading = read({ signal: cancel.signal });
    while (!calls().includes('osascript')) await new Promise((resolve) => setTimeout(resolve, 20));
    cancel.abort();
    expect(await reading).toMatchObject({ prompt: 'timed-out' });
  });

  it('says what is new, and what is gone, since the last one', async () => {
    install(defaultTools('pfctl-sr.default.txt'));
    const first = await read();
    expect(first.rules.some(({ isNew }) => isNew)).toBe(false);
    install();
    const second = await read();
    expect(second.rules.filter(({ isNew }) => isNew).map(({ text }) => text)).toEqual([
      'block drop out quick proto tcp from any to any port = 443 label "no-https"',
    ]);
    // A look without a password in between forgets nothing.
    await read({ privileged: false });
    install(defaultTools('pfctl-sr.default.txt'));
    expect((await read()).goneRules).toHaveLength(1);
  });

  it('a disabled pf blocks nothing, whatever its rules say', async () => {
    const tools = defaultTools();
    install({
      ...tools,
      '/sbin/pfctl': [{ when: '-s info', file: 'pfctl-si.disabled.txt' }, ...(tools['/sbin/pfctl'] ?? [])],
    });
    const reading = await read();
    expect(reading.pfEnabled).toBe(false);
    expect(reading.paths[0]?.layers.find(({ layer }) => layer === 'pf')).toMatchObject({
      state: 'passes',
      detail: 'pf-disabled',
    });
  });

  it.each<[string, Partial<Tools>]>([
    ['ten megabytes on one line', { '/usr/sbin/scutil': [{ when: '*', text: 'x'.repeat(10_000_000) }] }],
    ['no UTF-8', { '/usr/sbin/scutil': [{ when: '*', text: '\ufffd\u0000\u001b[31mresolver #1\u001b[0m' }] }],
    [
      'exit codes',
      {
        '/usr/sbin/scutil': [{ when: '*', text: '', exitCode: 3 }],
        '/sbin/route': [
          { when: '*', text: 'route: writing to routing socket: not in table', exitCode: 1, toStderr: true },
        ],
      },
    ],
    ['tools that are not there', { '/usr/bin/sw_vers': [], '/usr/bin/systemextensionsctl': [] }],
    [
      'half an output',
      {
        '/sbin/pfctl': [
          { when: '-s info', file: 'pfctl-si.enabled.txt' },
          { when: '-v -s rules', text: 'block drop out quick proto tcp from any to any po' },
        ],
      },
    ],
  ])('survives %s', async (_name, tools) => {
    install({ ...defaultTools(), ...tools } as Tools);
    const reading = await read();
    expect(reading.available).toBe(true);
    expect(reading.paths).toHaveLength(2);
  });

  it('reads TCC databases of terminals, and says why when it cannot', async () => {
    install();
    const folder = join(root, 'Library', 'Application Support', 'com.apple.TCC');
    mkdirSync(folder, { recursive: true });
    const made = new DatabaseSync(join(folder, 'TCC.db'));
    made.exec(
      readFileSync(join(import.meta.dirname, '..', '..', 'e2e', 'fixtures', 'macos', 'tcc-schema.14.sql'), 'utf8'),
    );
    made.close();
    const reading = await read({ privileged: false });
    expect(
      reading.apps.find(({ bundleId }) => bundleId === 'com.googlecode.iterm2')?.services.SystemPolicyAllFiles,
    ).toMatchObject({ decision: 'allowed' });
    expect(reading.unread).toContainEqual({ what: 'TCC.db (user)', why: 'missing' });
  });

  it('names resolvers that a person set, who signed go, and apps that were never asked', async () => {
    install();
    mkdirSync(join(root, '/Applications/GoLand.app'), { recursive: true });
    mkdirSync(join(root, '/System/Applications/Utilities/Terminal.app'), { recursive: true });
    const reading = await read({ privileged: false });
    expect(reading.setByHand).toEqual(['Wi-Fi: 1.1.1.1 8.8.8.8']);
    expect(reading.goSignedBy).toBe('Developer ID Application: Example Developer (ABCDE12345)');
    expect(reading.apps.map(({ name }) => name)).toEqual(expect.arrayContaining(['Terminal', 'GoLand']));
    expect(calls()).toContain('/usr/bin/codesign -dvv /usr/local/go/bin/go');
    // A service that is switched off is not asked about.
    expect(calls()).not.toContain('/usr/sbin/networksetup -getdnsservers Thunderbolt Bridge');
  });

  it('elsewhere than on macOS there is nothing to read', async () => {
    expect(await read()).toMatchObject({ available: false, paths: [], unread: [] });
  });

  it('a kept reading that is damaged is no reading', async () => {
    install();
    writeFileSync(join(root, 'policy.json'), '{"at":1}');
    expect((await read()).previousAt).toBeNull();
  });
});

describe('parameters', () => {
  it.each(['a"b', 'a b', '$(x)', 'a;b', '../x', '', 'a\nb', 'a\u0000b', '"; do shell script "x', 'x'.repeat(300)])(
    'a bundle identifier such as %j is never run',
    (bundleId) => expect(resetDecision('AppleEvents', bundleId)).toBeNull(),
  );

  it('only services that belong to one app can be reset, one at a time', () => {
    expect(resetDecision('All', 'com.apple.Terminal')).toBeNull();
    expect(resetDecision('SystemPolicyAllFiles', 'com.apple.Terminal')?.args).toEqual([
      'reset',
      'SystemPolicyAllFiles',
      'com.apple.Terminal',
    ]);
  });

  it.each(['', '-setdnsservers', 'Wi-Fi\u0000', 'Wi-Fi\nx', 'x'.repeat(300)])('no network service is %j', (name) => {
    expect(dnsServersOf(name)).toBeNull();
  });

  it.each(['proxy.golang.org', '-x', '8.8.8.8; reboot', '$(id)'])(
    'a route is asked for by address only: %s',
    (text) => {
      expect(() => routeTo(text)).toThrow();
    },
  );
});
