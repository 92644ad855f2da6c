/**
 * Fetches the same module from every source, each into a folder of its own that is thrown away, and asks the
 * checksum database. These downloads alone are not verified: they are looked at, never used.
 */
import type { Endpoint, Limits, ModuleVersion } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import { parseGosumdb } from '../integrity/verifier-key.ts';
import type { ProbeNetwork, ProbePool } from '../probe/probe-pool.ts';
import { type DatabaseRecord, readRecord } from '../probe/read-record.ts';
import type { HttpClient } from '../system/http-client.ts';
import { type Arbitration, type Copy, judgeHashes } from './judge-hashes.ts';

export interface ArbiterOptions {
  readonly module: ModuleVersion;
  readonly goSum: string | null;
  /** GOSUMDB in force; null when no database may learn of the module. */
  readonly gosumdb: string | null;
  /** Base URLs of proxies, and `direct`. */
  readonly sources: readonly string[];
  readonly pool: ProbePool;
  /** Asks the checksum database. */
  readonly client: HttpClient;
  readonly limits: Limits;
  readonly network: ProbeNetwork;
  readonly signal: AbortSignal;
}

interface NotAsked {
  readonly ok: false;
  readonly cause: null;
}

export interface Arbitrated extends Arbitration {
  readonly module: string;
  readonly goSum: string | null;
  /** The record, or why there is none; without a cause when the database was not asked. */
  readonly record: DatabaseRecord | NotAsked;
  readonly copies: readonly Copy[];
}

/** A module of some megabytes over a slow line. */
const DOWNLOAD_MS = 60_000;

/** Never rejects. */
export async function arbitrate(options: ArbiterOptions): Promise<Arbitrated> {
  const { module, goSum, sources } = options;
  const [record, ...copies] = await Promise.all([
    databaseRecord(options),
    ...sources.map((from) => copyOf(from, options)),
  ]);
  const judged = judgeHashes({ goSum, record: record.ok ? record.hash : null, copies });
  return { module: `${module.path}@${module.version}`, goSum, record, copies, ...judged };
}

async function databaseRecord(options: ArbiterOptions): Promise<DatabaseRecord | NotAsked> {
  const { gosumdb, module, client, signal } = options;
  if (gosumdb === null) return { ok: false, cause: null };
  // With the checks switched off the public database is asked anyway: it knows what is right.
  const asked = parseGosumdb(gosumdb === 'off' || gosumdb === '' ? 'sum.golang.org' : gosumdb);
  if (asked.kind !== 'database') return { ok: false, cause: 'gosumdb-invalid' };
  return readRecord(asked.url, asked.key, module, client, signal);
}

async function copyOf(from: string, { module, pool, limits, network, signal }: ArbiterOptions): Promise<Copy> {
  const name = `${module.path}@${module.version}`;
  const endpoint: Endpoint = {
    id: from,
    kind: 'module',
    name,
    url: `module://${name}`,
    module,
    variables: { GOPROXY: from, GOSUMDB: 'off', GOPRIVATE: '', GONOPROXY: 'none' },
    limits: { hard: { totalMs: DOWNLOAD_MS } },
  };
  const result = await pool.probe({ endpoint, depth: 'full', limits, network }, signal);
  const shown = from === 'direct' ? from : redactUrl(from);
  if (result.outcome !== 'ok') {
    return { from: shown, hash: null, cause: result.outcome === 'failed' ? result.failure.cause : null };
  }
  return { from: shown, hash: result.steps[0]?.hash ?? null, cause: null };
}
