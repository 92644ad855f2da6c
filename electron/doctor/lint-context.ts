/** Lints what is in force, with the case's own measurements and its module's host. */
import type { LintFinding } from '../../shared/domain/lint.ts';
import { lint } from '../profile/lint.ts';
import { privateHosts } from '../profile/preflight/private-hosts.ts';
import type { DiagnosisContext } from './diagnosis-context.ts';
import { viewOf } from './walk-of.ts';

/** [] when no `go` was found. */
export async function lintContext(context: DiagnosisContext): Promise<readonly LintFinding[]> {
  const { go, ports, target } = context;
  if (go.state !== 'found') return [];
  const hosts = target.kind === 'module' ? [target.module.path.split('/')[0] ?? ''] : [];
  return lint({
    variables: go.effective,
    git: go.git ?? [],
    viewOf: viewOf(context),
    uptimeOf: () => null,
    goLines: null,
    privateHosts: [...(await privateHosts(hosts, ports.lookUp))],
    ...(await ports.lintEnvironment()),
  });
}
