/**
 * A consultation: measures, runs every check from the bottom of the stack to its top, experiments on what fails, judges,
 * and looks for the smallest safe fix. Every step is reported as it happens; it can be cancelled at any time.
 */
import { CHECK_IDS, type Check, type CheckId, type Consultation } from '../../shared/domain/doctor.ts';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { isProxyEntry, parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { Experiment } from '../../shared/domain/result.ts';
import { runExperiments } from '../probe/experiments.ts';
import { vcsEndpoints } from './checks/git.ts';
import { CHECKS } from './checks/index.ts';
import { sumdbEndpoint } from './checks/sumdb.ts';
import { DiagnosisContext, type DoctorPorts } from './diagnosis-context.ts';
import { downloadEndpoint } from './download-endpoint.ts';
import { fixesFor } from './fixes.ts';
import { judge } from './judgement.ts';
import { lintContext } from './lint-context.ts';
import type { Target } from './target.ts';

/** Other hosts to compare with: without a working one nothing can be called blocked. */
const MAX_CONTROLS = 12;

/** Consults. Resolves with what was found, or what was found until it was cancelled. */
export async function consult(
  target: Target,
  ports: DoctorPorts,
  onChange: (consultation: Consultation) => void,
  signal: AbortSignal,
): Promise<Consultation> {
  let state: Consultation = {
    target: target.text,
    startedAt: ports.clock.now(),
    endedAt: null,
    cancelled: false,
    checks: CHECK_IDS.map((id) => ({ id, status: 'waiting', notes: [], commands: [], durationMs: null })),
    finding: null,
    experiments: [],
    fixes: [],
  };
  const change = (part: Partial<Consultation>) => {
    state = { ...state, ...part };
    onChange(state);
  };
  const setCheck = (id: CheckId, part: Partial<Check>) =>
    change({ checks: state.checks.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  const context = new DiagnosisContext(target, ports, await ports.readGo(), signal);
  change({});
  beginMeasuring(context);
  await choosePatient(context);
  for (const { id, needs, run } of CHECKS) {
    if (signal.aborted) break;
    if (needs.some((one) => context.failed.has(one))) {
      setCheck(id, { status: 'not-judged', durationMs: 0 });
      continue;
    }
    setCheck(id, { status: 'running' });
    const began = ports.clock.monotonic();
    const found = await run(context);
    if (signal.aborted) break;
    if (found.status === 'failed') context.failed.add(id);
    setCheck(id, { ...found, durationMs: ports.clock.monotonic() - began });
  }
  if (!signal.aborted) {
    change({ experiments: await experiment(context) });
    await measureRemedies(context);
  }
  if (signal.aborted) {
    const checks = state.checks.map((one) =>
      one.status === 'running' || one.status === 'waiting' ? { ...one, status: 'not-judged' as const } : one,
    );
    change({ checks, cancelled: true, endedAt: ports.clock.now() });
    return state;
  }
  const lint = await lintContext(context);
  const { finding, profiles } = judge(context, state.checks, lint);
  const fixes = fixesFor({ context, finding, profiles, lint, checks: state.checks, experiments: state.experiments });
  change({ finding, fixes, endedAt: ports.clock.now() });
  return state;
}

/** What will be needed anyway begins at once. */
function beginMeasuring(context: DiagnosisContext): void {
  const sumdb = sumdbEndpoint(context);
  const download = downloadEndpoint(context);
  const controls = context.ports.settings.endpoints.filter(({ kind }) => kind !== 'module').slice(0, MAX_CONTROLS);
  for (const endpoint of [...context.entries, ...vcsEndpoints(context), ...controls]) void context.measure(endpoint);
  if (sumdb !== null && sumdb !== 'off') void context.measure(sumdb);
  if (download !== null) void context.measure(download);
}

/** Which endpoint the lower layers are checked with: the host asked about, else the first entry that fails, else the first. */
async function choosePatient(context: DiagnosisContext): Promise<void> {
  const { target } = context;
  if (target.kind === 'host') {
    context.patient = target.endpoint;
    return;
  }
  const candidates = context.isPrivate ? vcsEndpoints(context) : context.entries;
  const results = await Promise.all(candidates.map((endpoint) => context.measure(endpoint)));
  const failing = results.findIndex((result) => result?.outcome === 'failed');
  context.patient = candidates[Math.max(0, failing)] ?? null;
}

/** The patient again, with one thing changed: a change that flips the outcome is evidence. */
async function experiment(context: DiagnosisContext): Promise<readonly Experiment[]> {
  const { patient, ports, signal } = context;
  const result = await context.patientResult();
  if (patient === null || result?.outcome !== 'failed') return [];
  const udp = ports.settings.resolvers.find((url) => url.startsWith('udp://'))?.slice('udp://'.length);
  const resolver = udp === undefined || /:\d+$/.test(udp.replace(/^\[.*\]/, '')) ? udp : `${udp}:53`;
  const others = { resolver, ...definedOnly(ports.settings.controls) };
  const controls = context.isSecret ? {} : others;
  const experiments = await runExperiments(ports.pool, context.request(patient), result, controls, signal);
  context.amend(patient, { ...result, evidence: { ...result.evidence, experiments } });
  return experiments;
}

function definedOnly<T extends object>(record: T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The proxies of every profile: a remedy must be known to work. */
async function measureRemedies(context: DiagnosisContext): Promise<void> {
  const urls = context.ports.settings.profiles.flatMap(({ variables }) =>
    parseGoproxyList(variables.GOPROXY ?? '')
      .filter(isProxyEntry)
      .map(({ value }) => value),
  );
  const endpoints: readonly Endpoint[] = [...new Set(urls)]
    .slice(0, MAX_CONTROLS)
    .map((url) => context.remedyEndpoint(url));
  await Promise.all(endpoints.map((endpoint) => context.measure(endpoint)));
  await Promise.all(
    context.ports.settings.endpoints
      .filter(({ kind }) => kind !== 'module')
      .slice(0, MAX_CONTROLS)
      .map((endpoint) => context.measure(endpoint)),
  );
}
