/**
 * The family of 403, by the real `go` and by each part that judges it: the probe names it, the walk ends where `go` ends,
 * failover and lint leave a decision alone, explain reads what `go` printed. A refused region is not a
 * decision about the module: a mirror is the remedy.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import type { Fault } from '../../e2e/lab/fault.ts';
import { ForwardProxy } from '../../e2e/lab/forward-proxy.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import type { Cause } from '../../shared/domain/cause.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import { translator } from '../../shared/messages/messages.ts';
import { remedyText } from '../../shared/messages/remedies.ts';
import { explain } from '../explain/explain.ts';
import { InlinePool } from '../probe/inline-pool.ts';
import { lint } from '../profile/lint.ts';
import { systemClock } from '../system/clock.ts';
import { INITIAL_FAILOVER, reduceFailover } from '../verdict/failover.ts';
import { isRefusal } from '../verdict/refusal.ts';
import { type EntryView, walkModule } from '../verdict/walk.ts';

const PAGE =
  '<!DOCTYPE html><html><head><title>Web Filter Violation</title></head><body>FortiGuard: this site has been blocked</body></html>';

interface Member {
  readonly name: string;
  readonly host: 'proxy.golang.org' | 'goproxy.acme.test';
  readonly fault: Fault;
  /** What the probe finds. */
  readonly cause: Cause;
  /** What the words of `go` allow: a page never reaches them. */
  readonly read: readonly Cause[];
}

const FAMILY: readonly Member[] = [
  {
    name: 'the public proxy blocks the module',
    host: 'proxy.golang.org',
    fault: { type: 'refuse-module', path: FIXTURE_MODULE.path },
    cause: 'module-blocked',
    read: ['module-blocked'],
  },
  {
    name: 'the public proxy does not serve this place',
    host: 'proxy.golang.org',
    fault: { type: 'status', status: 403, body: 'This service is not available in your country.\n' },
    cause: 'region-blocked',
    read: ['region-blocked'],
  },
  {
    name: 'the storage of the public proxy does not serve this place',
    host: 'proxy.golang.org',
    fault: { type: 'refuse-zips' },
    cause: 'region-blocked',
    read: ['region-blocked'],
  },
  {
    name: 'a gatekeeper of the company refuses',
    host: 'goproxy.acme.test',
    fault: { type: 'status', status: 403 },
    cause: 'http-forbidden',
    read: ['http-forbidden'],
  },
  {
    name: 'a filter on the way shows its page for the public proxy',
    host: 'proxy.golang.org',
    fault: { type: 'status', status: 403, body: PAGE, headers: { 'content-type': 'text/html' } },
    cause: 'http-forbidden',
    read: ['http-forbidden', 'module-blocked'],
  },
];

const OTHER = 'mirror.acme.test';
const t = translator('en');
const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-refusals-'));
let lab: Lab;
let forward: ForwardProxy;
const servers = new Map<string, GoproxyServer>();

beforeAll(async () => {
  lab = await startLab();
  for (const host of ['proxy.golang.org', 'goproxy.acme.test', OTHER])
    servers.set(host, await lab.proxy({ host, transport: 'h1' }));
  forward = await ForwardProxy.start({
    kind: 'http',
    route: (host) => {
      const port = servers.get(host)?.port;
      return port === undefined ? null : { host: '127.0.0.1', port };
    },
  });
  writeFileSync(join(scratch, 'ca.pem'), lab.authority.ca);
});
afterEach(() => lab.reset());
afterAll(async () => {
  await forward.close();
  await lab.close();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});

/** `go mod download` of the module through a list, with an empty cache. */
function download(go: string, goproxy: string): Promise<{ readonly works: boolean; readonly said: string }> {
  const home = mkdtempSync(join(scratch, 'home-'));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOSUMDB: 'off',
    GOTOOLCHAIN: 'local',
    GOPROXY: goproxy,
    HTTPS_PROXY: forward.url,
    SSL_CERT_FILE: join(scratch, 'ca.pem'),
  };
  const args = ['mod', 'download', `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`];
  return new Promise((resolve) => {
    execFile(go, args, { cwd: home, env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ works: error === null, said: `${stdout}${stderr}` }),
    );
  });
}

async function probed({ host }: Member): Promise<Cause | null> {
  const url = servers.get(host)?.url ?? '';
  const result = await new InlinePool(systemClock).probe(
    {
      endpoint: { id: 'a', kind: 'goproxy', name: host, url, module: FIXTURE_MODULE },
      depth: 'full',
      limits: DEFAULT_LIMITS,
      network: { resolver: lab.dns.address, extraCa: [lab.authority.ca] },
    },
    new AbortController().signal,
  );
  return result.outcome === 'failed' ? result.failure.cause : null;
}

describe.each(FAMILY.map((member) => [member.name, member] as const))('%s', (_, member) => {
  const first = `https://${member.host}`;
  const second = `https://${OTHER}`;
  const down: EntryView = {
    endpointId: 'a',
    status: 'down',
    cause: member.cause,
    latencyMs: null,
    ofThisModule: member.cause === 'module-blocked',
  };
  const viewOf = (url: string): EntryView | null => {
    if (url === first) return down;
    return url === second ? { endpointId: 'b', status: 'up', cause: null, latencyMs: 1 } : null;
  };
  const walk = (goproxy: string) => walkModule({ goproxy, gonoproxy: '' }, FIXTURE_MODULE.path, viewOf);

  it('is named by the probe', async () => {
    await servers.get(member.host)?.setFault(member.fault);
    expect(await probed(member)).toBe(member.cause);
  });

  it.each(goToolchains().map(({ version, path }) => [version, path] as const))('is met by %s', async (_version, go) => {
    await servers.get(member.host)?.setFault(member.fault);
    for (const list of [first, `${first},${second}`, `${first}|${second}`]) {
      const { works, said } = await download(go, list);
      expect(works, `${list}: ${said}`).toBe(walk(list).outcome !== 'stops');
      if (works) continue;
      const [found] = explain(said);
      expect(member.read, said).toContain(found?.cause);
      expect(found?.host).toBe(member.host);
      const remedy = found === undefined ? '' : remedyText(t, found);
      if (isRefusal(member.cause)) expect(remedy).not.toMatch(/GOPROXY=|goproxy\.cn/);
      else expect(remedy).toMatch(/GOPROXY=https:\/\/goproxy\.cn/);
    }
  });

  it('is left alone where it is a decision, by failover and lint', () => {
    const profile = (id: string, goproxy: string) => ({
      profile: {
        id,
        name: id,
        explanation: '',
        builtIn: false,
        variables: { GOPROXY: goproxy },
        git: [],
        networks: [],
      },
      active: id === 'a',
      walk: walk(goproxy),
    });
    const { move } = reduceFailover(INITIAL_FAILOVER, {
      now: 0,
      enabled: true,
      allowed: ['a', 'b'],
      confirmedOutage: true,
      drifted: false,
      profiles: [profile('a', `${first},${second}`), profile('b', second)],
      effective: { GOSUMDB: 'sum.golang.org' },
    });
    expect(move?.to ?? null).toBe(isRefusal(member.cause) ? null : 'b');
    const found = lint({
      variables: { GOPROXY: `${first},${second}`, GOSUMDB: 'sum.golang.org' },
      goflags: '',
      git: [],
      viewOf,
      uptimeOf: () => null,
      proxies: [],
      privateHosts: [],
      goLines: null,
    }).map(({ rule }) => rule);
    if (isRefusal(member.cause)) expect(found).not.toContain('comma-after-flaky');
    else expect(found).toContain('comma-after-flaky');
  });
});
