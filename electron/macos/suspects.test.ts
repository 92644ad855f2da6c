/** Who may have stopped a connection, by the kernel's error; and who cannot have, whatever people blame. */
import { describe, expect, it } from 'vitest';
import { suspectsInText, suspectsOf } from './suspects.ts';

const PUBLIC = '142.250.72.81';
const LAN = '192.168.1.9';

describe('by errno', () => {
  it.each([
    ['EHOSTUNREACH', PUBLIC, ['missing-route', 'dead-gateway', 'vpn-or-filter-policy'], 'unreachable'],
    ['EHOSTUNREACH', LAN, ['local-network-privacy', 'missing-route', 'vpn-or-filter-policy'], 'unreachable'],
    // ip6_output() answers a dropped packet with EHOSTUNREACH; ip_output() does not.
    [
      'EHOSTUNREACH',
      '2607:f8b0::1',
      ['missing-route', 'dead-gateway', 'vpn-or-filter-policy', 'pf-block-drop'],
      'unreachable',
    ],
    [
      'EHOSTUNREACH',
      'fe80::1',
      ['local-network-privacy', 'missing-route', 'vpn-or-filter-policy', 'pf-block-drop'],
      'unreachable',
    ],
    ['ENETUNREACH', PUBLIC, ['missing-route', 'vpn-or-filter-policy'], 'unreachable'],
    ['EHOSTDOWN', LAN, ['host-down'], 'unreachable'],
    ['timeout', PUBLIC, ['pf-block-drop', 'remote-filtering'], 'timeout'],
    ['ETIMEDOUT', PUBLIC, ['pf-block-drop', 'remote-filtering'], 'timeout'],
    ['ECONNREFUSED', '127.0.0.1', ['dead-local-proxy', 'nothing-listening'], 'refused'],
    ['ECONNREFUSED', PUBLIC, ['nothing-listening', 'pf-block-return'], 'refused'],
    ['ENOTCONN', PUBLIC, ['content-filter'], 'filter'],
    ['ECONNRESET', PUBLIC, ['remote-filtering', 'transparent-proxy'], 'reset'],
    ['eof', PUBLIC, ['remote-peer', 'transparent-proxy'], 'eof'],
    ['name', null, ['content-filter', 'dns'], 'name'],
    ['EPERM', PUBLIC, ['sandbox', 'vpn-or-filter-policy'], 'permission'],
    ['EWHATEVER', PUBLIC, [], 'unknown'],
  ] as const)('%s at %s', (errno, address, suspects, kind) => {
    expect(suspectsOf({ errno, address })).toMatchObject({ suspects, kind });
  });

  it('a refused path is about files, and about no network at all', () => {
    const found = suspectsOf({ errno: 'EPERM', address: null, isPath: true });
    expect(found.suspects).toEqual(['file-privacy']);
    expect(found.notSuspects).toEqual(expect.arrayContaining(['pf', 'content-filter']));
  });

  it('nothing is suspected and cleared at once, and the application firewall never stops outgoing connections', () => {
    const errnos = [
      'EHOSTUNREACH',
      'ENETUNREACH',
      'EHOSTDOWN',
      'timeout',
      'ECONNREFUSED',
      'ENOTCONN',
      'EPIPE',
      'EBADF',
    ];
    for (const errno of [...errnos, 'ECONNRESET', 'ECONNABORTED', 'eof', 'name', 'EPERM', 'EACCES', '']) {
      for (const address of [null, PUBLIC, LAN, '127.0.0.1', '::1', 'fe80::1', '2607:f8b0::1']) {
        for (const isPath of [true, false]) {
          const { suspects, notSuspects } = suspectsOf({ errno, address, isPath });
          expect(suspects.filter((one) => notSuspects.includes(one))).toEqual([]);
          expect(suspects).not.toContain('application-firewall');
          expect(suspects).not.toContain('tcc');
        }
      }
    }
  });
});

describe('in words', () => {
  it.each([
    ['dial tcp 192.168.1.9:443: connect: no route to host', 'EHOSTUNREACH'],
    ['connect: network is unreachable', 'ENETUNREACH'],
    ['ping: sendto: Host is down', 'EHOSTDOWN'],
    ['connect to 127.0.0.1 port 7890 failed: Connection refused', 'ECONNREFUSED'],
    ['write: broken pipe', 'EPIPE'],
    ['read: connection reset by peer', 'ECONNRESET'],
    ['Socket is not connected', 'ENOTCONN'],
  ])('%s', (text, errno) => expect(suspectsInText(text).errno).toBe(errno));

  it.each([
    ['curl: (6) Could not resolve host: x', 'name'],
    ['lookup x: no such host', 'name'],
    ['dial tcp 1.2.3.4:443: i/o timeout', 'timeout'],
    ['Get "https://x": EOF', 'eof'],
    ['all is well', 'unknown'],
  ])('%s has no errno of its own', (text, kind) => expect(suspectsInText(text)).toMatchObject({ errno: null, kind }));

  it('from an app that is judged by itself only Local Network privacy is left, and Terminal would work', () => {
    const text = 'dial tcp 192.168.1.9:443: connect: no route to host';
    expect(suspectsInText(text, 'go get (in the VS Code terminal)')).toMatchObject({
      suspects: ['local-network-privacy'],
      responsibleApp: 'com.microsoft.VSCode',
      worksFrom: 'com.apple.Terminal',
    });
    expect(suspectsInText(text, 'go get (in Terminal.app)')).toMatchObject({
      responsibleApp: 'com.apple.Terminal',
      worksFrom: null,
    });
    expect(suspectsInText(text.replace(LAN, PUBLIC), 'GoLand').worksFrom).toBeNull();
  });

  it('an address in brackets counts, and a path that is refused is one of files', () => {
    expect(suspectsInText('dial tcp [2607:f8b0::1]:443: connect: no route to host').suspects).toContain(
      'pf-block-drop',
    );
    expect(suspectsInText('open /Users/lin/Documents/go.mod: operation not permitted').suspects).toEqual([
      'file-privacy',
    ]);
    expect(suspectsInText('connect: operation not permitted').suspects).toContain('sandbox');
  });
});
