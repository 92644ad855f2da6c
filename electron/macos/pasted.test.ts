/** Outputs as people paste them: with prompts, in part, verbose, several at once. */
import { describe, expect, it } from 'vitest';
import { parseOutput } from './parse-command.ts';

const lines = (...all: readonly string[]) => `${all.join('\n')}\n`;

describe('what pfctl says it did is no rule', () => {
  it.each([
    'nat cleared',
    'rules cleared',
    'dummynet rules cleared',
    'source tracking entries cleared',
    '2 tables deleted.',
    '0 states cleared',
    'pf: statistics cleared',
    'pf: interface flags reset',
    'pf enabled',
    'pf disabled',
  ])('%s', (said) => {
    expect(parseOutput('pfctl -sr', lines(said, 'pass all'))).toMatchObject({
      value: { noiseLines: 1, rules: [{ action: 'pass' }] },
      unread: [],
    });
    expect(parseOutput('pfctl -sn', lines(said))).toMatchObject({ value: { rules: [] }, unread: [] });
  });

  it.each([
    ['pfctl -F all', lines('rules cleared', 'nat cleared'), { cleared: ['rules', 'nat'], enabled: null }],
    ['sudo pfctl -d', lines('No ALTQ support in kernel', 'pf disabled'), { enabled: false }],
    ['sudo pfctl -e -f /etc/pf.conf', lines('pf enabled'), { enabled: true }],
    [
      'pfctl -X 1',
      lines('disable request successful. 1 more pf enable reference(s) remaining, pf still enabled.'),
      { enabled: true },
    ],
  ])('%s', (command, text, value) => expect(parseOutput(command, text)).toMatchObject({ value, unread: [] }));
});

describe('very verbose rules', () => {
  it.each([
    ['@12 block drop out all', { nr: 12, action: 'block' }],
    [
      'block return-icmp(port-unr, port-unr) out all',
      { blockMode: 'return-icmp', blockModeArgs: 'port-unr, port-unr' },
    ],
    ['block return-rst (ttl 5) out all', { blockMode: 'return-rst', blockModeArgs: 'ttl 5' }],
    ['pass out log (all, user, to pflog1) quick all', { log: true, logOpts: 'all, user, to pflog1', quick: true }],
    [
      'pass all flags S/SA keep state (source-track rule, max-src-states 5)',
      { state: 'keep state', stateOpts: 'source-track rule, max-src-states 5' },
    ],
    [
      'pass out route-to { (en0 10.0.0.1), (en1 10.0.1.1) } round-robin sticky-address inet all',
      {
        route: { type: 'route-to', pool: ['(en0 10.0.0.1)', '(en1 10.0.1.1)'], options: 'round-robin sticky-address' },
        af: 'inet',
      },
    ],
  ])('%s', (line, wanted) => {
    const parsed = parseOutput('pfctl -vvsr', lines(line));
    expect(parsed?.unread).toEqual([]);
    expect(parsed?.value).toMatchObject({ rules: [wanted] });
  });
});

describe('pfctl -si', () => {
  const stats = [
    'Interface Stats for en0                IPv4             IPv6',
    '  Bytes In                      1000              20',
    '  Bytes Out                      900              10',
    '  Packets In',
    '    Passed                       100               2',
    '    Blocked                        1               0',
    '  Packets Out',
    '    Passed                        90               1',
    '    Blocked                       12               3',
  ];
  it('counts what the log interface blocked on the way out', () => {
    const parsed = parseOutput(
      'pfctl -si',
      lines(
        'Status: Enabled for 0 days 00:01:00           Debug: Urgent',
        '',
        ...stats,
        '',
        'State Table                          Total             Rate',
        '  current entries                       40',
      ),
    );
    expect(parsed).toMatchObject({
      value: {
        loginterface: 'en0',
        blockedOut: 15,
        interfaceStats: { 'Packets In Blocked': { ipv4: 1, ipv6: 0 } },
        stateTable: { 'current entries': 40 },
      },
      unread: [],
    });
  });
  it('says null when no interface is counted', () =>
    expect(parseOutput('pfctl -si', 'Status: Disabled           Debug: Urgent\n')?.value).toMatchObject({
      loginterface: null,
      blockedOut: null,
    }));
});

describe('pfctl -a X -sa', () => {
  it('reads every section', () => {
    const text = lines(
      'TRANSLATION RULES:',
      'rdr pass on lo0 inet proto tcp from any to any port = 443 -> 127.0.0.1 port 8443',
      '',
      'FILTER RULES:',
      '@0 block drop out quick inet proto tcp from any to 1.1.1.1 label "no-dns"',
      '  [ Evaluations: 9  Packets: 4  Bytes: 240  States: 0 ]',
      '',
      'DUMMYNET RULES:',
      'dummynet in proto tcp all pipe 1',
      '',
      'STATES:',
      'ALL tcp 10.0.0.2:58520 -> 18.136.186.65:443       ESTABLISHED:ESTABLISHED',
      '',
      'INFO:',
      'Status: Enabled for 0 days 00:01:00           Debug: Urgent',
      '',
      'LABEL COUNTERS:',
      'no-dns 9 4 240 0 0 4 240 0',
      '',
      'TIMEOUTS:',
      'tcp.first                   120s',
      'adaptive.start             6000 states',
      '',
      'LIMITS:',
      'states        hard limit    10000',
      '',
      'TABLES:',
      'blocklist',
      '',
      'OS FINGERPRINTS:',
      '696 fingerprints loaded',
    );
    expect(parseOutput('sudo pfctl -a com.example/x -sa', text)).toMatchObject({
      value: {
        anchorPath: 'com.example/x',
        rules: [{ nr: 0, action: 'block', label: 'no-dns', counters: { packets: 4 } }],
        translationRules: [{ kind: 'rdr' }],
        dummynetRules: [{ kind: 'dummynet' }],
        states: [{ proto: 'tcp', direction: 'out', to: '18.136.186.65:443' }],
        labels: [{ label: 'no-dns', numbers: [9, 4, 240, 0, 0, 4, 240, 0] }],
        timeouts: { 'tcp.first': 120, 'adaptive.start': 6000 },
        limits: { states: 10000 },
        tables: ['blocklist'],
        fingerprints: 696,
        enabled: true,
      },
      unread: [],
    });
  });

  it('numbers unread lines as they were pasted, and reads what has no heading', () => {
    expect(parseOutput('pfctl -sa', lines('FILTER RULES:', 'pass all', 'gibberish'))?.unread).toEqual([
      { line: 3, text: 'gibberish' },
    ]);
    expect(parseOutput('pfctl -sa', lines('block drop out all'))).toMatchObject({ value: { blocks: [0] }, unread: [] });
    expect(parseOutput('pfctl -sa', lines('Status: Disabled           Debug: Urgent'))).toMatchObject({
      value: { enabled: false },
      unread: [],
    });
  });
});

describe('scutil', () => {
  it('--proxy: proxies of some domains', () => {
    const text = lines(
      '<dictionary> {',
      '  __SUPPLEMENTAL__ : <array> {',
      '    0 : <dictionary> {',
      '      HTTPSEnable : 1',
      '      HTTPSPort : 8080',
      '      HTTPSProxy : 10.1.1.1',
      '      SupplementalMatchDomains : <array> {',
      '        0 : corp.example',
      '        1 : corp.test.',
      '      }',
      '    }',
      '  }',
      '}',
    );
    expect(parseOutput('scutil --proxy', text)).toMatchObject({
      value: {
        https: null,
        supplemental: [{ domain: 'corp.example', domains: ['corp.example', 'corp.test'], https: '10.1.1.1:8080' }],
      },
      unread: [],
    });
  });

  it('--nc status: the state, the tunnel and its other end', () => {
    const text = lines(
      'Connected',
      'Extended Status <dictionary> {',
      '  IPv4 : <dictionary> {',
      '    Addresses : <array> {',
      '      0 : 10.8.0.6',
      '    }',
      '    InterfaceName : utun4',
      '    OverridePrimary : 1',
      '    Router : 10.8.0.1',
      '    ServerAddress : 203.0.113.5',
      '  }',
      '  PPP : <dictionary> {',
      '    LCPMTU : 1280',
      '  }',
      '  Status : 2',
      '}',
    );
    expect(parseOutput('scutil --nc status "Office"', text)).toEqual({
      value: {
        state: 'Connected',
        connected: true,
        interface: 'utun4',
        overridePrimary: true,
        server: '203.0.113.5',
        mtu: 1280,
        addresses: ['10.8.0.6'],
        router: '10.8.0.1',
      },
      unread: [],
    });
    expect(parseOutput('scutil --nc status x', 'No service\n')).toMatchObject({
      value: { state: 'No service', connected: false },
      unread: [],
    });
  });

  it('--nc list: every form of a row', () => {
    const id = '1F2A3B4C-0000-4000-8000-000000000001';
    const text = lines(
      'Available network connection services in the current set (*=enabled):',
      `* (Disconnected)   ${id} PPP --> L2TP       "A (L2TP)"          [PPP:L2TP]`,
      `* (Connected)      ${id} VPN (io.tailscale.ipn.macsys) "Tailscale"        [VPN:io.tailscale.ipn.macsys]`,
    );
    expect(parseOutput('scutil --nc list', text)).toMatchObject({
      value: {
        services: [
          { name: 'A (L2TP)', type: 'PPP', subType: 'L2TP' },
          { name: 'Tailscale', state: 'Connected' },
        ],
        connected: ['Tailscale'],
      },
      unread: [],
    });
  });
});

describe('several questions, or none', () => {
  it('socketfilterfw with getters and the list, one answer a line or all in one', () => {
    const list = ['Total number of apps = 1', '1 : /usr/bin/python3', '             (Allow incoming connections)'];
    const wanted = {
      enabled: true,
      stealth: false,
      blockAll: false,
      count: 1,
      apps: [{ path: '/usr/bin/python3', incoming: 'allow' }],
    };
    for (const command of [
      'socketfilterfw --getglobalstate; socketfilterfw --listapps',
      'socketfilterfw --listapps',
      'socketfilterfw --getglobalstate --listapps',
    ])
      expect(
        parseOutput(
          command,
          lines('Firewall is enabled. (State = 1)', 'Block all DISABLED! ', 'Firewall stealth mode is off', ...list),
        ),
      ).toMatchObject({ value: wanted, unread: [] });
    expect(
      parseOutput(
        'socketfilterfw --getglobalstate',
        'Firewall is enabled. (State = 1) Block all DISABLED! Stealth mode disabled\n',
      ),
    ).toMatchObject({
      value: { enabled: true, blockAll: false, stealth: false },
      unread: [],
    });
  });

  it('systemextensionsctl says how many it lists, beside how many it counts', () => {
    const row = '*\t*\tVBG97UB4TA\tcom.objective-see.lulu.extension (2.3.0/2.3.0)\tExtension\t[activated enabled]';
    const text = lines(
      '3 extension(s)',
      '--- com.apple.system_extension.network_extension',
      'enabled\tactive\tteamID\tbundleID (version)\tname\t[state]',
      row,
    );
    expect(parseOutput('systemextensionsctl list', text)?.value).toMatchObject({ count: 3, listed: 1 });
    for (const alone of [row, row.replaceAll('\t', '   ')])
      expect(parseOutput('systemextensionsctl list', `${alone}\n`)).toMatchObject({
        value: {
          count: 1,
          extensions: [
            { teamId: 'VBG97UB4TA', name: 'Extension', enabled: true, active: true, state: 'activated enabled' },
          ],
          networkFilterCandidates: ['com.objective-see.lulu.extension'],
        },
        unread: [],
      });
  });

  it('a Mac without a default route is known as one', () => {
    expect(parseOutput('route -n get default', 'route: writing to routing socket: not in table\n')).toMatchObject({
      value: { hasDefaultRoute: false, missing: true },
      unread: [],
    });
    expect(
      parseOutput(
        'route -n get default',
        lines(
          '   route to: default',
          'destination: default',
          '       mask: default',
          '    gateway: 192.168.1.1',
          '  interface: en0',
        ),
      )?.value,
    ).toMatchObject({ hasDefaultRoute: true });
    expect(
      parseOutput('route -n get 10.0.0.2', lines('destination: 10.0.0.0', '  interface: en0'))?.value,
    ).toMatchObject({ hasDefaultRoute: null });
  });
});

describe('a shell prompt in front', () => {
  it.each([
    '$ sudo pfctl -sr',
    'dev@mac ~ % sudo pfctl -sr',
    '➜  src git:(main) ✗ pfctl -sr',
    'bash-3.2# /sbin/pfctl -s rules',
    'pfctl -sr',
    '[dev@mac ~/go]$ pfctl -sr 2>/dev/null',
  ])('%s', (prompt) => {
    expect(parseOutput('pfctl -sr', lines(prompt, 'Password:', 'pass all', 'oops'))).toMatchObject({
      value: { rules: [{ action: 'pass' }] },
      unread: [{ line: 4, text: 'oops' }],
    });
  });
  it('what the program itself says stays', () =>
    expect(parseOutput('pfctl -sr', 'pfctl: /dev/pf: Permission denied\n')?.value).toEqual({
      state: 'unknown',
      needs: 'root',
    }));
});

describe('one line without its heading', () => {
  it.each([
    ['scutil --proxy', '  HTTPSProxy : 127.0.0.1', { https: '127.0.0.1' }],
    ['scutil --proxy', '  HTTPEnable : 0', { http: null }],
    ['scutil --dns', '  nameserver[0] : 192.168.1.1', { defaultNameservers: ['192.168.1.1'] }],
    ['pfctl -si', '  current entries                       40', { stateTable: { 'current entries': 40 } }],
    ['pfctl -si', '  match                             988220            1.4/s', { counters: { match: 988_220 } }],
    ['route -n get x', '  interface: utun4', { interface: 'utun4', viaTunnel: true }],
    ['route -n get x', '       0         0         0         0         0         0      1380         0', { mtu: 1380 }],
    ['scutil --nc status x', '    InterfaceName : utun4', { interface: 'utun4' }],
  ])('%s: %s', (command, line, value) =>
    expect(parseOutput(command, `${line}\n`)).toMatchObject({ value, unread: [] }),
  );
});
