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
    trying: null,
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
  await chooseSubject(context);
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
    await measureControls(context);
  }
  if (!signal.aborted) {
    const lint = await lintContext(context);
    /** What is found so far; it can only gain fixes while remedies are tried. */
    const conclude = (trying: Consultation['trying']) => {
      const { checks, experiments } = state;
      const { finding, profiles } = judge(context, checks, lint);
      change({ finding, fixes: fixesFor({ context, finding, profiles, lint, checks, experiments }), trying });
    };
    conclude(null);
    if (state.finding?.severity !== 'healthy') await tryRemedies(context, conclude);
  }
  if (signal.aborted) {
    const checks = state.checks.map((one) =>
      one.status === 'running' || one.status === 'waiting' ? { ...one, status: 'not-judged' as const } : one,
    );
    change({ checks, cancelled: true });
  }
  change({ trying: null, endedAt: ports.clock.now() });
  return state;
}

/** What will be needed anyway begins at once. */
function beginMeasuring(context: DiagnosisContext): void {
  const sumdb = sumdbEndpoint(context);
  const download = downloadEndpoint(context);
  for (const endpoint of [...context.entries, ...vcsEndpoints(context), ...controls(context)])
    void context.measure(endpoint);
  if (sumdb !== null && sumdb !== 'off') void context.measure(sumdb);
  if (download !== null) void context.measure(download);
}

/** Which endpoint the lower layers are checked with: the host asked about, else the first entry that fails, else the first. */
async function chooseSubject(context: DiagnosisContext): Promise<void> {
  const { target } = context;
  if (target.kind === 'host') {
    context.subject = target.endpoint;
    return;
  }
  const candidates = context.isPrivate ? vcsEndpoints(context) : context.entries;
  const results = await Promise.all(candidates.map((endpoint) => context.measure(endpoint)));
  const failing = results.findIndex((result) => result?.outcome === 'failed');
  context.subject = candidates[Math.max(0, failing)] ?? null;
}

/** The subject again, with one thing changed: a change that flips the outcome is evidence. */
async function experiment(context: DiagnosisContext): Promise<readonly Experiment[]> {
  const { subject, ports, signal } = context;
  const result = await context.subjectResult();
  if (subject === null || result?.outcome !== 'failed') return [];
  const udp = ports.settings.resolvers.find((url) => url.startsWith('udp://'))?.slice('udp://'.length);
  const resolver = udp === undefined || /:\d+$/.test(udp.replace(/^\[.*\]/, '')) ? udp : `${udp}:53`;
  const others = { resolver, ...definedOnly(ports.settings.controls) };
  const variations = context.isSecret ? {} : others;
  const experiments = await runExperiments(ports.pool, context.request(subject), result, variations, signal);
  context.amend(subject, { ...result, evidence: { ...result.evidence, experiments } });
  return experiments;
}

function definedOnly<T extends object>(record: T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The hosts to compare with; most have been measured meanwhile. */
async function measureControls(context: DiagnosisContext): Promise<void> {
  await Promise.all(controls(context).map((endpoint) => context.measure(endpoint)));
}

/** Measures the proxies of every profile, since a remedy must be known to work; reports each as it ends. */
async function tryRemedies(
  context: DiagnosisContext,
  onTried: (trying: NonNullable<Consultation['trying']>) => void,
): Promise<void> {
  const urls = context.ports.settings.profiles.flatMap(({ variables }) =>
    parseGoproxyList(variables.GOPROXY ?? '')
      .filter(isProxyEntry)
      .map(({ value }) => value),
  );
  const endpoints = [...new Set(urls)].slice(0, MAX_CONTROLS).map((url) => context.remedyEndpoint(url));
  let done = 0;
  const measuring = endpoints.map(async (endpoint) => {
    await context.measure(endpoint);
    done += 1;
    if (!context.signal.aborted) onTried({ done, of: endpoints.length });
  });
  if (endpoints.length > 0) onTried({ done, of: endpoints.length });
  await Promise.all(measuring);
}

function controls({ ports }: DiagnosisContext): readonly Endpoint[] {
  return ports.settings.endpoints.filter(({ kind }) => kind !== 'module').slice(0, MAX_CONTROLS);
}
