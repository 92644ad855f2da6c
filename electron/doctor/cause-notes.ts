/** A failed measurement in a check's words. */

import type { CheckNote } from '../../shared/domain/doctor.ts';
import { hostAndPortOf } from '../../shared/domain/host.ts';
import type { Phase } from '../../shared/domain/result.ts';
import { hideSecrets } from '../../shared/domain/secrets.ts';
import { note } from './checks/check.ts';
import type { Measured } from './diagnosis-context.ts';

/** What failed, and what the system said; [] when it failed in another phase (null = any), or not at all. */
export function causeNotes(result: Measured, phases: readonly Phase[] | null): readonly CheckNote[] {
  if (result.outcome !== 'failed') return [];
  const { cause, phase, message } = result.failure;
  if (phases !== null && !phases.includes(phase)) return [];
  return [
    note('cause', { cause, host: hostAndPortOf(result.url) ?? result.url }, 'error'),
    note('said', { text: hideSecrets(message) }),
  ];
}
