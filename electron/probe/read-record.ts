/** The signed record of one module in a checksum database: its hash as everybody was told it first. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Endpoint, Limits, ModuleVersion } from '../../shared/domain/endpoint.ts';
import { lookupPath } from '../../shared/domain/module-path.ts';
import { parseLookup } from '../integrity/lookup.ts';
import { below, httpUrl, runHttpProbe } from './http-steps.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import { keyOf, lookupPlan } from './sumdb.ts';

export type DatabaseRecord =
  | { readonly ok: true; readonly hash: string }
  | { readonly ok: false; readonly cause: Cause };

/** Asks a database (or a relay of one) for the `h1:` hash of a module's zip; signed, or not believed. Never rejects. */
export async function readRecord(
  endpoint: Endpoint,
  module: ModuleVersion,
  network: ProbeNetwork,
  limits: Limits,
  context: ProbeContext,
): Promise<DatabaseRecord> {
  let hash: string | undefined;
  const result = await runHttpProbe({ endpoint, depth: 'full', limits, network }, context, async (play) => {
    const url = below(httpUrl(endpoint.url), lookupPath(module));
    const { failure, answer } = await play.run(lookupPlan(url, keyOf(endpoint), module));
    if (failure !== null || answer === null) return;
    const lookup = parseLookup(answer.body);
    hash = lookup.ok ? lookup.hashes.get(`${module.path} ${module.version}`) : undefined;
  });
  if (hash !== undefined) return { ok: true, hash };
  return { ok: false, cause: result.outcome === 'failed' ? result.failure.cause : 'sumdb-invalid-answer' };
}
