import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';
import { TreeHeadPool } from './tree-head-pool.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-heads-'));
  path = join(folder, 'tree-heads.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ports = { clock: systemClock, log: silentLog };

const head = (size: number) => `go.sum database tree\n${size}\nAAAA\n`;

/** Answers with a head, and notes which one it was given. */
class Database implements ProbePool {
  size = 9;
  readonly given: (string | undefined)[] = [];
  async probe(request: ProbeRequest): Promise<ProbeResult> {
    this.given.push(request.treeHead);
    const { kind, url } = request.endpoint;
    const evidence = { url, treeHead: head(this.size) };
    return {
      outcome: 'ok',
      kind,
      url,
      depth: 'light',
      startedAt: 0,
      phases: {},
      totalMs: 1,
      steps: [],
      evidence,
      slow: [],
    };
  }
  async close(): Promise<void> {}
}

const ask = (pool: ProbePool, kind: 'sumdb' | 'goproxy' = 'sumdb') =>
  pool.probe(
    {
      endpoint: { id: 'x', kind, name: 'x', url: 'https://sum.example' },
      depth: 'light',
      limits: DEFAULT_LIMITS,
      network: {},
    },
    new AbortController().signal,
  );

it('remembers the newest head over restarts', async () => {
  const database = new Database();
  const first = new TreeHeadPool(database, path, ports);
  await ask(first);
  await ask(first);
  await first.close();
  const second = new TreeHeadPool(database, path, ports);
  database.size = 7;
  await ask(second);
  await second.close();
  await ask(new TreeHeadPool(database, path, ports));
  expect(database.given).toEqual([undefined, head(9), head(9), head(9)]);
});

it('sets a damaged file aside, and leaves other kinds alone', async () => {
  writeFileSync(path, '{"https://sum.example":');
  const database = new Database();
  const pool = new TreeHeadPool(database, path, ports);
  await ask(pool, 'goproxy');
  await ask(pool);
  await pool.close();
  expect(database.given).toEqual([undefined, undefined]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ 'https://sum.example': head(9) });
});
