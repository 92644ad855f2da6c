/** Whatever stands in an output, every reader ends, gives its value, and loses no good line to a bad one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOutput } from './parse-command.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'e2e', 'fixtures', 'macos');
const recordings: readonly { readonly file: string; readonly command: string }[] = JSON.parse(
  readFileSync(join(FOLDER, 'index.json'), 'utf8'),
);
const texts = recordings
  .filter(({ file }) => file.endsWith('.txt'))
  .map(({ file, command }) => ({ command, text: readFileSync(join(FOLDER, file), 'utf8') }));

const HOSTILE = [
  '',
  '\n\n\n',
  'x'.repeat(10_000_000),
  `${'a '.repeat(1_000_000)}`,
  '\u0000\u0001\u0002\ufffd\ufffd',
  '\u001b[31mFirewall is enabled. (State = 1)\u001b[0m\u001b]8;;http://x\u0007',
  '('.repeat(100_000),
  '"'.repeat(99_999),
  '<dictionary> {\n'.repeat(50_000),
  'resolver #1\n'.repeat(50_000),
  '__proto__ : 1\nconstructor : <dictionary> {\n  HTTPEnable : 1\n',
  Array.from({ length: 50_000 }, (_, i) => `line ${i}`).join('\n'),
];

/** Ten million letters through forty readers take two seconds on an idle machine. */
const SLOW_MS = 90_000;

describe('hostile outputs', () => {
  it.each(HOSTILE.map((text, i) => [i, text] as const))(
    'number %i ends with every reader',
    (_i, text) => {
      for (const { command } of texts) {
        const parsed = parseOutput(command, text);
        expect(parsed).not.toBeNull();
        expect(JSON.stringify(parsed?.unread).length).toBeLessThan(6_000_000);
      }
      expect(({} as Record<string, unknown>).HTTPEnable).toBeUndefined();
    },
    SLOW_MS,
  );

  it('a good file with junk in it still says what it said', () => {
    const junk = fc.constantFrom('%%% junk %%%', '\u0000\u0007', '~~~~ ~~~~', '\u001b[2J');
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), junk, ({ command, text }, at, noise) => {
        // Where a name may be anything, junk is one; where words are matched, it changes none.
        if (/listallnetworkservices|reset|osascript|tcpdump|file "|codesign|^go |^curl|^ping/.test(command)) return;
        const lines = text.split('\n');
        const place = at % (lines.length + 1);
        // Between a path and its permission, or a rule and its counters, junk parts what belongs together.
        if (/listapps|vsr/.test(command)) return;
        const parsed = parseOutput(command, [...lines.slice(0, place), noise, ...lines.slice(place)].join('\n'));
        expect(parsed?.value).toEqual(parseOutput(command, text)?.value);
      }),
      { numRuns: 500 },
    );
  });
});

describe('nothing read is not nothing there', () => {
  it.each([
    'scutil --dns',
    'scutil --proxy',
    'scutil --nc list',
    'pfctl -s info',
    'systemextensionsctl list',
    'socketfilterfw --getglobalstate',
    'networksetup -getdnsservers Wi-Fi',
    'route -n get default',
    'sw_vers',
    'codesign -dv /usr/local/go/bin/go',
  ])('%s', (command) => {
    expect(parseOutput(command, '')?.value).toEqual({ state: 'unknown', reason: 'empty output' });
    expect(parseOutput(command, 'Segmentation fault: 11\n')?.value).toMatchObject({ state: 'unknown' });
  });

  it('an empty listing of rules is one', () => {
    expect(parseOutput('pfctl -sr', '')?.value).toMatchObject({ rules: [] });
    expect(parseOutput('pfctl -sr', '@@@ what\n')).toMatchObject({
      value: { state: 'unknown', reason: 'unrecognised output' },
      unread: [{ line: 1 }],
    });
  });
});

describe('verbose listings', () => {
  it('owners and longer notes of who inserted a rule are no unread lines', () => {
    const text = [
      'pass out quick on utun3 all no state',
      '  [ Evaluations: 1         Packets: 0         Bytes: 0           States: 0     ]',
      '  [ Inserted: uid 0 pid 44 State Creations: 3 ]',
      '  [ Owner : com.apple.NetworkExtension  Priority : 1000  ]',
    ].join('\n');
    expect(parseOutput('pfctl -vsr', text)).toMatchObject({
      value: { rules: [{ inserted: { uid: 0, pid: 44 } }] },
      unread: [],
    });
  });
});

describe('networksetup', () => {
  it.each([
    ['-getsearchdomains Wi-Fi', 'lan\ncorp.example\n', { searchDomains: ['lan', 'corp.example'] }],
    ['-getsearchdomains Wi-Fi', "There aren't any Search Domains set on Wi-Fi.\n", { searchDomains: [] }],
    ['-getproxybypassdomains Wi-Fi', '*.local\n169.254/16\n', { exceptions: ['*.local', '169.254/16'] }],
    ['-getproxybypassdomains Wi-Fi', "There aren't any bypass domains set on Wi-Fi.\n", { exceptions: [] }],
    ['-getautoproxyurl Wi-Fi', 'URL: (null)\nEnabled: No\n', { enabled: false, pac: null }],
    ['-getautoproxyurl Wi-Fi', 'URL: http://w/p.pac\nEnabled: Yes\n', { enabled: true, pac: 'http://w/p.pac' }],
    ['-getproxyautodiscovery Wi-Fi', 'Auto Proxy Discovery: Off\n', { autoDiscovery: false }],
  ])('%s', (words, text, value) => {
    expect(parseOutput(`networksetup ${words}`, text)).toEqual({ value, unread: [] });
  });
});
