/** Help, wrong usage, and what every command has in common: the form of errors, and an end that leaves nothing. */
import { describe, expect, it } from 'vitest';
import { useCommandLab } from '../../e2e/command-lab.ts';
import { watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import { version } from '../../package.json';

const cli = useCommandLab();
const { gopherbar, writeSettings, labSettings } = cli;

describe('help and wrong usage', () => {
  it('--help works everywhere, and lists the exit codes', async () => {
    const commands = [[], ['probe'], ['watch'], ['status'], ['profiles'], ['use'], ['undo'], ['hosts']];
    for (const { code, out } of await Promise.all(commands.map((one) => gopherbar(...one, '--help')))) {
      expect(code).toBe(0);
      expect(out).toMatch(/Usage: gopherbar/);
      expect(out).toMatch(/Exit codes: 0 ok; 1 unhealthy/);
    }
  });

  it('--version prints the version of the package', async () => {
    expect(await gopherbar('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each([
    [['nonsense'], /unknown command/],
    [['probe'], /missing argument/],
    [['probe', 'off'], /off/],
    [['probe', 'ftp://a.example'], /ftp/],
    [['probe', 'https://a,https://b'], /https:\/\/a,https:\/\/b/],
    [['probe', 'https://a.example', '--kind', 'smtp'], /smtp/],
    [['probe', 'https://a.example', '--module', 'no-version'], /no-version/],
    [['probe', 'https://a.example', '--resolve', 'a.example:443'], /a\.example:443/],
    [['probe', 'https://a.example', '--ca', '/no/such.pem'], /\/no\/such\.pem.*ENOENT/],
    [['use', 'no-such-profile'], /no-such-profile.*china-pipe/s],
    [['canary', 'no-version'], /no-version/],
    [['probe', 'x y', '--kind', 'vcs'], /golang\.org/],
    [['watch', '--for', 'soon'], /number above 0/],
  ])('rejects %j and does nothing', async (args, words) => {
    const { code, out, err } = await gopherbar(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
  });
});

it('hosts lists every contacted host', async () => {
  writeSettings(labSettings());
  const { code, out } = await gopherbar('hosts');
  expect(code).toBe(0);
  expect(out).toContain('127.0.0.1');
  expect(out).toMatch(/^https:\/\/1\.1\.1\.1\/dns-query +used by the doctor only/m);
  const columns = out
    .trimEnd()
    .split('\n')
    .map((line) => line.search(/(?<= {2})\S/));
  expect(new Set(columns).size).toBe(1);
});

it.each([
  [['undo']],
  [['use', 'nowhere']],
  [['diff', 'nowhere']],
  [['history', 'nowhere']],
  [['config', 'set', 'preferences.theme', 'pink']],
  [['config', 'unset', 'limits.softMs']],
  [['explain', '/nonexistent']],
  [['lint', '/nonexistent']],
  [['prefetch', '/nonexistent']],
  [['verify', 'nowhere']],
  [['doctor', 'a b']],
])('what goes wrong in %j has one form, on standard error', async (args) => {
  writeSettings(labSettings());
  const { code, err } = await gopherbar(...args);
  expect([1, 2]).toContain(code);
  expect(err).toMatch(/^gopherbar: \S/);
  expect(err).not.toContain('✗');
});

describe('the end of a command', () => {
  it.each([
    [['hosts']],
    [['profiles', '--json']],
    [['status', '--probe']],
    [['history']],
    [['diff', 'one']],
    [['lag', FIXTURE_MODULE.path]],
    [['why', FIXTURE_MODULE.path]],
    [['use', 'no-such-profile']],
  ])('%j leaves nothing that runs or writes', async (args) => {
    writeSettings(labSettings());
    const quiet = watchForQuiet(cli.home.folder);
    expect([0, 1, 2]).toContain((await gopherbar(...args)).code);
    await quiet.expectQuiet();
  });
});
