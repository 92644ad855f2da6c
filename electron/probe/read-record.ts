/** The signed record of one module in a checksum database: its hash as everyone was given it first. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { ModuleVersion } from '../../shared/domain/endpoint.ts';
import { lookupPath } from '../../shared/domain/module-path.ts';
import { parseLookup } from '../integrity/lookup.ts';
import { leafHash, type Proof, proveRecord } from '../integrity/merkle.ts';
import type { VerifierKey } from '../integrity/verifier-key.ts';
import type { HttpAnswer, HttpClient } from '../system/http-client.ts';
import { judgeRecord, MAX_SUMDB_BYTES, readHead, refusedStatus } from './sumdb-answers.ts';

/** The `h1:` hash of a module's zip, or why there is no trustworthy one. */
export type DatabaseRecord =
  | { readonly ok: true; readonly hash: string }
  | { readonly ok: false; readonly cause: Cause };

const NOT_BELIEVED: DatabaseRecord = { ok: false, cause: 'sumdb-invalid-answer' };

/**
 * Asks a database (or a relay of one) at a base URL for a module's record: signed with the key, of that module, and
 * proven by tiles to be in the signed tree, as `go` demands it. Never rejects.
 */
export async function readRecord(
  url: string,
  key: VerifierKey,
  module: ModuleVersion,
  client: HttpClient,
  signal: AbortSignal,
): Promise<DatabaseRecord> {
  const base = url.replace(/(?<!\/)\/+$/, '');
  const answer = await get(client, `${base}/${lookupPath(module)}`, signal);
  if ('ok' in answer) return answer;
  const problem = refusedStatus(answer.status) ?? judgeRecord(answer, key, module);
  if (problem !== null) return { ok: false, cause: problem.cause };
  const lookup = parseLookup(answer.body);
  const head = lookup.ok ? readHead(lookup.note, key) : null;
  if (!lookup.ok || head === null || 'cause' in head) return NOT_BELIEVED;
  let unread: DatabaseRecord | null = null;
  const readTile = async (path: string) => {
    const tile = await get(client, `${base}/${path}`, signal);
    if ('ok' in tile || tile.status !== 200) {
      unread = 'ok' in tile ? tile : { ok: false, cause: refusedStatus(tile.status)?.cause ?? 'sumdb-invalid-answer' };
      throw new Error(`no ${path}`);
    }
    return tile.body;
  };
  const proof = await proveRecord(lookup.id, leafHash(lookup.record), head, readTile).catch((): Proof => FAILED);
  if (!proof.ok) return unread ?? NOT_BELIEVED;
  const hash = lookup.hashes.get(`${module.path} ${module.version}`);
  return hash === undefined ? NOT_BELIEVED : { ok: true, hash };
}

const FAILED: Proof = { ok: false, reason: 'a tile was not read' };

async function get(client: HttpClient, url: string, signal: AbortSignal): Promise<HttpAnswer | DatabaseRecord> {
  const result = await client.fetch({ url, maxBytes: MAX_SUMDB_BYTES, signal });
  if (result.outcome === 'ok') return result.answer;
  return result.outcome === 'failed' ? { ok: false, cause: result.failure.cause } : NOT_BELIEVED;
}
