/** Preflight: reads the project and the module cache, resolves names, measures the list, and plans. */
import { failed, type Outcome, succeeded } from '../../../shared/domain/outcome.ts';
import type { Preflight } from '../../../shared/domain/preflight.ts';
import type { Profile } from '../../../shared/domain/profile.ts';
import type { GoState } from '../../../shared/domain/snapshot.ts';
import { variablesUnder } from '../../verdict/routes.ts';
import type { ViewOf } from '../../verdict/walk.ts';
import { missingFrom } from './module-cache.ts';
import { moduleHost, planFetches } from './plan-fetches.ts';
import { type LookUp, privateHosts } from './private-hosts.ts';
import { readProject } from './project.ts';

export interface PreflightPorts {
  readonly go: GoState;
  /** GOMODCACHE. */
  readonly moduleCache: string;
  readonly lookUp: LookUp;
  /** What is known of a GOPROXY list's entries now. */
  readonly measure: (list: string) => Promise<ViewOf>;
}

/** With the current settings, or with those of a profile. Problems: no-project, project-file-…, go-…. */
export async function preflight(
  folder: string,
  profile: Profile | null,
  { go, moduleCache, lookUp, measure }: PreflightPorts,
): Promise<Outcome<Preflight>> {
  if (go.state === 'detecting') return failed('go-missing');
  if (go.state !== 'found') return { ok: false, problem: go.problem };
  const read = await readProject(folder);
  if (!read.ok) return read;
  const { project } = read;
  const variables = profile === null ? go.effective : variablesUnder(profile, go.effective);
  const missing = await missingFrom(moduleCache, project.needed);
  const hosts = missing.map(({ path }) => moduleHost(path));
  const [found, viewOf] = await Promise.all([privateHosts(hosts, lookUp), measure(variables.GOPROXY ?? '')]);
  const facts = { project, missing, variables, goVersion: go.version, viewOf, privateHosts: found };
  return succeeded(planFetches(facts));
}
