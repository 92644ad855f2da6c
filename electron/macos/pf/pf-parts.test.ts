/** The parts of the pf readers by themselves: words, rules, addresses, ports, listings, what a listing means. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Known, matchesAddress, not } from './address.ts';
import { reportRules } from './describe-rules.ts';
import { parsePfEverything } from './everything.ts';
import {
  isDenied,
  parsePfAnchors,
  parsePfEnable,
  parsePfInfo,
  parsePfInterfaces,
  parsePfReferences,
  parsePfTable,
  parsePfTables,
} from './info.ts';
import { portNumber } from './ports.ts';
import { parsePfRule } from './rule.ts';
import { parsePfRules } from './rules.ts';
import { wordsOf } from './tokens.ts';

const words = (line: string) => wordsOf(line)?.map(({ text }) => text) ?? null;

describe('words of a rule', () => {
  it.each([
    ['pass out all', ['pass', 'out', 'all']],
    ['label "a b" x', ['label', 'a b', 'x']],
    ['from (en0)/24 to { 1.1.1.1, 2.2.2.2 }', ['from', '(en0)/24', 'to', '{ 1.1.1.1, 2.2.2.2 }']],
    ['block return-rst(ttl 5) out', ['block', 'return-rst(ttl 5)', 'out']],
    ['anchor "x" all {', ['anchor', 'x', 'all', '{']],
    ['', []],
  ])('%j', (line, wanted) => expect(words(line)).toEqual(wanted));

  it.each(['label "open', 'pass (en0', `pass ${'x'.repeat(8_000)}`])('%s is no rule', (line) =>
    expect(wordsOf(line)).toBeNull(),
  );

  it('a quoted word is not a keyword', () => {
    expect(wordsOf('label "all"')?.at(-1)).toEqual({ text: 'all', quoted: true });
  });

  it('lose nothing but blanks and quotes', () => {
    const word = fc.stringMatching(/^[a-z0-9.:/<>!=-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word), (all) => {
        expect(words(all.join('  '))).toEqual(all);
      }),
    );
  });
});

describe('rules', () => {
  const rule = (line: string) => parsePfRule(line)?.rule;

  it.each([
    ['pass all', { action: 'pass', kind: 'filter', direction: null, quick: false, from: 'any', to: 'any', port: null }],
    [
      'block drop in quick on en0 inet proto tcp from any to any port = 22',
      {
        action: 'block',
        blockMode: 'drop',
        direction: 'in',
        quick: true,
        iface: 'en0',
        af: 'inet',
        proto: 'tcp',
        port: '22',
      },
    ],
    ['block return-rst out log all', { action: 'block', blockMode: 'return-rst', log: true }],
    ['pass out on ! lo0 all', { iface: '! lo0' }],
    ['pass out from any to ! 10.0.0.0/8', { to: '! 10.0.0.0/8' }],
    ['pass out from any port 1024:65535 to any', { fromPort: '1024:65535', port: null }],
    ['pass out proto tcp from any to any port 79 >< 444', { port: '79 >< 444' }],
    ['pass out proto tcp from any to any port != 80', { port: '!= 80' }],
    ['pass out proto tcp all user = 501', { user: '501' }],
    ['pass out all label "a label" tag vpn', { label: 'a label', tag: 'vpn' }],
    ['block drop out all ! tagged vpn', { tagged: '! vpn' }],
    ['pass out route-to (utun3 10.8.0.1) all', { route: { type: 'route-to', target: '(utun3 10.8.0.1)' } }],
    ['scrub-anchor "com.apple/*" all fragment reassemble', { kind: 'scrub-anchor', anchor: 'com.apple/*' }],
    [
      'nat on en0 inet from 10.0.0.0/24 to any -> (en0) port 1024:65535',
      { kind: 'nat', translation: { target: '(en0)', port: '1024:65535' } },
    ],
    [
      'rdr pass on lo0 inet proto tcp from any to any port = 443 -> 127.0.0.1 port 8443',
      { kind: 'rdr', natPass: true, port: '443', translation: { target: '127.0.0.1', port: '8443' } },
    ],
    ['@12 pass all', { action: 'pass' }],
  ])('%s', (line, wanted) => {
    expect(rule(line)).toMatchObject(wanted);
    expect(rule(line)?.unknown).toBeUndefined();
  });

  it.each(['', 'hello', 'passing all', 'pfctl: x', '}', '  [ Evaluations: 1 ]'])('%j is none', (line) =>
    expect(parsePfRule(line)).toBeNull(),
  );

  it('a word that is not known is kept as such', () => {
    expect(rule('pass out all wormhole 7')?.unknown).toEqual(expect.arrayContaining(['wormhole']));
  });

  it('a brace at the end opens the body of an anchor', () => {
    expect(parsePfRule('anchor "x" all {')).toMatchObject({ opens: true, rule: { anchor: 'x' } });
    expect(parsePfRule('anchor "x" all')).toMatchObject({ opens: false });
  });
});

describe('addresses', () => {
  const known: Known = {
    tables: { t: ['10.0.0.0/8', '!10.1.0.0/16', '10.1.2.3'], empty: [] },
    interfaces: { en0: ['192.168.1.7', 'fd00::7'] },
  };

  it.each([
    ['any', '8.8.8.8', 'yes'],
    ['no-route', '8.8.8.8', 'no'],
    ['8.8.8.8', '8.8.8.8', 'yes'],
    ['! 8.8.8.8', '8.8.8.8', 'no'],
    ['10/8', '10.9.9.9', 'yes'],
    ['192.168/16', '192.168.3.4', 'yes'],
    ['192.168/16', '192.169.0.1', 'no'],
    ['2001:db8::/32', '2001:db8:1::1', 'yes'],
    ['2001:db8::/32', '10.0.0.1', 'no'],
    ['10.0.0.1 - 10.0.0.9', '10.0.0.5', 'yes'],
    ['10.0.0.1 - 10.0.0.9', '10.0.0.10', 'no'],
    ['10.0.0.9 - 10.0.0.1', '10.0.0.5', 'maybe'],
    ['(en0)', '192.168.1.7', 'yes'],
    ['(en0)', '192.168.1.8', 'no'],
    ['(en0:network)', '192.168.1.8', 'maybe'],
    ['(en9)', '192.168.1.7', 'no'],
    ['<t>', '10.9.9.9', 'yes'],
    ['<t>', '10.1.9.9', 'no'],
    ['<t>', '10.1.2.3', 'yes'],
    ['<empty>', '10.1.2.3', 'no'],
    ['<unread>', '10.1.2.3', 'maybe'],
    ['! <unread>', '10.1.2.3', 'maybe'],
    ['host.example', '10.1.2.3', 'maybe'],
    ['10.0.0.0/99', '10.1.2.3', 'maybe'],
  ] as const)('%s and %s: %s', (spec, address, match) => expect(matchesAddress(spec, address, known)).toBe(match));

  it.each([
    ['any', 'yes'],
    ['127.0.0.1', 'no'],
    ['ff02::1', 'no'],
    ['192.168.1.7', 'maybe'],
    ['(en0)', 'maybe'],
    ['<t>', 'maybe'],
  ] as const)('%s and one of our own that is not known: %s', (spec, match) =>
    expect(matchesAddress(spec, null, known)).toBe(match),
  );

  it('a negation turns yes and no, and leaves what is not known', () => {
    expect((['yes', 'no', 'maybe'] as const).map(not)).toEqual(['no', 'yes', 'maybe']);
  });
});

it.each([
  ['443', 443],
  ['https', 443],
  ['HTTPS', 443],
  ['domain', 53],
  ['99999', 99_999],
  ['toString', null],
  ['', null],
  ['-1', null],
])('port %j is %s', (text, number) => expect(portNumber(text)).toBe(number));

describe('state and lists of pfctl', () => {
  it('counts how long pf has been enabled, in seconds', () => {
    const { value } = parsePfInfo('Status: Enabled for 8 days 03:22:04           Debug: Urgent\n');
    expect(value).toMatchObject({ enabled: true, enabledForSeconds: 703_324, debug: 'Urgent' });
    expect(parsePfInfo('Status: Disabled for 0 days 00:00:09   Debug: Urgent\n').value).toMatchObject({
      enabled: false,
      enabledForSeconds: null,
    });
  });

  it('keeps counters apart from the state table, and names what it does not know', () => {
    const { value, unread } = parsePfInfo(
      'State Table                          Total             Rate\n  current entries                       12\nCounters\n  match                               7            0.0/s\n  not a counter\nwhat\n',
    );
    expect(value).toMatchObject({ enabled: null, stateTable: { 'current entries': 12 }, counters: { match: 7 } });
    expect(unread.map(({ text }) => text)).toContain('what');
  });

  it('a process that keeps pf enabled may have blanks in its name, and its token more than 53 bits', () => {
    const { value } = parsePfReferences(
      'TOKENS:\nPID      Process Name                 TOKEN                    TIMESTAMP\n   99      My VPN Helper     18446744073709551615     4 days 03:22:05\n',
    );
    expect(value).toEqual({
      references: [{ pid: 99, process: 'My VPN Helper', token: '18446744073709551615', age: '4 days 03:22:05' }],
    });
  });

  it.each([
    [
      parsePfAnchors,
      '  com.apple\n  com.apple/250.ApplicationFirewall\n',
      { anchors: ['com.apple', 'com.apple/250.ApplicationFirewall'] },
    ],
    [parsePfTables, 'blocklist\n-pa-r--\tallow list\n', { tables: expect.arrayContaining(['blocklist']) }],
    [
      parsePfTable,
      '   10.0.0.0/8\n   !10.1.0.0/16\n   fe80::1%en0\n\tCleared:     Thu Jan  1\n',
      { addresses: ['10.0.0.0/8', '! 10.1.0.0/16', 'fe80::1%en0'] },
    ],
    [
      parsePfInterfaces,
      'en0\n\tCleared: x\nlo0 (skip)\nutun3\n',
      { skipped: ['lo0'], interfaces: ['en0', 'lo0', 'utun3'] },
    ],
    [parsePfEnable, 'pf enabled\nToken : 123\n', { enabled: true, token: '123' }],
    [parsePfEnable, 'pfctl: pf already enabled\n', { enabled: true, token: null }],
    [parsePfEnable, 'what\n', { enabled: null, token: null }],
  ])('%#', (read, text, wanted) => expect(read(text).value).toMatchObject(wanted));

  it('a refusal is unknown with every reader, never an empty list', () => {
    const denied = 'pfctl: /dev/pf: Permission denied\n';
    expect(isDenied(denied)).toBe(true);
    for (const read of [
      parsePfAnchors,
      parsePfTables,
      parsePfTable,
      parsePfInterfaces,
      parsePfEnable,
      parsePfInfo,
      parsePfReferences,
      parsePfEverything,
    ]) {
      expect(read(denied).value).toEqual({ state: 'unknown', needs: 'root' });
    }
    expect(isDenied('block drop all label "Permission denied"')).toBe(false);
  });

  it('everything at once goes section by section', () => {
    const { value } = parsePfEverything(
      'TRANSLATION RULES:\nnat-anchor "com.apple/*" all\n\nFILTER RULES:\npass all\nblock drop out all\nanchor "x" all\n\nSTATES:\nALL tcp 192.168.1.7:1 -> 1.1.1.1:443       ESTABLISHED:ESTABLISHED\n\nINFO:\nStatus: Enabled for 0 days 00:01:00           Debug: Urgent\n\nTABLES:\nt\n',
    );
    expect(value).toMatchObject({
      sections: ['TRANSLATION RULES', 'FILTER RULES', 'STATES', 'INFO', 'TABLES'],
      anchors: ['com.apple/*', 'x'],
      filterRuleCount: 3,
      blocks: [1],
      enabled: true,
      enabledForSeconds: 60,
      stateCount: 1,
      tables: ['t'],
    });
  });
});

describe('what a listing means', () => {
  const report = (...lines: readonly string[]) => reportRules(parsePfRules(lines.join('\n')), null);

  it("Apple's own anchors alone are the default", () => {
    expect(report('scrub-anchor "com.apple/*" all fragment reassemble', 'anchor "com.apple/*" all')).toMatchObject({
      isAppleDefault: true,
      thirdPartyAnchors: [],
      blocks: [],
      pattern: null,
    });
    expect(report('anchor "com.apple/*" all', 'anchor "net.vpn" all')).toMatchObject({
      isAppleDefault: false,
      thirdPartyAnchors: ['net.vpn'],
    });
  });

  it('a block of everything beside a tunnel that passes is a kill switch', () => {
    const pattern = (...lines: readonly string[]) => report(...lines);
    expect(pattern('block drop all', 'pass quick on utun4 all')).toMatchObject({ pattern: 'vpn-kill-switch' });
    expect(pattern('block drop all', 'pass quick on en0 all')).toMatchObject({ pattern: null });
    expect(pattern('block drop in all', 'pass quick on utun4 all')).toMatchObject({ pattern: null, inboundOnly: true });
    expect(pattern('block drop out all ! tagged vpn')).toMatchObject({ pattern: 'vpn-strict-tagging' });
  });

  it('a block rule that packets have met is evidence', () => {
    const counters = (packets: number) => `  [ Evaluations: 9  Packets: ${packets}  Bytes: 1  States: 0 ]`;
    expect(report('block drop out all', counters(0), 'block drop out proto tcp all', counters(4))).toMatchObject({
      evidenceOfBlocking: { rule: 1, packets: 4 },
    });
    expect(report('block drop in all', counters(4))).toMatchObject({ evidenceOfBlocking: null });
  });

  it('redirects are named with where they lead', () => {
    expect(report('rdr pass on lo0 inet proto tcp from any to any port = 443 -> ::1 port 8443')).toMatchObject({
      redirects: [{ iface: 'lo0', port: '443', to: '[::1]:8443' }],
    });
  });

  it('what pfctl refused or could not list is neither empty nor clean', () => {
    expect(report('pfctl: /dev/pf: Permission denied')).toEqual({ state: 'unknown', needs: 'root' });
    expect(report('pass all', 'pfctl: DIOCGETRULES: Invalid argument')).toMatchObject({
      incomplete: true,
      rules: [{ action: 'pass' }],
    });
  });
});
