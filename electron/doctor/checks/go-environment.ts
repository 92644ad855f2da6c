/** The settings of `go` that are in force, and what in them will bite. */

import type { CheckNote } from '../../../shared/domain/doctor.ts';
import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
import { PROFILE_VARIABLES } from '../../../shared/domain/profile.ts';
import { fixedCommand, shellCommand } from '../../../shared/domain/shell-command.ts';
import { lintContext } from '../lint-context.ts';
import { type DoctorCheck, found, note } from './check.ts';

const SEVERITIES = { error: 'error', warning: 'warning', hint: 'info' } as const;

/** The variables of `go` in force, linted. */
export const goEnvironmentCheck: DoctorCheck = {
  id: 'go-environment',
  needs: [],
  run: async (context) => {
    const { go } = context;
    if (go.state !== 'found') {
      return found(
        [note('go-missing', go.state === 'detecting' ? {} : { detail: go.problem.key }, 'warning')],
        [shellCommand('which', ['go'])],
      );
    }
    const values = PROFILE_VARIABLES.filter((name) => (context.effective[name] ?? '') !== '');
    const notes: CheckNote[] = [
      note('go-version', { version: go.version, path: go.path }),
      ...values.map((name) => note('go-value', { name, value: redactUrls(context.effective[name] ?? '') })),
    ];
    for (const { rule, severity, params, subject } of await lintContext(context)) {
      notes.push(note('lint', { ...params, rule, subject }, SEVERITIES[severity]));
    }
    return found(notes, [shellCommand('go', ['env', ...PROFILE_VARIABLES]), fixedCommand('env | grep -i _proxy')]);
  },
};
