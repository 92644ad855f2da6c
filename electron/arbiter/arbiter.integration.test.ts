/** The arbiter with the real go, old and new, real zips and a signed record. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import { openHttpClient } from '../composition/http-client.ts';
import { CanaryPool } from '../probe/canary-pool.ts';
import { InlinePool } from '../probe/inline-pool.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { arbitrate } from './arbiter.ts';
import { hashInGoSum } from './judge-hashes.ts';

const home = mkdtempSync(join(tmpdir(), 'gopherbar-arbiter-'));
const sums = readFileSync(join(import.meta.dirname, '../../e2e/lab/fixtures/goproxy/go.sum'), 'utf8');
const recorded = hashInGoSum(sums, FIXTURE_MODULE);
const client = openHttpClient({}, DEFAULT_LIMITS, systemClock);
let lab: Lab;
let first: GoproxyServer;
let second: GoproxyServer;

beforeAll(async () => {
  lab = await startLab();
  first = await lab.proxy({ host: 'first.lab', transport: 'http' });
  second = await lab.proxy({ host: 'second.lab', transport: 'http' });
  writeFileSync(join(home, 'goenv'), '');
});
afterEach(() => lab.reset());
afterAll(async () => {
  await client.close();
  await lab.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const url = ({ port }: GoproxyServer) => `http://127.0.0.1:${port}`;

describe.each(goToolchains().map((one) => [one.version, one] as const))('%s', (_version, go) => {
  function ask(goSum: string | null = recorded) {
    const env = { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local' };
    const tools = {
      runner: new SystemProcessRunner(systemClock),
      env,
      findGo: async () => ({ ok: true, go }) as const,
    };
    return arbitrate({
      module: FIXTURE_MODULE,
      goSum,
      gosumdb: `${FIXTURE_SUMDB} ${url(second)}/sumdb/sum.example.test`,
      sources: [url(first), url(second)],
      pool: new CanaryPool(new InlinePool(systemClock), systemClock, tools),
      client,
      limits: DEFAULT_LIMITS,
      network: {},
      signal: new AbortController().signal,
    });
  }

  it('all agree with the signed record', async () => {
    expect(await ask()).toMatchObject({ verdict: 'all-agree', record: { ok: true, hash: recorded }, wrong: [] });
  });

  it('a mirror with another zip is named', async () => {
    await first.setFault({ type: 'other-zip' });
    const { verdict, wrong, copies } = await ask();
    expect({ verdict, wrong }).toEqual({ verdict: 'bad-mirror', wrong: [url(first)] });
    expect(copies[0]?.hash).toMatch(/^h1:/);
    expect(copies[0]?.hash).not.toBe(recorded);
  });

  it('the same wrong zip from every source is no accident', async () => {
    await first.setFault({ type: 'other-zip' });
    await second.setFault({ type: 'other-zip' });
    expect(await ask()).toMatchObject({ verdict: 'tampering' });
  });

  it('a line of go.sum that no source agrees with', async () => {
    expect(await ask('h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')).toMatchObject({ verdict: 'go-sum-wrong' });
  });

  it('a mirror that is down is left out', async () => {
    await first.setFault({ type: 'status', status: 502 });
    expect(await ask()).toMatchObject({
      verdict: 'all-agree',
      copies: [{ hash: null, cause: 'http-server-error' }, { hash: recorded }],
    });
  });
});
