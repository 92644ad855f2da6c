/** What old and newer versions of the real go report of their environment, and what they write. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { envFileValue } from './env-file-lines.ts';
import { envCalls, GoCommand, overridesIn } from './go-env.ts';

const runner = new SystemProcessRunner(systemClock);
let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-go-env-'));
  file = join(home, 'env');
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

describe.each(goToolchains().map((one) => [one.version, one] as const))('%s', (version, toolchain) => {
  const isOld = version.startsWith('go1.19');
  const command = (env: Record<string, string> = {}) =>
    new GoCommand(toolchain, runner, { PATH: process.env.PATH, HOME: home, GOENV: file, ...env });

  async function read(env: Record<string, string> = {}) {
    const outcome = await command(env).readEnv();
    if (!outcome.ok) throw new Error(outcome.problem.key);
    return outcome.value;
  }

  it('has its defaults where nothing is set', async () => {
    const env = await read();
    expect(env).toMatchObject({ version, envFile: file, set: [], overrides: [] });
    expect(env.effective).toMatchObject({ GOPRIVATE: '', GOSUMDB: 'sum.golang.org' });
    expect(env.effective.GOPROXY).toMatch(/^https:\/\/proxy\.golang\.org,direct$/);
    expect(env.unknown).toEqual(isOld ? ['GOTOOLCHAIN', 'GOAUTH'] : []);
    expect(env.effective.GOAUTH).toBe(isOld ? '' : 'netrc');
  });

  it('prefers the environment to the file, and reports which of them sets a variable', async () => {
    writeFileSync(file, 'GOPROXY=https://a.example\nGOSUMDB=off\n');
    const env = await read({ GOPROXY: 'https://b.example', GOPRIVATE: '' });
    expect(env.effective).toMatchObject({ GOPROXY: 'https://b.example', GOSUMDB: 'off' });
    expect(env.set).toEqual(['GOPROXY', 'GOSUMDB']);
    expect(env.overrides).toEqual([{ variable: 'GOPROXY', value: 'https://b.example' }]);
  });

  it('finds GOTOOLCHAIN, although it runs with another value', async () => {
    writeFileSync(file, 'GOTOOLCHAIN=go1.23.0+path\n');
    expect((await read()).effective.GOTOOLCHAIN).toBe(isOld ? '' : 'go1.23.0+path');
    expect((await read({ GOTOOLCHAIN: 'path' })).effective.GOTOOLCHAIN).toBe(isOld ? '' : 'path');
  });

  it('writes several variables at once, and unsets one', async () => {
    const go = command();
    const calls = envCalls({ GOPROXY: 'https://a.example,direct', GOSUMDB: 'off', GOAUTH: 'off' }, go.unknown);
    for (const args of calls) expect(await go.change(args)).toMatchObject({ ok: true });
    expect(await read()).toMatchObject({ effective: { GOPROXY: 'https://a.example,direct', GOSUMDB: 'off' } });
    expect((await read()).effective.GOAUTH).toBe(isOld ? '' : 'off');
    for (const args of envCalls({ GOSUMDB: '' }, go.unknown)) await go.change(args);
    expect((await read()).effective.GOSUMDB).toBe('sum.golang.org');
    expect(readFileSync(file, 'utf8')).not.toContain('GOSUMDB');
  });

  it('unsets nothing without a file', async () => {
    expect(await command().change(['env', '-u', 'GOPROXY'])).toMatchObject({ ok: true });
  });

  it('reports why it did not write', async () => {
    expect(await command().change(['env', '-w', 'NOT_KNOWN=1'])).toMatchObject({
      ok: false,
      problem: { key: 'go-env-refused' },
    });
  });

  it('reads GOFLAGS from the file, and GOMODCACHE from go', async () => {
    writeFileSync(file, `GOFLAGS=-mod=mod\nGOMODCACHE=${home}/cache\n`);
    expect(await command().flagsInFile()).toBe('-mod=mod');
    expect(await command().moduleCache()).toBe(join(home, 'cache'));
  });

  it('has no file of its own with GOENV=off', async () => {
    expect(await command({ GOENV: 'off' }).flagsInFile()).toBe('');
    const envFile = await command({ GOENV: 'off' }).envFile();
    expect(envFile.ok && ['', 'off'].includes(envFile.value)).toBe(true);
  });

  it('reads a line as go does', async () => {
    const value = fc.stringMatching(/^[ -~]{0,20}$/);
    const line = fc.oneof(
      value.map((text) => `GOPRIVATE=${text}`),
      value.map((text) => `XGOPRIVATE=${text}`),
      fc.constantFrom('', '# GOPRIVATE=x', ' GOPRIVATE=x', 'GOPRIVATE'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
        writeFileSync(file, lines.join('\n'));
        const { effective, set } = await read();
        const own = envFileValue(lines.join('\n'), 'GOPRIVATE') ?? '';
        expect(effective.GOPRIVATE).toBe(own);
        expect(set.includes('GOPRIVATE')).toBe(own !== '');
      }),
      { numRuns: 25 },
    );
  });
});

describe('a go that does not work', () => {
  const broken = (script: string) => {
    const path = join(home, 'go');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return new GoCommand({ path, version: 'go1.24' }, runner, { PATH: '/usr/bin:/bin', HOME: home });
  };

  it.each([
    ['echo "not json"', 'go-env-refused'],
    ['echo "cannot find GOROOT" >&2; exit 2', 'go-env-refused'],
  ])('%s: %s', async (script, key) => {
    expect(await broken(script).readEnv()).toMatchObject({ ok: false, problem: { key } });
  });

  it('that does not exist', async () => {
    const gone = new GoCommand({ path: join(home, 'none'), version: 'go1.24' }, runner, { HOME: home });
    expect(await gone.readEnv()).toMatchObject({
      ok: false,
      problem: { key: 'go-broken', params: { detail: 'ENOENT' } },
    });
    expect(await gone.moduleCache()).toBe('');
  });

  it('that prints numbers instead of strings', async () => {
    const read = await broken(`echo '{"GOPROXY": 1, "GOENV": null}'`).readEnv();
    expect(read).toMatchObject({ ok: true, value: { envFile: '', effective: { GOPROXY: '' } } });
  });
});

describe('envCalls', () => {
  it('is empty for nothing, and leaves out variables this go does not know', () => {
    expect(envCalls({}, [])).toEqual([]);
    expect(envCalls({ GOAUTH: 'off' }, ['GOAUTH'])).toEqual([]);
    expect(envCalls({ GOPROXY: 'direct', GOSUMDB: '' }, [])).toEqual([
      ['env', '-w', 'GOPROXY=direct'],
      ['env', '-u', 'GOSUMDB'],
    ]);
  });

  it('treats empty environment variables as unset', () => {
    expect(overridesIn({ GOPROXY: '', GOSUMDB: 'off' })).toEqual([{ variable: 'GOSUMDB', value: 'off' }]);
  });
});
