/** Every entry of the list: does it speak the module proxy protocol, and where does `go` end up? */
import type { CheckNote } from '../../../shared/domain/doctor.ts';
import { redactUrl } from '../../../shared/domain/goproxy-list.ts';
import { protocolPath } from '../../../shared/domain/module-path.ts';
import type { Case } from '../diagnosis-context.ts';
import { walkOf } from '../walk-of.ts';
import { type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

export const goproxyCheck: DoctorCheck = {
  id: 'goproxy',
  needs: ['network'],
  run: async (case_) => {
    const { entries } = case_;
    if (entries.length === 0 && case_.list === '') return NOT_NEEDED;
    await Promise.all(entries.map((endpoint) => case_.measure(endpoint)));
    const walk = walkOf(case_);
    if (walk === null) return NOT_NEEDED;
    const notes = walk.steps.map(({ text, does, cause }): CheckNote => {
      if (does === 'not-reached') return note('entry-not-reached', { entry: text });
      if (cause !== null) return note('entry-fails', { entry: text, cause }, does === 'stops' ? 'error' : 'warning');
      return note('entry-works', { entry: text });
    });
    const bad = await badSteps(case_);
    return found(
      [...notes, ...bad, note('list-end', { outcome: walk.outcome === 'fell-back' ? 'later' : walk.outcome })],
      entries.map(({ url }) => `curl -v ${redactUrl(url)}${protocolPath(case_.module.path, tail(case_))}`),
    );
  },
};

function tail({ module }: Case): string {
  return module.version === 'latest' ? 'list' : `${module.version}.info`;
}

/** Requests that failed beside ones that worked: what is special about them says why. */
async function badSteps(case_: Case): Promise<readonly CheckNote[]> {
  const { patient } = case_;
  const result = await case_.patientResult();
  if (patient?.kind !== 'goproxy' || result === null || !result.steps.some(({ outcome }) => outcome === 'ok'))
    return [];
  return result.steps.flatMap(({ name, outcome, cause, advisory }) =>
    outcome === 'failed' && cause !== undefined && advisory !== true
      ? [note('goproxy-step', { step: name, cause }, 'error')]
      : [],
  );
}
