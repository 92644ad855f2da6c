/** What `go` would do with the case's list, by the case's measurements. */
import { parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { Walk } from '../../shared/domain/verdict.ts';
import { viewer } from '../verdict/overview.ts';
import { type ViewOf, walkGoproxy } from '../verdict/walk.ts';
import type { Case } from './diagnosis-context.ts';
import { knownEndpoints } from './known-endpoints.ts';

/** What was measured of an entry. */
export function viewOf(case_: Case): ViewOf {
  return viewer(knownEndpoints(case_));
}

/** null when there is no list. */
export function walkOf(case_: Case): Walk | null {
  return case_.list === '' || case_.isPrivate ? null : walkGoproxy(parseGoproxyList(case_.list), viewOf(case_));
}
