/** A real Prometheus scrapes a running `gopherbar watch`; promtool checks metrics, rules and the scrape configuration. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { interopPart } from '../../build/interop-parts.mjs';
import { type Lab, startLab } from '../lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../lab/tree.ts';
import { until } from '../until.ts';
import { freePort, type Part, startPart } from './part.ts';

const root = join(import.meta.dirname, '..', '..');
const FLEET = join(root, 'docs', 'fleet');
const run = promisify(execFile);
const promtool = interopPart('promtool');
let folder: string;
let lab: Lab;
let watch: ChildProcess;
let prometheus: Part;
let url: string;
let base: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-metrics-'));
  lab = await startLab();
  const proxy = await lab.proxy({ host: 'plain.lab', transport: 'http' });
  const data = join(folder, 'share', 'gopherbar');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const settings = {
    endpoints: [{ id: 'plain', url: proxy.url, module: FIXTURE_MODULE }],
    intervals: { visibleMs: 300, hiddenMs: 300 },
    watchedModules: [],
    network: { resolver: lab.dns.address },
  };
  writeFileSync(join(data, 'settings.json'), JSON.stringify(settings));
  writeFileSync(join(folder, 'goenv'), `GOPROXY=${proxy.url}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
  watch = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', 'watch', '--metrics', '127.0.0.1:0'],
    {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        XDG_DATA_HOME: join(folder, 'share'),
        GOENV: join(folder, 'goenv'),
        LANG: 'C',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const said: string[] = [];
  watch.stderr?.on('data', (bytes) => said.push(String(bytes)));
  url = await until('the metrics', () => /http:\S+\/metrics/.exec(said.join(''))?.[0]);
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  const file = join(folder, 'prometheus.yml');
  const configuration = readFileSync(join(FLEET, 'prometheus.yml'), 'utf8')
    .replaceAll('127.0.0.1:9464', new URL(url).host)
    .replace('scrape_interval: 30s', 'scrape_interval: 1s\n  evaluation_interval: 1s')
    .replace('rules.yml', join(FLEET, 'rules.yml'));
  writeFileSync(file, configuration);
  const server = interopPart('prometheus');
  const storage = `--storage.tsdb.path=${join(folder, 'tsdb')}`;
  const args = [`--config.file=${file}`, storage, `--web.listen-address=127.0.0.1:${port}`];
  prometheus = await startPart(server.file, args, server.env, port);
  // It listens before it answers: 503 until its storage is open.
  await until('Prometheus', async () => (await fetch(`${base}/-/ready`)).ok);
});
afterAll(async () => {
  await prometheus?.stop();
  watch.kill('SIGTERM');
  await once(watch, 'exit');
  await lab.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function query(
  expression: string,
): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]> {
  const response = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { data } = (await response.json()) as { data: { result: never[] } };
  return data.result;
}

it('is scraped: endpoint, verdict, probes and their durations', async () => {
  const [up] = await until('a scrape', async () => {
    const found = await query('gopherbar_endpoint_up{endpoint="plain"}');
    return found.length > 0 && found;
  });
  expect(up?.value[1]).toBe('1');
  const count = await until('probes', async () => {
    const [found] = await query('gopherbar_probes_total{endpoint="plain",outcome="ok"}');
    return found !== undefined && Number(found.value[1]) > 1 && Number(found.value[1]);
  });
  const [durations] = await query('gopherbar_probe_duration_seconds_count{endpoint="plain",phase="total"}');
  expect(Number(durations?.value[1])).toBeGreaterThanOrEqual(count - 1);
  expect(await query('gopherbar_verdict == 1')).toHaveLength(1);
  const median = await until(
    'the recorded median',
    async () => {
      const [found] = await query('gopherbar:probe_duration_seconds:median5m{endpoint="plain"}');
      return found !== undefined && Number(found.value[1]) > 0 && Number(found.value[1]);
    },
    60_000,
  );
  expect(median).toBeLessThan(5);
});

it('keeps to the conventions of names and types', async () => {
  const text = await (await fetch(url)).text();
  const child = spawn(promtool.file, ['check', 'metrics'], { env: promtool.env, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
  child.stdin.end(text);
  const [code] = await once(child, 'close');
  expect(said).toBe('');
  expect(code).toBe(0);
});

it('has rules and a configuration that promtool accepts', async () => {
  for (const args of [
    ['check', 'rules', join(FLEET, 'rules.yml')],
    ['check', 'config', join(FLEET, 'prometheus.yml')],
  ]) {
    const { stdout } = await run(promtool.file, args, { env: promtool.env, cwd: FLEET });
    expect(stdout).toContain('SUCCESS');
  }
});

it('has a dashboard whose every query a real Prometheus answers, over metrics that are served', async () => {
  const dashboard = JSON.parse(readFileSync(join(FLEET, 'dashboard.json'), 'utf8')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  const served = new Set([...(await (await fetch(url)).text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const queries = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
  expect(queries.length).toBeGreaterThan(10);
  for (const { title, expr } of queries) {
    for (const [name] of expr.matchAll(/\bgopherbar_\w+/g)) {
      // Those of a gateway are there only where one has run.
      if (!name.startsWith('gopherbar_gateway_'))
        expect(served, title).toContain(name.replace(/_(?:bucket|sum|count)$/, ''));
    }
    const filled = expr.replaceAll('$instance', '.+').replaceAll('$__rate_interval', '1m');
    const answer = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(filled)}`);
    expect(answer.status, `${title}: ${filled}`).toBe(200);
  }
});
