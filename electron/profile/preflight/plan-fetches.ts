/** From the missing modules and the state of each entry to the result of a build. Pure. */
import type { Cause } from '../../../shared/domain/cause.ts';
import { matchesPatterns } from '../../../shared/domain/module-patterns.ts';
import type {
  FetchOutcome,
  NeededModule,
  PlannedFetch,
  Preflight,
  PreflightProblem,
} from '../../../shared/domain/preflight.ts';
import type { GoVariables } from '../../../shared/domain/profile.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import type { Walk } from '../../../shared/domain/verdict.ts';
import { type ViewOf, walkModule } from '../../verdict/walk.ts';
import { goLineProblems } from './go-line.ts';
import type { Project } from './project.ts';

export interface PlanFacts {
  readonly project: Project;
  readonly missing: readonly NeededModule[];
  /** As they would be in effect. */
  readonly variables: GoVariables;
  /** Of the `go` that would build, as `go1.26.10`. */
  readonly goVersion: string;
  readonly viewOf: ViewOf;
  /** Hosts of missing modules that look private. */
  readonly privateHosts: ReadonlySet<string>;
}

/** Downloads that `go` has in flight at once (cmd/go/internal/modload and modget: par.Work with 10). */
const AT_ONCE = 10;

/**
 * Time that a failing entry costs before the next is requested, ms per file (net/http's limits, facts of Go 1.19–1.27).
 */
const COST_MS: Partial<Record<Cause, number>> = {
  'connect-timeout': 30_000,
  'dns-timeout': 20_000,
  'tls-handshake-timeout': 10_000,
};
const USUAL_COST_MS = 300;
const USUAL_LATENCY_MS = 300;

/** No response to the request: `go` waits indefinitely. */
const SILENT: ReadonlySet<Cause> = new Set(['response-timeout', 'read-timeout']);

/** The whole preflight except reading. */
export function planFetches(facts: PlanFacts): Preflight {
  const { project, missing } = facts;
  const wanted = project.vendored ? [] : missing;
  const fetches = wanted.map((one) => planOne(one, facts));
  const walk = wayOf('', facts);
  return {
    file: project.file,
    modules: project.modules,
    cached: project.vendored ? project.needed.length : project.needed.length - wanted.length,
    missing: fetches,
    problems: [...project.problems, ...problemsOf(facts, fetches), ...toolchain(facts)],
    seconds: estimate(fetches, walk),
    walk,
  };
}

/** '' = a public module. */
function wayOf(path: string, { variables, viewOf }: PlanFacts): Walk {
  const { GOPROXY = '', GOPRIVATE = '', GONOPROXY = GOPRIVATE } = variables;
  return walkModule({ goproxy: GOPROXY, gonoproxy: GONOPROXY }, path, viewOf);
}

function planOne(one: NeededModule, facts: PlanFacts): PlannedFetch {
  const { variables } = facts;
  const { GOPRIVATE = '', GONOPROXY = GOPRIVATE, GONOSUMDB = GOPRIVATE, GOSUMDB = '' } = variables;
  const walk = wayOf(one.path, facts);
  const isPrivateHost = facts.privateHosts.has(moduleHost(one.path));
  const asksProxy =
    !matchesPatterns(GONOPROXY, one.path) &&
    walk.steps.some(({ action, text }) => action !== 'not-reached' && text !== 'direct' && text !== 'off');
  const asksSumdb = GOSUMDB !== 'off' && !matchesPatterns(GONOSUMDB, one.path);
  const leaksTo = !isPrivateHost ? null : asksProxy ? 'proxy' : asksSumdb ? 'sumdb' : null;
  const end = walk.steps[walk.endsAt ?? walk.steps.length - 1];
  return { ...one, fate: outcomeOfWalk(walk), from: end?.text ?? '', cause: end?.cause ?? null, leaksTo };
}

function outcomeOfWalk(walk: Walk): FetchOutcome {
  const asked = walk.steps.filter(({ action }) => action !== 'not-reached');
  if (asked.some(({ cause }) => cause !== null && SILENT.has(cause))) return 'hangs';
  switch (walk.outcome) {
    case 'works':
    case 'slow':
      return 'fetched';
    case 'fell-back':
      return 'falls-back';
    case 'unproven':
      return 'unknown';
    case 'stops':
      return 'fails';
  }
}

function problemsOf({ project, variables }: PlanFacts, fetches: readonly PlannedFetch[]): readonly PreflightProblem[] {
  const problems: PreflightProblem[] = [];
  if (project.vendored) problems.push({ key: 'vendor', severity: 'hint', params: {}, command: null });
  const leaking = fetches.filter(({ leaksTo }) => leaksTo !== null);
  if (leaking.length > 0) {
    const hosts = [...new Set(leaking.map(({ path }) => moduleHost(path)))];
    const globs = [...(variables.GOPRIVATE ?? '').split(',').filter((one) => one !== ''), ...hosts].join(',');
    const command = shellCommand('go', ['env', '-w', `GOPRIVATE=${globs}`]);
    const params = { count: leaking.length, hosts: hosts.join(', ') };
    problems.push({ key: 'leak', severity: 'error', params, command });
  }
  for (const [key, severity] of [
    ['hangs', 'error'],
    ['fails', 'error'],
    ['unknown', 'hint'],
  ] as const) {
    for (const [from, group] of grouped(fetches.filter(({ fate }) => fate === key))) {
      const params = { count: group.length, from, cause: group[0]?.cause ?? '' };
      problems.push({ key, severity, params, command: null });
    }
  }
  return problems;
}

function grouped(fetches: readonly PlannedFetch[]): ReadonlyMap<string, readonly PlannedFetch[]> {
  const groups = new Map<string, PlannedFetch[]>();
  for (const one of fetches) groups.set(one.from, [...(groups.get(one.from) ?? []), one]);
  return groups;
}

function toolchain({ project, variables, goVersion }: PlanFacts): readonly PreflightProblem[] {
  const { go: goLine, toolchain: toolchainLine } = project;
  return goLineProblems({ goLine, toolchainLine, goVersion, setting: variables.GOTOOLCHAIN ?? 'auto' });
}

/** Time of the requests alone; null when none would succeed. */
function estimate(fetches: readonly PlannedFetch[], walk: Walk): Preflight['seconds'] {
  const good = fetches.filter(({ fate }) => fate === 'fetched' || fate === 'falls-back');
  if (good.length === 0) return fetches.length === 0 ? { from: 0, to: 0 } : null;
  const requests = good.reduce((sum, { part }) => sum + (part === 'zip' ? 3 : 1), 0);
  const rounds = Math.ceil(requests / AT_ONCE);
  const latency = walk.latencyMs ?? USUAL_LATENCY_MS;
  const failing = walk.steps
    .filter(({ action }) => action === 'fails-over')
    .reduce((sum, { cause }) => sum + (cause === null ? 0 : (COST_MS[cause] ?? USUAL_COST_MS)), 0);
  const each = latency + failing;
  return {
    from: Math.round((rounds * each) / 100) / 10,
    to: Math.round((rounds * (3 * latency + failing)) / 100) / 10,
  };
}

/** The first element of a module's path. */
export function moduleHost(path: string): string {
  return path.split('/')[0] ?? path;
}
