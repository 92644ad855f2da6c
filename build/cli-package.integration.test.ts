/** The npm package: packed, installed into an empty prefix, and used there. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { layOutCliPackage } from './cli-package.mjs';

let folder: string;
let installed: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-npm-'));
  await layOutCliPackage(join(folder, 'package'));
  for (const name of ['prefix', 'home']) mkdirSync(join(folder, name));
  // npm's own files stay in the scratch folder, and nothing is fetched.
  const env = { PATH: process.env.PATH, HOME: join(folder, 'home') };
  const npm = (args: readonly string[]) =>
    execFileSync('npm', args, { cwd: join(folder, 'package'), env, encoding: 'utf8' });
  const tarball = npm(['pack', '--silent', '--pack-destination', folder]).trim();
  npm(['install', '--global', '--offline', '--no-audit', '--prefix', join(folder, 'prefix'), join(folder, tarball)]);
  installed = join(folder, 'prefix', 'lib', 'node_modules', 'gopherbar');
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the installed command. */
function gopherbar(args: readonly string[], input = '') {
  const path = [join(process.execPath, '..'), process.env.PATH].join(':');
  const env = { PATH: path, HOME: join(folder, 'home'), GOENV: 'off', GOPROXY: 'off' };
  return spawnSync(join(folder, 'prefix', 'bin', 'gopherbar'), args, {
    env,
    input,
    cwd: join(folder, 'home'),
    encoding: 'utf8',
  });
}

it('holds the command, its workers and the manual page; nothing to install besides', () => {
  const files = readdirSync(installed, { recursive: true }).map(String);
  expect(files).toEqual(
    expect.arrayContaining([
      'cli/gopherbar.cjs',
      'man/gopherbar.1',
      'LICENSE',
      'LICENCES-OF-LIBRARIES.txt',
      'README.md',
    ]),
  );
  expect(readdirSync(join(installed, 'main')).toSorted()).toEqual([
    'history-worker.cjs',
    'probe-worker.cjs',
    'traffic-worker.cjs',
  ]);
  expect(files.filter((file) => /electron|node_modules|\.map$|\.ts$/.test(file))).toEqual([]);
  const own = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(own).toMatchObject({ version: manifest.version, license: manifest.license });
  expect(own.dependencies).toBeUndefined();
  const bytes = files.reduce((sum, file) => sum + statSync(join(installed, file)).size, 0);
  expect(bytes).toBeLessThan(8_000_000);
});

it('says its version, and its commands', () => {
  expect(gopherbar(['--version']).stdout).toBe(`${manifest.version}\n`);
  expect(gopherbar(['--help']).stdout).toMatch(/^ +ci \[options\]/m);
  expect(gopherbar(['no-such-command']).status).toBe(2);
});

it('explains, checks and runs a step, as a pipeline calls it', () => {
  const eof = 'go: example.test/a@v1.0.0: Get "https://proxy.golang.org/example.test/a/@v/v1.0.0.zip": EOF\n';
  expect(gopherbar(['explain'], eof).stdout).toContain('proxy.golang.org');
  expect(gopherbar(['ci', '--', 'sh', '-c', 'echo out; echo err >&2'])).toMatchObject({
    status: 0,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect(gopherbar(['ci', '--', 'false']).status).toBe(1);
});

it('starts its worker threads from where it is installed', () => {
  // A port where nothing listens: the probe fails, in its worker.
  const settings = join(folder, 'home', '.local', 'share', 'gopherbar');
  mkdirSync(settings, { recursive: true });
  const endpoints = [{ url: 'http://127.0.0.1:9', name: 'closed' }];
  writeFileSync(join(settings, 'settings.json'), JSON.stringify({ builtInProfiles: false, endpoints }));
  const { status, stdout, stderr } = gopherbar(['watch', '--for', '2']);
  expect(stdout + stderr).toContain('closed');
  expect(stdout + stderr).not.toContain('Cannot find module');
  expect(status).not.toBe(2);
});
