/** What a check is: one small file each, all alike. */

import type { CheckId, CheckNote, CheckStatus } from '../../../shared/domain/doctor.ts';
import type { ShellCommand } from '../../../shared/domain/shell-command.ts';
import type { DiagnosisContext } from '../diagnosis-context.ts';

/** What a check found out. */
export interface CheckResult {
  readonly status: Exclude<CheckStatus, 'waiting' | 'running' | 'not-judged'>;
  readonly notes: readonly CheckNote[];
  readonly commands: readonly ShellCommand[];
}

/** One check of the doctor. */
export interface DoctorCheck {
  readonly id: CheckId;
  /** Checks this one depends on: when one of them failed, it is not judged. */
  readonly needs: readonly CheckId[];
  /** Never rejects for network errors: these are its result. */
  readonly run: (context: DiagnosisContext) => Promise<CheckResult>;
}

/** Not applicable to this case. */
export const NOT_NEEDED: CheckResult = { status: 'not-needed', notes: [], commands: [] };

/** A note without severity is for information. */
export function note(
  key: CheckNote['key'],
  params: CheckNote['params'] = {},
  severity: CheckNote['severity'] = 'info',
): CheckNote {
  return { severity, key, params };
}

/** The status that the worst note asks for. */
function statusOf(notes: readonly CheckNote[]): CheckResult['status'] {
  if (notes.some(({ severity }) => severity === 'error')) return 'failed';
  return notes.some(({ severity }) => severity === 'warning') ? 'warning' : 'ok';
}

/** A result with these notes. */
export function found(notes: readonly CheckNote[], commands: readonly ShellCommand[] = []): CheckResult {
  return { status: statusOf(notes), notes, commands };
}
