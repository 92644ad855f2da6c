/** `gopherbar probe`, `lag` and `canary` against servers of the lab. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ended, MODULE, useCommandLab } from '../../e2e/command-lab.ts';
import { expectSchema } from '../../e2e/expect-schema.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';

const cli = useCommandLab();
const { gopherbar, inEnvironment, begin, writeSettings } = cli;

describe('probe', () => {
  const parse = (text: string) => {
    const json = JSON.parse(text);
    expectSchema('probe', json);
    return json;
  };

  it('--json of a proxy that works follows the schema', async () => {
    const { code, out } = await gopherbar('probe', `http://127.0.0.1:${cli.plain.port}`, '--module', MODULE, '--json');
    const json = parse(out);
    expect(code).toBe(0);
    expect(json).toMatchObject({ schema: 1, kind: 'goproxy', outcome: 'ok', cause: null, phase: null, tls: null });
    expect(Object.keys(json.phases)).toEqual(['connect', 'request', 'response', 'body', 'verify']);
    expect(json.steps.map(({ name }: { name: string }) => name)).toEqual([
      'info',
      'list',
      'mod',
      'zip',
      'sumdb-relay',
      'latest',
      'missing',
    ]);
  });

  it('--ca and --resolve reach a name that no resolver knows, over HTTP/2', async () => {
    const host = 'made.up.example';
    const server = await cli.lab.proxy({ host, transport: 'h2' });
    const pin = ['--resolve', `${host}:443:127.0.0.1`, '--resolve', `${host}:${server.port}:127.0.0.1`];
    const url = `https://${host}:${server.port}`;
    const { code, out } = await gopherbar(
      'probe',
      url,
      '--ca',
      cli.caFile,
      ...pin,
      '--light',
      '--module',
      MODULE,
      '--json',
    );
    const json = parse(out);
    expect(code).toBe(0);
    expect(json).toMatchObject({ depth: 'light', protocol: 'h2', tls: { alpn: 'h2', trust: 'extra' } });
    expect(Object.keys(json.phases)).toEqual(['connect', 'tls', 'request', 'response', 'body', 'verify']);
    expect(json.steps).toHaveLength(1);
  });

  it('--resolver queries that server, and the lookup is a phase', async () => {
    const url = `https://secure.lab:${cli.secure.port}`;
    const args = ['--ca', cli.caFile, '--resolver', cli.lab.dns.address, '--module', MODULE, '--json'];
    const json = parse((await gopherbar('probe', url, ...args)).out);
    expect(json).toMatchObject({ outcome: 'ok', remote: { address: '127.0.0.1', port: cli.secure.port } });
    expect(json.phases.dns).toBeGreaterThan(0);
  });

  it('an untrusted certificate is a failure with its cause', async () => {
    const url = `https://127.0.0.1:${cli.secure.port}`;
    const { code, out } = await gopherbar('probe', url, '--json');
    expect(code).toBe(1);
    expect(parse(out)).toMatchObject({ outcome: 'failed', cause: 'tls-unknown-authority', phase: 'tls' });
  });

  it('describes what failed and what helps, in both languages', async () => {
    await cli.plain.setFault({ type: 'drop-request', how: 'fin' });
    const url = `http://127.0.0.1:${cli.plain.port}`;
    const english = await gopherbar('probe', url, '--module', MODULE);
    expect(english.code).toBe(1);
    expect(english.out).toMatch(/eof-no-response @ response/);
    expect(english.out).toMatch(/→ /);
    expect(english.out).not.toMatch(/\n\n\n|undefined|\[\d+m/);
    const chinese = await gopherbar('--lang', 'zh-CN', 'probe', url, '--module', MODULE);
    expect(chinese.out).toMatch(/[\u4e00-\u9fff]/);
    expect(await ended(begin(['probe', url, '--module', MODULE], { LANG: 'zh_CN.UTF-8' }))).toMatchObject({
      out: expect.stringMatching(/[\u4e00-\u9fff]/),
    });
  });

  it('keeps credentials out of everything it prints', async () => {
    const { out, err } = await gopherbar(
      'probe',
      `http://me:s3cret@127.0.0.1:${cli.plain.port}`,
      '--module',
      MODULE,
      '--json',
    );
    expect(out + err).not.toContain('s3cret');
  });

  it('Ctrl-C cancels: outcome cancelled, exit 130', async () => {
    await cli.plain.setFault({ type: 'drop-request', how: 'hang' });
    const before = cli.plain.requests.length;
    const child = begin(['probe', `http://127.0.0.1:${cli.plain.port}`, '--module', MODULE, '--json']);
    const result = ended(child);
    while (cli.plain.requests.length === before) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, out } = await result;
    expect(code).toBe(130);
    expect(parse(out)).toMatchObject({ outcome: 'cancelled', cause: null });
  });
});

describe('probe of every kind, and the canary', () => {
  const run = async (...args: string[]) => {
    const { code, out, err } = await gopherbar(...args, '--json');
    const json = JSON.parse(out || `{"err":${JSON.stringify(err)}}`);
    expectSchema('probe', json);
    return { code, json };
  };

  it('sumdb, by its base and key, or as GOSUMDB writes it', async () => {
    const base = `http://127.0.0.1:${cli.plain.port}/sumdb/sum.example.test`;
    const module = ['--module', MODULE];
    const byBase = await run('probe', base, '--kind', 'sumdb', '--key', FIXTURE_SUMDB, ...module);
    expect(byBase).toMatchObject({ code: 0, json: { kind: 'sumdb', outcome: 'ok' } });
    const byValue = await run('probe', `${FIXTURE_SUMDB} ${base}`, '--kind', 'sumdb', ...module);
    expect(byValue).toMatchObject({ code: 0, json: { outcome: 'ok' } });
  });

  it('dns and forward-proxy and vcs', async () => {
    const dns = await run('probe', cli.lab.dns.address, '--kind', 'dns', '--target', 'nowhere.lab');
    expect(dns).toMatchObject({ code: 1, json: { kind: 'dns', cause: 'dns-no-such-host' } });
    const forward = await run('probe', '127.0.0.1:1', '--kind', 'forward-proxy');
    expect(forward).toMatchObject({ code: 1, json: { cause: 'forward-proxy-unreachable', phase: 'connect' } });
    const vcs = await run('probe', `http://127.0.0.1:${cli.plain.port}/x/y`, '--kind', 'vcs');
    expect(vcs).toMatchObject({ code: 1, json: { cause: 'go-import-missing' } });
  });

  it('says which forward proxy go itself would use', async () => {
    const env = { HTTP_PROXY: 'http://me:s3cret@127.0.0.1:7890' };
    const { out } = await inEnvironment(
      env,
      'probe',
      'http://nobody.invalid',
      '--resolve',
      'nobody.invalid:80:127.0.0.1',
      '--json',
    );
    expect(JSON.parse(out).forwardProxyOfGo).toBe('http://me:xxxxx@127.0.0.1:7890');
  });

  it('lag compares the proxies of the settings', async () => {
    writeSettings({
      endpoints: [{ url: `http://127.0.0.1:${cli.plain.port}` }, { url: 'http://127.0.0.1:1', id: 'gone' }],
    });
    const { code, out } = await gopherbar('lag', FIXTURE_MODULE.path, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      modules: [
        {
          module: FIXTURE_MODULE.path,
          proxies: [
            { newest: 'v1.1.0', versionsBehind: 0, hoursBehind: 0 },
            { endpointId: 'gone', newest: null },
          ],
        },
      ],
    });
    expect((await gopherbar('lag', '../..')).code).toBe(2);
  });

  it('experiments on a failure when asked to', async () => {
    await cli.plain.setFault({ type: 'refuse' });
    const { json } = await run('probe', `http://127.0.0.1:${cli.plain.port}`, '--other-proxy', 'http://127.0.0.1:1');
    expect(json.evidence.experiments).toEqual([
      { variable: 'through-proxy', tries: 3, unchanged: 0, changed: 0, value: 'http://127.0.0.1:1' },
    ]);
  });

  it('canary, with the effective settings and with a profile', async () => {
    writeSettings({
      profiles: [
        {
          id: 'lab',
          name: 'Lab',
          variables: { GOPROXY: `http://127.0.0.1:${cli.plain.port}`, GOSUMDB: FIXTURE_SUMDB },
        },
      ],
    });
    writeFileSync(cli.home.goEnvFile, 'GOPROXY=off\n');
    expect(await run('canary', MODULE)).toMatchObject({ code: 1, json: { kind: 'module', cause: 'goproxy-off' } });
    expect(await run('canary', MODULE, '--profile', 'lab')).toMatchObject({ code: 0, json: { outcome: 'ok' } });
    const several = await gopherbar('canary', MODULE, 'example.test/hello@v9.9.9', '--profile', 'lab', '--json');
    expect(several.code).toBe(1);
    expect(JSON.parse(several.out).results).toMatchObject([{ outcome: 'ok' }, { outcome: 'failed' }]);
    const shown = await gopherbar('canary', MODULE, '--profile', 'lab');
    expect(shown.out).toMatch(/● module:\/\/example\.test/);
  });
});
