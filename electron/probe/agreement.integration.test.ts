/**
 * The probe and the real go, old and newer, meet the same servers: they agree on whether it works, fault by fault. Where they
 * may not agree is listed in docs/agreement.md, with the reason.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { FAULTS } from '../../e2e/lab/fault.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { CanaryPool } from './canary-pool.ts';
import { InlinePool } from './inline-pool.ts';

const home = mkdtempSync(join(tmpdir(), 'gopherbar-agreement-'));
const soft = { dialMs: 1_000, tlsMs: 1_000, headerMs: 1_000, totalMs: 5_000 };
const limits = { soft, hard: { dialMs: 500, tlsMs: 500, headerMs: 500, totalMs: 1_500 } };
const caFile = join(home, 'ca.pem');
let lab: Lab;
const servers = new Map<string, GoproxyServer>();

beforeAll(async () => {
  lab = await startLab();
  writeFileSync(caFile, lab.authority.ca);
  for (const transport of ['http', 'h1', 'h2'] as const) {
    servers.set(transport, await lab.proxy({ host: `${transport}.lab`, transport }));
  }
});
afterEach(() => lab.reset());
afterAll(async () => {
  await lab.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const faults = Object.entries(FAULTS).flatMap(([name, { fault, transports, cause }]) =>
  transports.map((transport) => [`${name} over ${transport}`, transport, fault, cause] as const),
);

describe.each(goToolchains().map((one) => [one.version, one] as const))('%s and the probe', (_version, toolchain) => {
  async function both(server: GoproxyServer) {
    const url = server.url.replace(server.host, '127.0.0.1');
    const pool = new CanaryPool(new InlinePool(systemClock), systemClock, {
      runner: new SystemProcessRunner(systemClock),
      env: {
        PATH: process.env.PATH,
        HOME: home,
        GOENV: 'off',
        GOPROXY: url,
        GOSUMDB: 'off',
        GOTOOLCHAIN: 'local',
        SSL_CERT_FILE: caFile,
      },
      findGo: async () => ({ ok: true, go: toolchain }),
    });
    const signal = new AbortController().signal;
    const request = { depth: 'full', limits, network: { extraCa: [lab.authority.ca] } } as const;
    const endpoint = { id: 'x', name: 'x', module: FIXTURE_MODULE } as const;
    const probed = await pool.probe({ ...request, endpoint: { ...endpoint, kind: 'goproxy', url } }, signal);
    const hard = { ...limits.hard, totalMs: 2_500 };
    const canary = { ...endpoint, kind: 'module', url: 'module://x', limits: { hard } } as const;
    const downloaded = await pool.probe({ ...request, endpoint: canary }, signal);
    return [probed.outcome, downloaded.outcome];
  }

  it.each(['http', 'h1', 'h2'])('agree that a healthy server over %s is well', async (transport) => {
    expect(await both(servers.get(transport) as GoproxyServer)).toEqual(['ok', 'ok']);
  });

  it.each(faults)('agree on %s', async (_name, transport, fault) => {
    const server = servers.get(transport) as GoproxyServer;
    await server.setFault(fault);
    expect(await both(server)).toEqual(['failed', 'failed']);
  });
});
