import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HIDDEN, hideSecrets } from './secrets.ts';
import { exportCommand, shellCommand } from './shell-command.ts';

const HOSTILE = [
  '$(touch owned)',
  '`touch owned`',
  '; touch owned',
  "'; touch owned; '",
  '"$HOME"',
  '-rf',
  '--upload-file=/etc/passwd',
  'a\ntouch owned',
  'a\rtouch owned',
  '\u001b[2J',
  '\u202egpj.exe',
  'zero\u200bwidth',
  `$IFS$${'{IFS}'}x`,
  '*',
  '~root',
  '!!',
  '#comment',
  'A=b',
  'x\\',
  "\\';touch owned;\\'",
  '',
  '中文 空格',
  `$${'{jndi:x}'}`,
  'a&b|c<d>e(f)',
];

/** The arguments that a real shell passes to the program of a command. */
function argumentsIn(shell: string, args: readonly string[]): string[] {
  const script = shellCommand('printf', ['%s\\0', ...args]);
  return execFileSync(shell, ['-c', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
  })
    .split('\0')
    .slice(0, -1);
}

describe.each(['bash', 'zsh'])('%s', (shell) => {
  it('passes every argument unchanged', () => {
    expect(argumentsIn(shell, HOSTILE)).toEqual(HOSTILE);
  });

  it('passes any argument unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 20 }), (args) => {
        const given = args.map((one) => one.replaceAll('\0', ''));
        // What looks like a secret is hidden.
        const hidden = argumentsIn(shell, given).map((one, i) => (one === HIDDEN ? hideSecrets(given[i] ?? '') : one));
        expect(hidden).toEqual(given.map(hideSecrets));
      }),
      { numRuns: 25 },
    );
  });
});

it.each(['sh', 'fish'])('%s runs nothing of a hostile argument', (shell) => {
  const visible = HOSTILE.filter((one) => !/[\p{Cc}\p{Cf}]/u.test(one));
  expect(argumentsIn(shell, visible)).toEqual(visible);
});

it('shows no invisible character and never a second line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(shellCommand('curl', ['--', text])).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: 50 },
  );
});

it('does not quote plain words', () => {
  expect(shellCommand('go', ['env', '-w', 'GOPROXY=https://goproxy.cn,direct'])).toBe(
    'go env -w GOPROXY=https://goproxy.cn,direct',
  );
  expect(shellCommand('go', ['get', 'golang.org/x/text@v0.3.0'])).toBe('go get golang.org/x/text@v0.3.0');
});

it('exports a variable for a session', () => {
  const line = exportCommand('GODEBUG', 'a=1; id');
  expect(line).toBe("export GODEBUG='a=1; id'");
  expect(execFileSync('sh', ['-c', `${line}; printenv GODEBUG`], { encoding: 'utf8' })).toBe('a=1; id\n');
});

it('quotes a program name that would be an assignment', () => {
  expect(shellCommand('A=b', ['c'])).toBe("'A=b' c");
});

it('keeps secrets out, and its quotes when secrets are hidden once more', () => {
  expect(shellCommand('curl', ['--', 'https://u:p@h/?token=t'])).toBe("curl -- 'https://u:xxxxx@h/?token=xxxxx'");
  expect(exportCommand('API_TOKEN', 'abc')).toBe('export API_TOKEN=xxxxx');
  const part = fc.constantFrom(
    'token=',
    'login a ',
    'password ',
    ':',
    '@',
    "'",
    '"',
    '\\',
    ' ',
    '\n',
    '//',
    'a',
    '&',
    '$x',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const line = shellCommand('curl', ['--', parts.join(''), 'end']);
      expect(hideSecrets(line)).toBe(line);
    }),
    { numRuns: 2_000 },
  );
});
