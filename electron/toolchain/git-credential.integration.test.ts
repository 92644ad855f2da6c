import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { gitCredential, parseGitCredential } from './git-credential.ts';

const runner = new SystemProcessRunner(systemClock);
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-git-credential-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Asks the real git, with this text as its configuration. */
function fill(config: string, url: string, folder = home) {
  writeFileSync(join(home, '.gitconfig'), config);
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    // Would hang, or open a window, if it were called.
    GIT_ASKPASS: '/bin/false',
    DISPLAY: '',
  };
  return gitCredential(runner, 'git', folder, url, env);
}

/** A helper that prints these lines, and records each call. */
const helper = (lines: string) =>
  `[credential]\n\thelper = "!f() { cat > asked; printf '${lines.replaceAll('\n', '\\\\n')}'; }; f"\n`;

describe('asking git for a credential', () => {
  it('returns what a helper knows about the server', async () => {
    const found = await fill(helper('username=ann\npassword=one\n'), 'https://private.example:8443/go/@v/list');
    expect(found).toEqual({ prefix: 'https://private.example:8443', login: 'ann', password: 'one' });
    const asked = readFileSync(join(home, 'asked'), 'utf8');
    expect(asked).toContain('protocol=https\nhost=private.example:8443\n');
  });

  it('runs in the given folder, whose own configuration counts', async () => {
    const folder = join(home, 'repository');
    mkdirSync(folder);
    await runner.run({
      file: 'git',
      args: ['init', '-q'],
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: home },
      timeoutMs: 10_000,
    });
    writeFileSync(join(folder, '.git', 'config'), helper('username=own\npassword=two\n'));
    expect(await fill('', 'https://private.example', folder)).toMatchObject({ login: 'own' });
  });

  it('returns nothing when no helper knows the server, without prompting', async () => {
    expect(await fill('', 'https://private.example')).toBeNull();
    expect(await fill(helper('username=ann\n'), 'https://private.example')).toBeNull();
    expect(await fill('[core]\n\taskPass = /bin/false\n', 'https://private.example')).toBeNull();
  });

  it('ignores a response for another server', async () => {
    expect(await fill(helper('host=evil.example\nusername=a\npassword=b\n'), 'https://private.example')).toBeNull();
    expect(await fill(helper('protocol=http\nusername=a\npassword=b\n'), 'https://private.example')).toBeNull();
  });

  it('runs nothing for a URL with a line break', async () => {
    expect(await fill(helper('username=ann\npassword=one\n'), 'https://a.example\nhost=b.example')).toBeNull();
    expect(() => readFileSync(join(home, 'asked'))).toThrow('ENOENT');
  });
});

describe('parseGitCredential', () => {
  it.each([
    [
      'protocol=https\nhost=a.example\nusername=u\npassword=p\n',
      { prefix: 'https://a.example', login: 'u', password: 'p' },
    ],
    [
      'protocol=https\nhost=a.example\npath=x/y\nusername=u\npassword=p',
      { prefix: 'https://a.example/x/y', login: 'u', password: 'p' },
    ],
    [
      'protocol=https\nhost=a.example\nusername=u\npassword=p=q==\n',
      { prefix: 'https://a.example', login: 'u', password: 'p=q==' },
    ],
    ['protocol=https\nhost=a.example\npassword=p\n', { prefix: 'https://a.example', login: '', password: 'p' }],
    ['username=u\npassword=p\n', null],
    ['protocol=https\nhost=a.example\nusername=u\n', null],
    ['', null],
  ])('%j', (text, expected) => {
    expect(parseGitCredential(text)).toEqual(expected);
  });
});
