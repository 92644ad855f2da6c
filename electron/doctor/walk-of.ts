/** What `go` would do with the case's list, by the case's measurements. */
import { parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { Walk } from '../../shared/domain/verdict.ts';
import { viewer } from '../verdict/overview.ts';
import { type ViewOf, walkGoproxy } from '../verdict/walk.ts';
import type { DiagnosisContext } from './diagnosis-context.ts';
import { knownEndpoints } from './known-endpoints.ts';

/** What was measured of an entry. */
export function viewOf(context: DiagnosisContext): ViewOf {
  return viewer(knownEndpoints(context), context.ports.settings.gateway);
}

/** null when there is no list. */
export function walkOf(context: DiagnosisContext): Walk | null {
  return context.list === '' || context.isPrivate ? null : walkGoproxy(parseGoproxyList(context.list), viewOf(context));
}
