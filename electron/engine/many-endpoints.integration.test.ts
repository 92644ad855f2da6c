import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, it, onTestFinished } from 'vitest';
import { startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import { openCore } from '../composition/core.ts';
import { enginePorts } from '../composition/engine.ts';
import { silentLog } from '../system/log.ts';
import { startEngine } from './engine.ts';

const ENDPOINTS = 200;
/** A quarter of the default, so that a minute becomes a quarter of one. */
const TOTAL_MS = 3_750;

it('judges 200 endpoints of which every fourth hangs within a minute, and stays quick to ask', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gopherbar-many-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const lab = await startLab();
  onTestFinished(() => lab.close());
  // Hosts of their own: what one host fails says nothing about another.
  const healthy = await lab.proxy({ host: 'healthy.lab', transport: 'http' });
  const silent = await lab.proxy({ host: 'silent.lab', transport: 'http' });
  await silent.setFault({ type: 'drop-request', how: 'hang' });
  const hangs = (index: number) => index % 4 === 0;
  const endpoints = Array.from({ length: ENDPOINTS }, (_, index) => {
    const { url } = hangs(index) ? silent : healthy;
    return { id: `e${index}`, url, module: FIXTURE_MODULE };
  });
  const limits = { hard: { dialMs: TOTAL_MS, tlsMs: TOTAL_MS, headerMs: TOTAL_MS, totalMs: TOTAL_MS } };
  const settings = { builtInProfiles: false, watchedModules: [], endpoints, limits };
  await writeFile(
    join(folder, 'settings.json'),
    JSON.stringify({ ...settings, network: { resolver: lab.dns.address } }),
  );
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOPATH: join(folder, 'go') };
  // In threads of their own, as in the app.
  const core = await openCore(folder, env, silentLog);
  const ports = await enginePorts(core);
  const began = performance.now();
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  const engine = await startEngine({ ...ports, hasNetworkPath: () => true });
  try {
    const wanted = endpoints.map((_, index) => (hangs(index) ? 'down' : 'up'));
    await expect
      .poll(() => engine.snapshot().endpoints.map(({ status }) => status), { timeout: 60_000, interval: 100 })
      .toEqual(wanted);
    expect(performance.now() - began).toBeLessThan(60_000 / 4 + (ENDPOINTS * 250) / 3);
    loop.disable();
    const asked = performance.now();
    expect((await engine.history.dashboard()).uptime).toHaveLength(ENDPOINTS);
    const figures = {
      judgedMs: performance.now() - began,
      dashboardMs: performance.now() - asked,
      snapshotBytes: JSON.stringify(engine.snapshot()).length,
      loopP99Ms: loop.percentile(99) / 1e6,
    };
    expect(figures.snapshotBytes / ENDPOINTS).toBeLessThan(6_000);
    expect(figures.dashboardMs).toBeLessThan(2_000);
    if (process.env.FIGURES) console.log(figures);
  } finally {
    await engine.close();
    await core.close();
  }
}, 90_000);
