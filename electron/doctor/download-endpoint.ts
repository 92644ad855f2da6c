/** The module that a real `go` is asked to download. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { DiagnosisContext } from './diagnosis-context.ts';

/** Longer than a slow line needs for a small module, shorter than a person waits for a hanging one. */
const HARD_MS = 25_000;

/** null when there is no `go`, or the question is about a host alone. */
export function downloadEndpoint(context: DiagnosisContext): Endpoint | null {
  if (context.go.state !== 'found' || context.target.kind === 'host') return null;
  const known = context.entries[0]?.module;
  const module = context.target.kind === 'module' ? context.module : (known ?? context.module);
  const name = `${module.path}@${module.version}`;
  return {
    id: 'download',
    kind: 'module',
    name,
    url: `module://${name}`,
    module,
    limits: { hard: { totalMs: HARD_MS } },
  };
}
