/** Profiles from the command line: what a switch would change, the switch, undo, and what is in effect. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, useCommandLab } from '../../e2e/command-lab.ts';
import { expectSchema } from '../../e2e/expect-schema.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';

const cli = useCommandLab();
const { gopherbar, inEnvironment, begin, writeSettings, labSettings } = cli;

describe('profiles, use and undo', () => {
  const goenv = () => readFileSync(cli.home.goEnvFile, 'utf8');

  it('shows a switch before it is made, and undoes several at once', async () => {
    writeSettings(labSettings());
    writeFileSync(cli.home.goEnvFile, 'GOPROXY=https://u:secret@old.test\n');
    const { code, out } = await gopherbar('diff', 'two');
    expect(code).toBe(0);
    expect(out).toContain('- https://u:xxxxx@old.test');
    expect(out).toContain(`+ http://127.0.0.1:${cli.plain.port}|two`);
    expect(out).toMatch(/\$ go env -w /);
    expect(goenv()).toBe('GOPROXY=https://u:secret@old.test\n');
    const json = await gopherbar('diff', 'two', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ schema: 1, profile: 'two', variables: [{ name: 'GOPROXY' }, {}] });
    expect(json.out).not.toContain('secret');
    for (const name of ['one', 'two', 'one']) await gopherbar('use', name);
    expect((await gopherbar('undo', '--steps', '9')).code).toBe(0);
    expect(goenv()).toBe('GOPROXY=https://u:secret@old.test\n');
  });

  it('walks the list for a module: found, missing, private, and stopped by a comma', async () => {
    writeSettings(labSettings());
    const [good, bad] = [`http://127.0.0.1:${cli.plain.port}`, 'http://127.0.0.1:1'];
    const why = async (list: string, module: string = FIXTURE_MODULE.path, more: Record<string, string> = {}) => {
      const env = { GOPROXY: list, GOSUMDB: FIXTURE_SUMDB, ...more };
      const { code, out } = await ended(begin(['why', module, '--json'], env));
      return { code, ...JSON.parse(out) };
    };
    expect(await why(good)).toMatchObject({ code: 0, walk: { outcome: 'works' } });
    expect(await why(`${bad}|${good}`)).toMatchObject({ code: 0, walk: { outcome: 'fell-back', endsAt: 1 } });
    expect(await why(`${bad},${good}`)).toMatchObject({ code: 1, walk: { outcome: 'stops', endsAt: 0 } });
    const missing = await why(good, 'example.test/no-such-module');
    expect(missing).toMatchObject({ code: 1, walk: { steps: [{ cause: 'module-not-found' }] } });
    const inside = await why(good, FIXTURE_MODULE.path, { GOPRIVATE: 'example.test' });
    expect(inside).toMatchObject({ private: true, walk: { steps: [{ text: 'direct' }] } });
    expect((await gopherbar('why', 'no module')).code).toBe(2);
  });

  it('lints the effective settings, and says how to fix them', async () => {
    writeSettings(labSettings());
    const env = { GOPROXY: `http://127.0.0.1:1,http://127.0.0.1:${cli.plain.port}`, https_proxy: 'http://127.0.0.1:2' };
    const { code, out } = await ended(begin(['lint', '--json'], env));
    expect(code).toBe(1);
    const { findings } = JSON.parse(out) as { findings: { rule: string; commands: string[] }[] };
    const rules = findings.map(({ rule }) => rule);
    expect(rules).toEqual(
      expect.arrayContaining(['comma-after-flaky', 'entry-down', 'proxy-env-dead', 'direct-missing']),
    );
    const comma = findings.find(({ rule }) => rule === 'comma-after-flaky');
    expect(comma?.commands[0]).toContain(`GOPROXY=http://127.0.0.1:1|http://127.0.0.1:${cli.plain.port}`);
    expect((await gopherbar('lint', join(cli.home.folder, 'nowhere'))).code).toBe(1);
  });

  it('lists what a project would fetch, as text and as JSON of the published schema', async () => {
    writeSettings(labSettings());
    const { path, version } = FIXTURE_MODULE;
    mkdirSync(join(cli.home.folder, 'app'));
    writeFileSync(join(cli.home.folder, 'app', 'go.mod'), `module a.example/app\nrequire ${path} ${version}\n`);
    writeFileSync(join(cli.home.folder, 'app', 'go.sum'), `${path} ${version} h1:x=\n`);
    const env = { GOPROXY: `http://127.0.0.1:${cli.plain.port}`, GOPRIVATE: 'none.test' };
    const { out } = await ended(begin(['preflight', join(cli.home.folder, 'app'), '--json'], env));
    expectSchema('preflight', JSON.parse(out));
    expect(JSON.parse(out)).toMatchObject({ missing: [{ path, version, fate: 'fetched' }] });
    const words = await ended(begin(['preflight', join(cli.home.folder, 'app')], env));
    expect(words.out).toContain('1 to fetch');
    expect((await gopherbar('preflight', cli.home.folder)).err).toContain('go.mod');
  });

  it('shows which value wins, without passwords', async () => {
    writeFileSync(cli.home.goEnvFile, 'GOPROXY=https://file.test\n');
    const env = { GOPROXY: 'https://u:secret@loud.test', SHELL: '/bin/sh' };
    const { code, out } = await ended(begin(['effective', '--json'], env));
    expect(code).toBe(1);
    expect(out).not.toContain('secret');
    const { contexts } = JSON.parse(out) as { contexts: { id: string; values: { name: string }[] }[] };
    const own = contexts.find(({ id }) => id === 'app')?.values.find(({ name }) => name === 'GOPROXY');
    expect(own).toMatchObject({
      value: 'https://u:xxxxx@loud.test',
      layers: [{ layer: 'environment' }, { layer: 'go-env-file' }],
    });
    expect((await ended(begin(['effective'], env))).out).toContain('unset GOPROXY');
  });

  it('lists, switches by id, by name in either language and by prefix, and undoes to the byte', async () => {
    writeSettings(labSettings());
    writeFileSync(cli.home.goEnvFile, '# mine\nGOPROXY=direct\n');
    expect(JSON.parse((await gopherbar('profiles', '--json')).out)).toMatchObject({
      schema: 1,
      go: { state: 'found' },
      profiles: [
        { id: 'one', active: false },
        { id: 'two', active: false },
      ],
    });
    for (const name of ['one', 'Profile two', '配置 one', 'tw']) {
      const { code, out } = await gopherbar('use', name);
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(out).toMatch(/go env -w/);
    }
    expect(goenv()).toContain(`GOPROXY=http://127.0.0.1:${cli.plain.port}|two`);
    expect(JSON.parse((await gopherbar('profiles', '--json')).out).profiles[1]).toMatchObject({ active: true });
    for (let i = 0; i < 4; i++) expect((await gopherbar('undo')).code).toBe(0);
    expect(goenv()).toBe('# mine\nGOPROXY=direct\n');
    expect(await gopherbar('undo')).toMatchObject({ code: 1, out: '' });
  });

  it('record the same events in the history as the app', async () => {
    writeSettings(labSettings());
    const events = async () =>
      JSON.parse((await gopherbar('history', '--json')).out).events.map(
        ({ kind, detail }: { kind: string; detail: string }) => `${kind} ${detail}`,
      );
    await gopherbar('use', 'one');
    await gopherbar('use', 'two');
    await gopherbar('undo');
    expect(await events()).toEqual(['undone two', 'switched two', 'switched one']);
    await gopherbar('use', 'two');
    await gopherbar('undo', '--steps', '2');
    expect((await events()).slice(0, 2)).toEqual(['undone one', 'switched two']);
    // A refused switch was not made.
    await gopherbar('undo');
    expect(await events()).toHaveLength(5);
  });

  it('names an unreadable journal, and undoes nothing', async () => {
    writeSettings(labSettings());
    await gopherbar('use', 'one');
    const before = goenv();
    const journal = join(cli.home.dataFolder, 'profile', 'switches.json');
    rmSync(journal);
    mkdirSync(journal);
    const { code, err } = await gopherbar('undo');
    expect(code).toBe(1);
    expect(err).toContain(journal);
    expect(err).not.toMatch(/no switch to undo/);
    expect(goenv()).toBe(before);
  });

  it('refuses a value of the process environment, and says what to do', async () => {
    writeSettings(labSettings());
    const { code, err } = await inEnvironment({ GOPROXY: 'off' }, 'use', 'one');
    expect(code).toBe(1);
    expect(err).toMatch(/GOPROXY/);
  });

  it('without go: says so', async () => {
    writeSettings({ ...labSettings(), go: { path: join(cli.home.folder, 'no-go') } });
    const { code, err } = await gopherbar('use', 'one');
    expect(code).toBe(1);
    expect(err).toMatch(/no-go/);
  });
});
