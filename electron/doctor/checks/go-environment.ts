/** The settings of `go` that are in force, and what in them will bite. */
import type { CheckNote } from '../../../shared/domain/doctor.ts';
import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
import { PROFILE_VARIABLES } from '../../../shared/domain/profile.ts';
import { lintCase } from '../lint-context.ts';
import { type DoctorCheck, found, note } from './check.ts';

const SEVERITIES = { error: 'error', warning: 'warning', hint: 'info' } as const;

export const goEnvironmentCheck: DoctorCheck = {
  id: 'go-environment',
  needs: [],
  run: async (case_) => {
    const { go } = case_;
    if (go.state !== 'found') {
      return found(
        [note('go-missing', go.state === 'looking' ? {} : { detail: go.problem.key }, 'warning')],
        ['which go'],
      );
    }
    const values = PROFILE_VARIABLES.filter((name) => (case_.effective[name] ?? '') !== '');
    const notes: CheckNote[] = [
      note('go-version', { version: go.version, path: go.path }),
      ...values.map((name) => note('go-value', { name, value: redactUrls(case_.effective[name] ?? '') })),
    ];
    for (const { rule, severity, params, subject } of await lintCase(case_)) {
      notes.push(note('lint', { ...params, rule, subject }, SEVERITIES[severity]));
    }
    return found(notes, [`go env ${PROFILE_VARIABLES.join(' ')}`, 'env | grep -i _proxy']);
  },
};
