/**
 * Rules made from pf's grammar print and parse back; the walk agrees with a second one that is written as plainly as the
 * manual says it; junk between lines loses none of them.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePfRules } from './rules.ts';
import { decideFlow, type Flow } from './walk-rules.ts';

interface Made {
  readonly action: 'pass' | 'block';
  readonly dir: 'in' | 'out' | null;
  readonly quick: boolean;
  readonly iface: string | null;
  readonly af: 'inet' | 'inet6' | null;
  readonly proto: 'tcp' | 'udp' | null;
  readonly to: string;
  readonly port: string | null;
  readonly user: string | null;
  readonly label: string | null;
}

const made: fc.Arbitrary<Made> = fc.record({
  action: fc.constantFrom('pass', 'block'),
  dir: fc.constantFrom('in', 'out', null),
  quick: fc.boolean(),
  iface: fc.constantFrom('en0', 'utun3', '! lo0', null),
  af: fc.constantFrom('inet', 'inet6', null),
  proto: fc.constantFrom('tcp', 'udp', null),
  to: fc.constantFrom('any', '10.0.0.0/8', '! 10.0.0.0/8', '142.250.72.81', '2001:db8::/32'),
  port: fc.constantFrom('443', '!= 443', '> 1023', '80:90', '79 >< 444', '80 <> 442', null),
  user: fc.constantFrom('501', '!= 501', null),
  label: fc.constantFrom('a label', 'x', null),
});

const flow: fc.Arbitrary<Flow> = fc.record({
  dir: fc.constantFrom('in', 'out'),
  proto: fc.constantFrom('tcp', 'udp'),
  dst: fc.constantFrom('10.1.2.3', '142.250.72.81', '2001:db8::7', '2607:f8b0::1'),
  dport: fc.constantFrom(80, 85, 443, 6_000),
  iface: fc.constantFrom('en0', 'utun3', 'lo0'),
  uid: fc.constantFrom(501, 502),
});

/** As pfctl prints it. */
function printed({ action, dir, quick, iface, af, proto, to, port, user, label }: Made): string {
  const isAll = to === 'any' && port === null;
  const portText = port === null ? '' : ` port ${/^\d+$/.test(port) ? `= ${port}` : port}`;
  const userText = user === null ? '' : ` user ${/^\d+$/.test(user) ? `= ${user}` : user}`;
  return [
    action === 'block' ? 'block drop' : 'pass',
    ...(dir === null ? [] : [dir]),
    ...(quick ? ['quick'] : []),
    ...(iface === null ? [] : [`on ${iface}`]),
    ...(af === null ? [] : [af]),
    ...(proto === null ? [] : [`proto ${proto}`]),
    isAll ? 'all' : `from any to ${to}${portText}`,
    `${userText.trim()}${action === 'pass' ? `${userText === '' ? '' : ' '}flags S/SA keep state` : ''}`.trim(),
    ...(label === null ? [] : [`label "${label}"`]),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** pf.conf(5) word for word, over what was made rather than over what was parsed. */
function naive(rules: readonly Made[], packet: Flow): { readonly verdict: string; readonly by: string } {
  let last = -1;
  for (let i = 0; i < rules.length; i += 1) {
    const rule = rules[i] as Made;
    if (!applies(rule, packet)) continue;
    last = i;
    if (rule.quick) break;
  }
  if (last < 0) return { verdict: 'pass', by: 'default' };
  return { verdict: (rules[last] as Made).action, by: `main#${last}` };
}

function applies(rule: Made, packet: Flow): boolean {
  const isSix = packet.dst.includes(':');
  if (rule.dir !== null && rule.dir !== packet.dir) return false;
  if (rule.iface === '! lo0' && packet.iface === 'lo0') return false;
  if (rule.iface !== null && rule.iface !== '! lo0' && rule.iface !== packet.iface) return false;
  if (rule.af !== null && (rule.af === 'inet6') !== isSix) return false;
  if (rule.proto !== null && rule.proto !== packet.proto) return false;
  const inTen = packet.dst.startsWith('10.');
  if (rule.to === '10.0.0.0/8' && !inTen) return false;
  if (rule.to === '! 10.0.0.0/8' && inTen) return false;
  if (rule.to === '142.250.72.81' && packet.dst !== '142.250.72.81') return false;
  if (rule.to === '2001:db8::/32' && !packet.dst.startsWith('2001:db8:')) return false;
  const port = packet.dport ?? 0;
  if (rule.port === '443' && port !== 443) return false;
  if (rule.port === '!= 443' && port === 443) return false;
  if (rule.port === '> 1023' && port <= 1_023) return false;
  if (rule.port === '80:90' && (port < 80 || port > 90)) return false;
  if (rule.port === '79 >< 444' && (port <= 79 || port >= 444)) return false;
  if (rule.port === '80 <> 442' && port >= 80 && port <= 442) return false;
  if (rule.user === '501' && packet.uid !== 501) return false;
  if (rule.user === '!= 501' && packet.uid === 501) return false;
  return true;
}

const world = { enabled: true, name: 'main', anchors: {}, skipped: [], tables: {} } as const;

describe('rules from the grammar', () => {
  it('print and parse back', () => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 12 }), (rules) => {
        const { rules: read, unread } = parsePfRules(rules.map(printed).join('\n'));
        expect(unread).toEqual([]);
        expect(
          read.map(({ action, direction, quick, iface, af, proto, to, port, user, label }) => ({
            action,
            dir: direction,
            quick,
            iface,
            af,
            proto,
            to,
            port,
            user: user ?? null,
            label,
          })),
        ).toEqual(rules);
        expect(read.every(({ unknown }) => unknown === undefined)).toBe(true);
      }),
    );
  });

  it('are decided as the manual says', () => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 12 }), flow, (rules, packet) => {
        const { verdict, decidedBy } = decideFlow(packet, {
          ...world,
          rules: parsePfRules(rules.map(printed).join('\n')).rules,
        });
        expect({ verdict, by: decidedBy }).toEqual(naive(rules, packet));
      }),
      { numRuns: 1_000 },
    );
  });

  it('what is not known of a packet never turns a sure answer into another', () => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 12 }), flow, (rules, packet) => {
        const parsed = parsePfRules(rules.map(printed).join('\n')).rules;
        const { verdict } = decideFlow({ ...packet, iface: undefined, uid: undefined }, { ...world, rules: parsed });
        // Whoever it is and whichever way it leaves (but loopback), a sure answer is the right one.
        if (verdict === 'unknown' || packet.iface === 'lo0') return;
        expect(naive(rules, packet).verdict).toBe(verdict);
      }),
      { numRuns: 1_000 },
    );
  });

  it('survive junk between them', () => {
    const junk = fc.oneof(
      fc
        .string({ maxLength: 60 })
        .filter(
          (text) =>
            !/^(?:\s*(?:pass|block|match|scrub|nat|rdr|binat|anchor|no|dummynet|[}@[]|pfctl:|[a-z-]*anchor)|\s*$)|\{\s*$/.test(
              text,
            ),
        ),
      fc.constantFrom(
        '\u0000\u0001',
        '\u001b[31mpass\u001b[0m',
        '!!',
        '"open',
        '((((',
        'pass "open',
        'x'.repeat(20_000),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(made, junk), { maxLength: 8 }), (lines) => {
        const text = lines.map(([rule, noise]) => `${printed(rule)}\n${noise.replace(/[\r\n]/g, ' ')}`).join('\n');
        const { rules, unread } = parsePfRules(text);
        expect(rules.length).toBeGreaterThanOrEqual(lines.length);
        expect(rules.length + unread.length).toBeGreaterThanOrEqual(lines.length);
      }),
    );
  });
});

describe('anchors', () => {
  const rules = (text: string) => parsePfRules(text).rules;
  const packet = { dir: 'out', proto: 'tcp', dst: '142.250.72.81', dport: 443, iface: 'en0', uid: 501 } as const;
  const decide = (main: string, anchors: Record<string, string> = {}, more = {}) =>
    decideFlow(packet, {
      ...world,
      rules: rules(main),
      anchors: Object.fromEntries(Object.entries(anchors).map(([path, text]) => [path, rules(text)])),
      ...more,
    });

  it('are evaluated where they stand', () => {
    const anchors = { x: 'block drop quick all' };
    expect(decide('anchor "x" all\npass quick all', anchors)).toMatchObject({ verdict: 'block', decidedBy: 'x#0' });
    expect(decide('pass quick all\nanchor "x" all', anchors)).toMatchObject({ verdict: 'pass', decidedBy: 'main#0' });
    expect(decide('anchor "x" in all\npass all', anchors)).toMatchObject({ verdict: 'pass', decidedBy: 'main#1' });
    expect(decide('anchor "x" all\npass all', { x: 'block drop all' })).toMatchObject({ verdict: 'pass' });
    expect(decide('anchor "x" quick all\npass all', { x: 'block drop all' })).toMatchObject({ decidedBy: 'x#0' });
  });

  it('`x/*` is those directly below x, by name', () => {
    const anchors = { 'x/b': 'block drop all', 'x/a': 'pass all', 'x/b/c': 'pass all', y: 'pass all' };
    expect(decide('anchor "x/*" all', anchors)).toMatchObject({
      verdict: 'block',
      decidedBy: 'x/b#0',
      unreadAnchors: [],
    });
  });

  it('inline ones are read, nested as well', () => {
    const text =
      'anchor "x" all {\n  pass all\n  anchor all {\n    block drop quick proto tcp from any to any port = 443\n  }\n}\npass all';
    expect(decide(text)).toMatchObject({ verdict: 'block' });
    expect(decide('anchor "x" all {\npfctl: DIOCGETRULES: Invalid argument\n}\npass all').decidedBy).toBe('main#0');
  });

  it('tags that a rule sets count for those after it', () => {
    const tagged = 'pass out all flags S/SA keep state tag vpn\nblock drop out quick all ! tagged vpn';
    expect(decide(tagged)).toMatchObject({ verdict: 'pass', decidedBy: 'main#0' });
    expect(decide('block drop out quick all ! tagged vpn')).toMatchObject({ verdict: 'block' });
  });

  it('tables that were not read make it unknown only where they matter', () => {
    expect(decide('block drop out quick from any to <t>')).toMatchObject({ verdict: 'unknown', mayAlso: ['main#0'] });
    expect(decide('block drop out from any to <t>\npass all')).toMatchObject({ verdict: 'pass', mayAlso: [] });
    expect(
      decide('block drop out from any to <t>', {}, { tables: { t: ['142.250.0.0/15', '! 142.250.72.0/24'] } }),
    ).toMatchObject({
      verdict: 'pass',
      decidedBy: 'default',
    });
  });

  it('a disabled pf, and an interface that is skipped, pass', () => {
    expect(decide('block drop all', {}, { enabled: false })).toMatchObject({
      verdict: 'pass',
      decidedBy: 'pf-disabled',
    });
    expect(decide('block drop all', {}, { skipped: ['en0'] })).toMatchObject({ verdict: 'pass', decidedBy: 'skip' });
  });

  it('a word that is not known makes its rule a possibility', () => {
    expect(decide('block drop out quick all wormhole 7')).toMatchObject({ verdict: 'unknown' });
    expect(decide('block drop out all probability 20%')).toMatchObject({ verdict: 'unknown' });
  });
});

describe('a source that is not given', () => {
  const decide = (text: string, more: Partial<Flow>) =>
    decideFlow(
      { dir: 'out', proto: 'tcp', dst: '142.250.72.81', dport: 443, iface: 'en0', ...more },
      { ...world, rules: parsePfRules(text).rules },
    ).verdict;

  it('of a packet that leaves is an address of this Mac: never loopback or multicast', () => {
    expect(decide('block drop quick inet from 127.0.0.0/8 to any', {})).toBe('pass');
    expect(decide('block drop quick inet from 224.0.0.0/4 to any', {})).toBe('pass');
    expect(decide('block drop quick inet from 192.168.0.0/16 to any', {})).toBe('unknown');
  });

  it('of a packet to loopback is loopback', () => {
    const local = { dst: '127.0.0.1', iface: 'lo0' } as const;
    expect(decide('block drop quick inet from 127.0.0.0/8 to any', local)).toBe('block');
    expect(decide('block drop quick inet from ! 127.0.0.1 to any', local)).toBe('pass');
    expect(decide('block drop quick inet6 from ::1 to any', { dst: '::1', iface: 'lo0' })).toBe('block');
  });

  it('of a packet that comes in may be any', () => {
    expect(decide('block drop in quick inet from 224.0.0.0/4 to any', { dir: 'in' })).toBe('unknown');
    expect(decide('block drop in quick inet from ! 10.0.0.0/8 to any', { dir: 'in' })).toBe('unknown');
    expect(decide('block drop in quick from any to any', { dir: 'in' })).toBe('block');
    expect(decide('block drop in quick inet from 10.0.0.0/8 to any', { dir: 'in', src: '10.1.2.3' })).toBe('block');
  });
});

it.each([
  'x'.repeat(10_000_000),
  `pass ${'('.repeat(100_000)}`,
  `pass from ${'! '.repeat(5_000)}any`,
  Array.from({ length: 50_000 }, () => 'anchor "x" all {').join('\n'),
  '\ufffd\ufffd\u0000pass all\u001b[0m',
])('hostile text %# ends', (text) => {
  const { rules } = parsePfRules(text);
  expect(
    decideFlow({ dir: 'out', proto: 'tcp', dst: '8.8.8.8', dport: 443 }, { ...world, rules }).verdict,
  ).toBeDefined();
});
