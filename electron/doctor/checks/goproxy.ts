/** Every entry of the list: does it speak the module proxy protocol, and where does `go` end up? */

import type { CheckNote } from '../../../shared/domain/doctor.ts';
import { redactUrl } from '../../../shared/domain/goproxy-list.ts';
import { protocolPath } from '../../../shared/domain/module-path.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import type { DiagnosisContext } from '../diagnosis-context.ts';
import { walkOf } from '../walk-of.ts';
import { type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

/** Each entry of GOPROXY, and where `go` ends up. */
export const goproxyCheck: DoctorCheck = {
  id: 'goproxy',
  needs: ['network'],
  run: async (context) => {
    const { entries } = context;
    if (entries.length === 0 && context.list === '') return NOT_NEEDED;
    await Promise.all(entries.map((endpoint) => context.measure(endpoint)));
    const walk = walkOf(context);
    if (walk === null) return NOT_NEEDED;
    const notes = walk.steps.map(({ text, action, cause }): CheckNote => {
      if (action === 'not-reached') return note('entry-not-reached', { entry: text });
      if (cause !== null) return note('entry-fails', { entry: text, cause }, action === 'stops' ? 'error' : 'warning');
      return note('entry-works', { entry: text });
    });
    const bad = await badSteps(context);
    return found(
      [...notes, ...bad, note('list-end', { outcome: walk.outcome === 'fell-back' ? 'later' : walk.outcome })],
      entries.map(({ url }) =>
        shellCommand('curl', ['-v', '--', `${redactUrl(url).replace(/(?<!\/)\/+$/, '')}/${requestPath(context)}`]),
      ),
    );
  },
};

/** What is asked for by hand, below a proxy's URL. */
function requestPath({ module }: DiagnosisContext): string {
  return protocolPath(module.path, module.version === 'latest' ? 'list' : `${module.version}.info`);
}

/** Requests that failed beside ones that worked: what is special about them says why. */
async function badSteps(context: DiagnosisContext): Promise<readonly CheckNote[]> {
  const { subject } = context;
  const result = await context.subjectResult();
  if (subject?.kind !== 'goproxy' || result === null || !result.steps.some(({ outcome }) => outcome === 'ok'))
    return [];
  return result.steps.flatMap(({ name, outcome, cause, advisory }) =>
    outcome === 'failed' && cause !== undefined && advisory !== true
      ? [note('goproxy-step', { step: name, cause }, 'error')]
      : [],
  );
}
