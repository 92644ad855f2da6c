/**
 * The probe of a checksum database: success only when its answers are signed with its key, and consistent with its
 * earlier ones. Light asks for the tree head; full adds the record of a known module and, when the tree has grown, the
 * proof that nothing was rewritten. A mirror or a proxy's relay is a base URL like any other: the signature decides.
 */
import { DEFAULT_PROBE_MODULE, type Endpoint, type ModuleVersion } from '../../shared/domain/endpoint.ts';
import { isModuleVersion, lookupPath } from '../../shared/domain/module-path.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { parseLookup } from '../integrity/lookup.ts';
import { leafHash, proveConsistency, proveRecord, type ReadTile } from '../integrity/merkle.ts';
import type { TreeHead } from '../integrity/tree-head.ts';
import type { VerifierKey } from '../integrity/verifier-key.ts';
import { errorMessage } from '../system/error-facts.ts';
import { below, httpUrl, runHttpProbe, type StepPlan, type StepRunner } from './http-steps.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbeRequest } from './probe-pool.ts';
import { judgeHead, keyOf, lookupPlan, MAX_SUMDB_BYTES, readHead, refusedStatus } from './sumdb-answers.ts';

/** Probes a `sumdb` endpoint. Never rejects. */
export function probeSumdb(request: ProbeRequest, context: ProbeContext): Promise<ProbeResult> {
  return runHttpProbe(request, context, async (runner) => {
    const { endpoint, depth, treeHead } = request;
    const base = httpUrl(endpoint.url);
    const key = keyOf(endpoint);
    const latest = await runner.run(headPlan(below(base, 'latest'), key));
    if (latest.failure !== null || latest.answer === null) return;
    runner.note({ treeHead: latest.answer.body.toString('utf8') });
    const head = readHead(latest.answer.body, key);
    if ('cause' in head) return;
    if (treeHead !== undefined && !(await proveHistory(runner, base, key, Buffer.from(treeHead), head))) return;
    if (depth === 'light') return;
    await checkRecord(runner, base, key, moduleOf(endpoint));
  });
}

function moduleOf({ module = DEFAULT_PROBE_MODULE }: Endpoint): ModuleVersion {
  if (isModuleVersion(module)) return module;
  throw new PhaseError('request', 'module-path-malformed', `${module.path}@${module.version} is not a module version`);
}

function headPlan(url: URL, key: VerifierKey): StepPlan {
  return {
    name: 'tree-head',
    url,
    maxBytes: MAX_SUMDB_BYTES,
    judge: ({ status, body }) => refusedStatus(status) ?? judgeHead(body, key),
  };
}

async function checkRecord(runner: StepRunner, base: URL, key: VerifierKey, module: ModuleVersion): Promise<void> {
  const { failure, answer } = await runner.run(lookupPlan(below(base, lookupPath(module)), key, module));
  if (failure !== null || answer === null) return;
  const lookup = parseLookup(answer.body);
  const head = lookup.ok ? readHead(lookup.note, key) : null;
  if (!lookup.ok || head === null || 'cause' in head) return;
  await runProof(runner, (readTile) => proveRecord(lookup.id, leafHash(lookup.record), head, readTile), base);
}

/** That the older head is a prefix of the newer one (RFC 6962 §2.1.2): a database that forgets or rewrites is caught. */
async function proveHistory(
  runner: StepRunner,
  base: URL,
  key: VerifierKey,
  seen: Uint8Array,
  head: TreeHead,
): Promise<boolean> {
  const before = readHead(seen, key);
  // The head of another database, or an unreadable one: nothing to compare with.
  if ('cause' in before || before.size === 0 || head.size === 0) return true;
  const [older, newer] = before.size <= head.size ? [before, head] : [head, before];
  return runProof(runner, (readTile) => proveConsistency(older, newer, readTile), base);
}

type Proof = (readTile: ReadTile) => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>;

/** Runs a proof as one step for each tile; a proof that fails makes the last of them fail. */
async function runProof(runner: StepRunner, prove: Proof, base: URL): Promise<boolean> {
  let isReachable = true;
  const readTile: ReadTile = async (path) => {
    const { failure, answer } = await runner.run({
      name: 'consistency',
      url: below(base, path),
      maxBytes: MAX_SUMDB_BYTES,
      judge: ({ status }) => refusedStatus(status),
    });
    if (failure === null && answer !== null) return answer.body;
    isReachable = false;
    throw new Error(failure?.message ?? 'no answer');
  };
  const proof = await prove(readTile).catch((error: unknown) => ({ ok: false as const, reason: errorMessage(error) }));
  if (proof.ok) return true;
  if (isReachable) runner.fail({ cause: 'sumdb-invalid-answer', phase: 'verify', message: proof.reason });
  return false;
}
