/** The hook in the real shells, and the start files that it is added to. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../../e2e/doubles/memory-terminal.ts';
import { SAMPLE_AT, sampleEndpoint, sampleSnapshot } from '../../../e2e/doubles/sample-snapshot.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';
import { openControl } from '../../composition/control.ts';
import type { ProfileService } from '../../engine/engine-api.ts';
import { dataFolder } from '../../system/files.ts';
import { silentLog } from '../../system/log.ts';
import { SHELLS, type Shell } from '../completion/scripts.ts';
import { hookScript } from './hook.ts';

let home: string;
let bin: string;
let socket: string;
let server: Server;

/** A program on the PATH of the shell under test. */
function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "gopherbar-it's-"));
  bin = join(home, 'bin');
  mkdirSync(bin);
  socket = join(home, 'control.sock');
  server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  program('gopherbar', 'echo "HINT $*" >&2');
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

const PLAIN: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['--norc', '--noprofile', '-i'],
  zsh: ['-f', '-i'],
  fish: ['--no-config', '-i'],
};
const env = (more: NodeJS.ProcessEnv = {}) => ({
  CODE: '1',
  PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
  HOME: home,
  TERM: 'dumb',
  ...more,
});

/** What an interactive shell prints in a pseudo-terminal for typed lines, the hook sourced first. */
function inTerminal(shell: Shell, lines: readonly string[], more: NodeJS.ProcessEnv = {}): string {
  writeFileSync(join(home, 'hook'), hookScript(shell, socket));
  return typeInto(shell, ['source "$HOME/hook"', ...lines], more);
}

function typeInto(shell: Shell, lines: readonly string[], more: NodeJS.ProcessEnv = {}): string {
  const { stdout } = spawnSync('script', ['-qec', [shell, ...PLAIN[shell]].join(' '), '/dev/null'], {
    cwd: home,
    env: env({ SHELL: '/bin/sh', ...more }),
    input: [...lines, 'exit 0', ''].join('\n'),
    encoding: 'utf8',
    timeout: 30_000,
  });
  return stdout;
}

const hints = (out: string) => out.match(/HINT shell hint/g)?.length ?? 0;

describe.each(SHELLS)('the hook in %s', (shell) => {
  beforeEach(() => program('go', 'exit "$CODE"'));

  it('speaks once after a failed go that downloads, and keeps the exit code', () => {
    const show = shell === 'fish' ? 'echo "code:$status"' : 'echo "code:$?"';
    const out = inTerminal(shell, ['go build ./...', show, 'true; env A=b go -C . mod download']);
    expect(hints(out)).toBe(2);
    expect(out).toMatch(/code:1\b/);
  });

  it('is silent after success, after other commands and after a signal', () => {
    const lines = ['env CODE=0 go build', 'false', 'go version', 'env CODE=130 go build', 'echo go build; false'];
    expect(hints(inTerminal(shell, lines))).toBe(0);
  });

  it('is silent in CI, and while no engine runs', async () => {
    expect(hints(inTerminal(shell, ['go build'], { CI: 'true' }))).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    expect(hints(inTerminal(shell, ['go build']))).toBe(0);
  });

  it('changes no byte and no code of forty command lines', () => {
    program('go', LOUD_GO);
    const lines = fortyLines(shell);
    expect(lines).toHaveLength(40);
    const run = (hook: string) => {
      // A pseudo-terminal holds 4 KB of typed lines.
      for (const at of [0, 20]) typeInto(shell, [hook, ...lines.slice(at, at + 20)]);
      const logged = readFileSync(join(home, 'log'), 'latin1');
      rmSync(join(home, 'log'));
      return logged;
    };
    writeFileSync(join(home, 'hook'), hookScript(shell, socket));
    const plain = run('true');
    expect(run('source "$HOME/hook"')).toBe(plain);
    // A shell skips the rest of a line whose command died of SIGINT.
    expect(plain.match(/ended \d+$/gm)).toHaveLength(39);
    expect(plain.length).toBeGreaterThan(500_000);
  });
});

/** Prints its arguments, whether it has terminals, and much more; ends as it is asked to. */
const LOUD_GO = `echo "out $*"; echo "err $*" >&2; [ -t 1 ] && echo tty; [ -t 2 ] && echo tty
case $2 in
  big) head -c 100000 /dev/zero | tr '\\0' x ;;
  cat) cat ;;
  kill) kill -\${3} $$ ;;
  code) exit $3 ;;
  wait) sleep 30 ;;
esac`;

function fortyLines(shell: Shell): readonly string[] {
  const code = shell === 'fish' ? '$status' : '$?';
  const last = shell === 'fish' ? '$last_pid' : '$!';
  const done = `echo "ended ${code}" >> log`;
  const lines = [
    ...['build', 'get', 'mod', 'install', 'run', 'test', 'list', 'vet', 'generate', 'work'].flatMap((sub) => [
      `go ${sub} code 0 >> log 2>&1`,
      `go ${sub} code 3 >> log 2>&1`,
    ]),
    ...['1', '2', '77', '125', '126', '255'].map((one) => `go build code ${one} >> log 2>&1`),
    ...['TERM', 'INT', 'KILL', 'HUP'].map((signal) => `go build kill ${signal} >> log 2>&1`),
    'go build big >> log 2>&1',
    'go test big 2>&1 | cat >> log',
    'go list big 2>/dev/null | tail -c 70000 >> log',
    'go mod big 2>&1 | head -c 10 >> log',
    'echo input | go run cat >> log 2>&1',
    'head -c 300000 /dev/zero | go run cat 2>/dev/null | tr "\\0" y >> log',
    'go build code 1 2>&1 | cat >> log',
    `go run wait > waiting 2>&1 & ; kill ${last}; wait ${last}`,
    `go build code 5 > background 2>&1 & ; wait ${last}`,
    'go build code 0 >> log 2>&1 && go vet code 4 >> log 2>&1',
  ];
  // Only fish and zsh take a semicolon after the ampersand.
  return lines.map((line) => `${shell === 'bash' ? line.replace('& ;', '&') : line}; ${done}`);
}

describe('gopherbar shell', () => {
  const run = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    new MemoryTerminal({ env: { HOME: home, SHELL: '/bin/zsh', ...more } }).run(['shell', ...args]);

  it.each(SHELLS)('init prints a script that %s accepts', async (shell) => {
    const { code, out } = await run(['init', shell]);
    const file = join(home, 'script');
    writeFileSync(file, out);
    const checked = spawnSync(shell, [shell === 'fish' ? '--no-execute' : '-n', file], { encoding: 'utf8' });
    expect({ code, status: checked.status, stderr: checked.stderr }).toEqual({ code: 0, status: 0, stderr: '' });
    expect((await run(['init', 'tcsh'])).code).toBe(2);
  });

  it('install and uninit restore bytes, mode and links', async () => {
    const real = join(home, 'dotfiles-zshrc');
    const before = Buffer.from([0xff, 0x0d, 0x0a, 0x61]);
    writeFileSync(real, before);
    chmodSync(real, 0o640);
    linkSync(real, join(home, 'second-name'));
    symlinkSync('dotfiles-zshrc', join(home, '.zshrc'));
    expect((await run(['install'])).code).toBe(0);
    expect(readFileSync(real, 'latin1')).toContain('_gopherbar_precmd');
    expect((await run(['install'])).out).toContain('up to date');
    expect((await run(['uninit'])).code).toBe(0);
    expect(readFileSync(real)).toEqual(before);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(statSync(real).nlink).toBe(2);
    expect(lstatSync(join(home, '.zshrc')).isSymbolicLink()).toBe(true);
    expect((await run(['uninit'])).out).toContain('No start file');
  });

  it('removes a file that it created, and changes none that is damaged or is no file', async () => {
    const file = join(home, '.config', 'fish', 'config.fish');
    expect((await run(['install', 'fish'])).code).toBe(0);
    execFileSync('fish', ['--no-execute', file]);
    expect((await run(['uninit', 'fish'])).code).toBe(0);
    expect(existsSync(file)).toBe(false);
    writeFileSync(join(home, '.zshrc'), '# >>> gopherbar shell >>>\n');
    expect((await run(['install'])).err).toContain('half');
    expect(readFileSync(join(home, '.zshrc'), 'utf8')).toBe('# >>> gopherbar shell >>>\n');
    mkdirSync(join(home, '.bashrc'));
    expect((await run(['install', 'bash'])).code).toBe(1);
  });

  it.each([
    ['down', 'en', /^gopherbar: .*first.* → gopherbar doctor\n$/],
    ['offline', 'zh-CN', /^gopherbar：.* → gopherbar doctor\n$/],
    ['healthy', 'en', /^$/],
    ['paused', 'en', /^$/],
  ] as const)('hint says what a running engine knows: %s', async (severity, language, line) => {
    const folder = dataFolder(process.platform, { HOME: home });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const plain = sampleSnapshot({ endpoints: [sampleEndpoint('first', { status: 'down' })] });
    const verdict: Verdict = {
      ...plain.verdict,
      name: 'upstream-outage',
      severity,
      since: SAMPLE_AT,
      endpointId: 'first',
      cause: 'connection-reset',
    };
    const control = await openControl(
      { folder, log: silentLog },
      {
        snapshot: () => ({ ...plain, verdict }),
        profiles: {} as ProfileService,
      },
    );
    try {
      const said = await new MemoryTerminal({ env: { HOME: home }, language }).run(['shell', 'hint']);
      expect(said).toEqual({ code: 0, out: '', err: expect.stringMatching(line) });
    } finally {
      await control.close();
    }
    expect(await run(['hint'])).toEqual({ code: 0, out: '', err: '' });
  });
});
