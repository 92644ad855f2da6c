/** Each reader on forms that no recording holds: other releases, other languages, settings that contradict each other. */
import { describe, expect, it } from 'vitest';
import { parseDnsConfiguration } from './dns-configuration.ts';
import { parseFirewall, parseFirewallApps } from './firewall.ts';
import { linesOf } from './lines.ts';
import { parseDnsServers, parseNetworkServices, parseServiceProxy } from './networksetup.ts';
import { parseOsascript, parseTccutil, parseTcpdump } from './outcomes.ts';
import { parseProxyConfiguration } from './proxy-configuration.ts';
import { parseRoute, parseRouteTable } from './routes.ts';
import { parseSystemExtensions } from './system-extensions.ts';
import { bundlePath, DEVELOPER_APPS } from './terminals.ts';
import { parseCodeSignature, parseSystemVersion } from './versions.ts';
import { parseVpnServices } from './vpn-services.ts';

const text = (...lines: readonly string[]) => `${lines.join('\n')}\n`;

describe('lines', () => {
  it('are numbered from 1 whatever ends them, and blank ones are left out', () => {
    expect(linesOf('a\r\nb\rc\n\n d').lines).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
      { number: 3, text: 'c' },
      { number: 5, text: ' d' },
    ]);
  });

  it('that are too long are named, shortened, and not read', () => {
    const { lines, unread } = linesOf(`good\n${'x'.repeat(4_001)}\n${'y'.repeat(4_000)}`);
    expect(lines.map(({ number }) => number)).toEqual([1, 3]);
    expect(unread).toEqual([{ line: 2, text: expect.stringMatching(/^x{1,300}…?$/) }]);
  });
});

describe('scutil --dns', () => {
  const resolver = (number: number, ...fields: readonly string[]) => [
    `resolver #${number}`,
    ...fields.map((one) => `  ${one}`),
  ];
  const read = (...lines: readonly string[]) => parseDnsConfiguration(text('DNS configuration', '', ...lines));

  it('takes the first resolver without a domain that is no supplement as the default', () => {
    const { value, unread } = read(
      ...resolver(
        1,
        'domain   : corp.example',
        'nameserver[0] : 10.0.0.53',
        'flags    : Supplemental, Request A records',
      ),
      ...resolver(2, 'nameserver[0] : 192.168.1.1', 'nameserver[1] : fe80::1%en0', 'if_index : 12 (en0)'),
    );
    expect(unread).toEqual([]);
    expect(value).toMatchObject({
      defaultNameservers: ['192.168.1.1', 'fe80::1%en0'],
      defaultIface: 'en0',
      supplemental: [{ domain: 'corp.example', nameservers: ['10.0.0.53'] }],
      vpnSplitDns: false,
    });
  });

  it('knows a tunnel by its interface, and multicast DNS by its option', () => {
    const { value } = read(
      ...resolver(1, 'nameserver[0] : 192.168.1.1', 'if_index : 12 (en0)'),
      ...resolver(2, 'domain : corp.example', 'nameserver[0] : 10.8.0.1', 'if_index : 20 (utun4)'),
      ...resolver(3, 'domain : local', 'options : mdns', 'timeout : 5'),
    );
    expect(value).toMatchObject({ vpnSplitDns: true, mdnsDomains: ['local'], resolvers: 3 });
  });

  it.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['192.168.1.1', false],
  ])('a default resolver at %s: local %s', (address, isLocal) => {
    expect(read(...resolver(1, `nameserver[0] : ${address}`)).value.localResolver).toBe(isLocal);
  });

  it('counts resolvers of the later parts apart, and never takes one of them as the default', () => {
    const { value } = parseDnsConfiguration(
      text('DNS configuration (for scoped queries)', ...resolver(1, 'nameserver[0] : 10.0.0.1', 'if_index : 4 (en1)')),
    );
    expect(value).toMatchObject({ resolvers: 0, scoped: 1, defaultNameservers: [], available: true });
  });

  it('a field before any resolver is of one that was cut off, and one that is new is named as unread', () => {
    const { unread, value } = read('  nameserver[0] : 1.1.1.1', ...resolver(1, 'colour : blue'));
    expect(unread.map(({ text: said }) => said)).toEqual(['colour : blue']);
    expect(value).toMatchObject({ defaultNameservers: ['1.1.1.1'] });
  });
});

describe('scutil --proxy', () => {
  const read = (...lines: readonly string[]) =>
    parseProxyConfiguration(text('<dictionary> {', ...lines.map((one) => `  ${one}`), '}')).value;

  it.each([
    [['HTTPEnable : 1', 'HTTPProxy : 10.0.0.1', 'HTTPPort : 3128'], 'http', '10.0.0.1:3128'],
    [['HTTPSEnable : 1', 'HTTPSProxy : fd00::1', 'HTTPSPort : 8080'], 'https', '[fd00::1]:8080'],
    [['SOCKSEnable : 1', 'SOCKSProxy : p.example'], 'socks', 'p.example'],
    [['HTTPEnable : 0', 'HTTPProxy : 10.0.0.1', 'HTTPPort : 3128'], 'http', null],
    [['HTTPEnable : 1'], 'http', null],
    [['ProxyAutoConfigEnable : 1', 'ProxyAutoConfigURLString : http://w/p.pac'], 'pac', 'http://w/p.pac'],
    [['ProxyAutoConfigEnable : 0', 'ProxyAutoConfigURLString : http://w/p.pac'], 'pac', null],
    [['ProxyAutoConfigEnable : 1', 'ProxyAutoConfigJavaScript : function…'], 'pac', '(script)'],
  ] as const)('%j', (lines, key, shown) => expect(read(...lines)[key]).toBe(shown));

  it('reads exceptions and interfaces of their own below it', () => {
    const value = read(
      'ExceptionsList : <array> {',
      '  0 : *.local',
      '  1 : 169.254/16',
      '}',
      'ExcludeSimpleHostnames : 1',
      '__SCOPED__ : <dictionary> {',
      '  en0 : <dictionary> {',
      '    HTTPEnable : 1',
      '    HTTPProxy : 10.0.0.9',
      '    HTTPPort : 80',
      '  }',
      '}',
    );
    expect(value).toMatchObject({
      exceptions: ['*.local', '169.254/16'],
      excludeSimple: true,
      scoped: { en0: { http: '10.0.0.9:80' } },
      http: null,
    });
  });

  it('a key named as a property of every object changes none', () => {
    read('__proto__ : <dictionary> {', 'HTTPEnable : 1', '}', 'constructor : x');
    expect(({} as Record<string, unknown>).HTTPEnable).toBeUndefined();
  });
});

describe('networksetup', () => {
  it('services: a star in front means off; names may hold blanks, and be in any language', () => {
    const listing = text(
      'An asterisk (*) denotes that a network service is disabled.',
      'Wi-Fi',
      '*Thunderbolt Bridge',
      'USB 10/100 局域网',
    );
    expect(parseNetworkServices(listing).value.services).toEqual([
      { name: 'Wi-Fi', enabled: true },
      { name: 'Thunderbolt Bridge', enabled: false },
      { name: 'USB 10/100 局域网', enabled: true },
    ]);
  });

  it('servers: addresses only, scoped ones too; anything else is unread', () => {
    const { value, unread } = parseDnsServers(text('1.1.1.1', 'fe80::1%en0', 'dns.example'));
    expect(value).toEqual({ servers: ['1.1.1.1', 'fe80::1%en0'], source: 'set' });
    expect(unread).toEqual([{ line: 3, text: 'dns.example' }]);
    expect(parseDnsServers("There aren't any DNS Servers set on Wi-Fi.\n").value.source).toBe('dhcp');
  });

  it('a proxy that is off keeps its server; an empty server is none', () => {
    const off = parseServiceProxy(
      text('Enabled: No', 'Server: p.example', 'Port: 3128', 'Authenticated Proxy Enabled: 1'),
    );
    expect(off.value).toEqual({ enabled: false, server: 'p.example', port: 3128, authenticated: true });
    expect(parseServiceProxy(text('Enabled: Yes', 'Server: ', 'Port: 0x1')).value).toMatchObject({
      enabled: true,
      server: null,
      port: null,
    });
  });
});

describe('routes', () => {
  const route = (...lines: readonly string[]) => parseRoute(text(...lines)).value;

  it.each([
    ['<UP,DONE>', 'en0', { isLocal: true, viaTunnel: false, reject: false }],
    ['<UP,GATEWAY,DONE>', 'en0', { isLocal: false, viaTunnel: false, reject: false }],
    ['<UP,DONE>', 'utun4', { isLocal: false, viaTunnel: true, reject: false }],
    ['<UP,HOST,DONE,LOCAL>', 'lo0', { isLocal: false, viaTunnel: false, reject: false }],
    ['<UP,GATEWAY,REJECT,DONE>', 'lo0', { reject: true }],
    ['<UP,BLACKHOLE>', 'en0', { reject: true }],
  ])('%s over %s', (flags, iface, wanted) => {
    expect(route(`  interface: ${iface}`, `      flags: ${flags}`)).toMatchObject(wanted);
  });

  it('a link address is no gateway, and the largest packet is read from below its heading', () => {
    const value = route(
      '    gateway: link#12',
      '  interface: en0',
      ' recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire',
      '       0         0         0         0         0         0      1380      1163 ',
    );
    expect(value).toMatchObject({ gateway: null, mtu: 1380, missing: false });
  });

  it.each(['route: writing to routing socket: not in table', 'route: bad address: x'])('%s is no route', (said) =>
    expect(route(said)).toMatchObject({ missing: true, interface: null }),
  );

  it('two halves win over the default, and a route bound to its interface is none', () => {
    const table = (...rows: readonly string[]) =>
      parseRouteTable(text('Routing tables', '', 'Internet:', 'Destination Gateway Flags Netif Expire', ...rows)).value;
    const home = 'default            192.168.1.1        UGScg                 en0';
    expect(table(home)).toMatchObject({ defaultIface: 'en0', viaTunnel: false });
    expect(table(home, '0/1                10.8.0.1           UGSc                utun4')).toMatchObject({
      defaultIface: 'utun4',
      viaTunnel: true,
    });
    expect(table('default            link#20            UCSIg               utun3', home).defaultIface).toBe('en0');
    expect(table('127                127.0.0.1          UCS                   lo0').defaultIface).toBeNull();
  });

  it('older tables have two more columns', () => {
    const { value } = parseRouteTable('default            192.168.1.1        UGSc           90        0     en0\n');
    expect(value.routes).toEqual([
      { destination: 'default', gateway: '192.168.1.1', flags: 'UGSc', iface: 'en0', expire: null },
    ]);
  });
});

describe('system extensions', () => {
  const row = (enabled: string, active: string, id: string, state: string) =>
    `${enabled}\t${active}\tTEAMID1234\t${id} (1.2/3)\tA Name\t[${state}]`;
  const heading = (category: string) => `--- com.apple.system_extension.${category}`;
  const read = (...lines: readonly string[]) => parseSystemExtensions(text(...lines));

  it('only enabled and active network extensions may filter', () => {
    const { value, unread } = read(
      '3 extension(s)',
      heading('network_extension'),
      'enabled\tactive\tteamID\tbundleID (version)\tname\t[state]',
      row('*', '*', 'com.vpn.filter', 'activated enabled'),
      row('', '*', 'com.off.filter', 'activated disabled'),
      row('*', '', 'com.old.filter', 'terminated waiting to uninstall on reboot'),
    );
    expect(unread).toEqual([]);
    expect(value).toMatchObject({ count: 3, activeFilters: ['com.vpn.filter'] });
  });

  it('a security product that brings a filter counts, another driver does not', () => {
    const { value } = read(
      heading('endpoint_security'),
      row('*', '*', 'com.crowdstrike.falcon.Agent', 'activated enabled'),
      row('*', '*', 'com.example.backup', 'activated enabled'),
      heading('driver_extension'),
      row('*', '*', 'com.crowdstrike.driver', 'activated enabled'),
    );
    expect(value).toMatchObject({
      activeFilters: [],
      networkFilterCandidates: ['com.crowdstrike.falcon.Agent'],
      count: 3,
    });
  });

  it('a row that is cut is unread', () => {
    expect(read(heading('network_extension'), '*\t*\tTEAM\tcom.x (1)\tName').unread).toHaveLength(1);
  });
});

describe('the application firewall', () => {
  it.each([
    ['Firewall is disabled. (State = 0)', { enabled: false, state: 0 }],
    ['Firewall is enabled. (State = 1)', { enabled: true, state: 1 }],
    ['Firewall is on (State = 2)', { enabled: true, state: 2 }],
    ['Firewall has block all state set to disabled.', { blockAll: false }],
    ['Firewall stealth mode is on', { stealth: true }],
    ['Stealth mode disabled', { stealth: false }],
    ['Automatically allow built-in signed software ENABLED.', { allowBuiltInSigned: true }],
    ['Automatically allow downloaded signed software DISABLED.', { allowDownloadedSigned: false }],
    ['Log mode is off', { logging: false }],
    ['Log Option is detail', { loggingOption: 'detail' }],
  ])('%s', (said, wanted) => {
    const { value, unread } = parseFirewall(said);
    expect(value).toMatchObject({ ...wanted, blocksOutbound: false });
    expect(unread).toEqual([]);
  });

  it('apps: a permission belongs to the path above it', () => {
    const { value } = parseFirewallApps(
      text(
        'ALF: total number of apps = 2 ',
        '',
        '1 :  /Applications/A.app ',
        '  ( Allow incoming connections ) ',
        '2 :  /usr/bin/b',
        '  ( Block incoming connections )',
      ),
    );
    expect(value.apps).toEqual([
      { path: '/Applications/A.app', incoming: 'allow' },
      { path: '/usr/bin/b', incoming: 'block' },
    ]);
    expect(parseFirewallApps('( Allow incoming connections )\n').unread).toHaveLength(1);
  });
});

describe('VPN services', () => {
  it('names the connected ones, with quotes and colons in their names', () => {
    const id = '01234567-89AB-CDEF-0123-456789ABCDEF';
    const { value, unread } = parseVpnServices(
      text(
        'Available network connection services in the current set (*=enabled):',
        `* (Connected)      ${id} VPN (com.wireguard.macos) "Office "east" (2)"  [VPN:com.wireguard.macos]`,
        `  (Disconnected)   ${id} PPP --> L2TP          "Old"    [PPP:L2TP]`,
        `* (Disconnected)   ${id} IPSec              "IKE"    [IPSec]`,
      ),
    );
    expect(value.connected).toEqual(['Office "east" (2)']);
    expect(value.services.map(({ enabled }) => enabled)[0]).toBe(true);
    expect(unread.length).toBeLessThanOrEqual(1);
  });
});

describe('versions and signatures', () => {
  it.each([
    [
      ['ProductName:\tmacOS', 'ProductVersion:\t15.5', 'BuildVersion:\t24F74'],
      { version: '15.5', major: 15, extra: null },
    ],
    [['ProductVersion: 13.4.1', 'ProductVersionExtra: (c)', 'BuildVersion: 22F770820d'], { major: 13, extra: '(c)' }],
    [['BuildVersion: 24F74'], { version: null, major: null }],
  ] as const)('%j', (lines, wanted) => expect(parseSystemVersion(text(...lines)).value).toMatchObject(wanted));

  it('an unsigned program, one signed ad hoc, and one by a developer', () => {
    expect(parseCodeSignature('/x/go: code object is not signed at all\n').value).toMatchObject({ unsigned: true });
    const adhoc = parseCodeSignature(
      text('Executable=/x/go', 'Identifier=a.out', 'CodeDirectory v=20400 size=1 flags=0x20002(adhoc,linker-signed)'),
    ).value;
    expect(adhoc).toMatchObject({ adhoc: true, unsigned: false, teamId: null, identifier: 'a.out' });
    const signed = parseCodeSignature(
      text(
        'Format=Mach-O universal (x86_64 arm64)',
        'CodeDirectory v=20500 size=1 flags=0x10000(runtime) hashes=1+7',
        'Authority=Developer ID Application: X (ABCDE12345)',
        'Authority=Apple Root CA',
        'TeamIdentifier=ABCDE12345',
      ),
    ).value;
    expect(signed).toMatchObject({ hardenedRuntime: true, universal: true, teamId: 'ABCDE12345', adhoc: false });
    expect(signed.authorities).toEqual(['Developer ID Application: X (ABCDE12345)', 'Apple Root CA']);
  });
});

describe('outcomes', () => {
  it.each([
    ['', 'done', null],
    ['0:10: execution error: User canceled. (-128)', 'cancelled', -128],
    ['0:10: execution error: 用户已取消。 (-128)\n', 'cancelled', -128],
    ['0:9: execution error: The administrator user name or password was incorrect. (-60007)', 'auth-failed', -60007],
    ['0:9: execution error: No user interaction allowed. (-1713)', 'no-interaction', -1713],
    ['0:9: execution error: pfctl: x (1)', 'failed', 1],
    ['0:9: execution error: execution error: twice (2) (-128) \n\n', 'cancelled', -128],
    ['0:9: execution error: no number (x)', 'done', null],
    ['0:9: execution error: not the end (-128) of it', 'done', null],
    ['(-128) execution error: ', 'done', null],
  ])('osascript %j', (said, result, errorNumber) => {
    expect(parseOsascript(said).value).toEqual({ result, errorNumber });
  });

  it('tccutil: done for one app, for all, refused for an app that is not there', () => {
    expect(parseTccutil('Successfully reset AppleEvents approval status for com.a.b\n').value).toEqual({
      ok: true,
      service: 'AppleEvents',
      bundleId: 'com.a.b',
    });
    expect(parseTccutil('Successfully reset AppleEvents\n').value).toMatchObject({ ok: true, bundleId: null });
    expect(parseTccutil('tccutil: No such bundle identifier "x": (OSStatus error -10814.)').value).toEqual({
      ok: false,
      error: 'no-such-bundle',
      osStatus: -10814,
    });
  });

  it('pflog: blocked destinations of both families, with and without a port', () => {
    const { value } = parseTcpdump(
      text(
        '00:00:01.1 rule 3/0(match): block out on en0: 192.168.1.7.50000 > 142.250.72.81.443: Flags [S]',
        '00:00:02.1 rule 4/0(match): block out on utun4: 192.168.1.7 > 10.0.0.1: ICMP echo request',
        '00:00:03.1 rule 5/0(match): block out on en0: 2001:db8::7.50000 > 2607:f8b0::1.443: Flags [S]',
        '00:00:04.1 rule 6/0(match): block in on en0: 10.0.0.1.1 > 192.168.1.7.22: Flags [S]',
      ),
    );
    expect(value).toEqual({
      lines: 4,
      outboundBlocks: [
        { iface: 'en0', dst: '142.250.72.81', port: 443, rule: 3 },
        { iface: 'utun4', dst: '10.0.0.1', port: null, rule: 4 },
        { iface: 'en0', dst: '2607:f8b0::1', port: 443, rule: 5 },
      ],
    });
  });
});

it('every terminal and editor has one place, below a folder of applications', () => {
  for (const id of Object.keys(DEVELOPER_APPS)) {
    expect(bundlePath(id)).toMatch(/^\/(?:System\/)?Applications\/(?:Utilities\/)?[^/]+\.app$/);
  }
  expect(bundlePath('com.apple.Terminal')).toBe('/System/Applications/Utilities/Terminal.app');
  expect(bundlePath('dev.zed.Zed')).toBe('/Applications/Zed.app');
});
