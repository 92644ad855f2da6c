/**
 * The whole engine under real probes until it is killed: ten endpoints of the lab, some of them failing at random, real
 * sockets from the worker thread, real history. Each line on stdout is a recording that was acknowledged, as JSON.
 *
 *   node build/long/engine-child.ts DATA-FOLDER SEED
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import { openCore } from '../../electron/composition/core.ts';
import { enginePorts } from '../../electron/composition/engine.ts';
import { startEngine } from '../../electron/engine/engine.ts';
import { silentLog } from '../../electron/system/log.ts';

const ENDPOINTS = 10;

const [folder = '', seed = '0'] = process.argv.slice(2);
const lab = await startLab();
const proxies = await Promise.all(
  Array.from({ length: ENDPOINTS }, (_, i) => lab.proxy({ host: `p${i}.lab`, transport: i % 2 === 0 ? 'http' : 'h2' })),
);
for (const [i, proxy] of proxies.entries()) {
  if (i % 3 === 0) await proxy.setFault({ type: 'random-status', share: 0.2, status: 504, seed: Number(seed) + i });
}
mkdirSync(folder, { recursive: true });
const settings = {
  builtInProfiles: false,
  endpoints: proxies.map(({ host, url }) => ({ id: host, url, module: FIXTURE_MODULE })),
  intervals: { visibleMs: 200, hiddenMs: 200 },
  network: { resolver: lab.dns.address },
  trust: { extraCa: [lab.authority.ca] },
};
writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));

const env = { ...process.env, HOME: folder, GOENV: join(folder, 'goenv') };
const ports = await enginePorts(await openCore(folder, env, silentLog));
const { store } = ports.history;
await startEngine({
  ...ports,
  history: {
    ...ports.history,
    store: {
      ...store,
      async record(samples) {
        await store.record(samples);
        process.stdout.write(`${JSON.stringify(samples)}\n`);
      },
    },
  },
});
