/** Sources without a proxy: discovery and git, for a module that goes direct, and for hosts of the settings. */

import type { CheckNote } from '../../../shared/domain/doctor.ts';
import type { Endpoint } from '../../../shared/domain/endpoint.ts';
import { decoratedCommand, shellCommand } from '../../../shared/domain/shell-command.ts';
import { causeNotes } from '../cause-notes.ts';
import type { DiagnosisContext } from '../diagnosis-context.ts';
import { type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

/** Discovery and git of modules that come from their source. */
export const gitCheck: DoctorCheck = {
  id: 'git',
  needs: ['network'],
  run: async (context) => {
    const hosts = vcsEndpoints(context);
    if (hosts.length === 0) return NOT_NEEDED;
    const results = await Promise.all(hosts.map((endpoint) => context.measure(endpoint)));
    const wanted = isAsked(context);
    const notes = results.flatMap((result, i): readonly CheckNote[] => {
      const name = hosts[i]?.name ?? '';
      if (result === null) return [];
      if (result.outcome === 'ok') return [note('git-works', { host: name })];
      // A source host that this case does not use is only a warning.
      return causeNotes(result, null).map((one) =>
        wanted || one.severity === 'info' ? one : { ...one, severity: 'warning' },
      );
    });
    return found(notes, [
      ...hosts.map(({ url }) => shellCommand('curl', ['-v', '--', `${url}?go-get=1`])),
      ...results.flatMap((result) =>
        result?.evidence.repository === undefined
          ? []
          : [
              decoratedCommand(shellCommand('git', ['ls-remote', '--', result.evidence.repository]), {
                before: 'GIT_CURL_VERBOSE=1',
              }),
            ],
      ),
    ]);
  },
};

/** The module's own host when `go` goes there, else those of the settings. */
export function vcsEndpoints(context: DiagnosisContext): readonly Endpoint[] {
  const { target } = context;
  if (target.kind === 'host') return target.endpoint.kind === 'vcs' ? [target.endpoint] : [];
  if (target.kind === 'module' && (context.isPrivate || /(?:^|[,|])direct\b/.test(context.list))) {
    const url = `https://${target.module.path}`;
    return [{ id: url, kind: 'vcs', name: target.module.path, url }];
  }
  return context.ports.settings.endpoints.filter(({ kind }) => kind === 'vcs');
}

/** Whether the case depends on it. */
function isAsked({ target, isPrivate, list }: DiagnosisContext): boolean {
  return (target.kind === 'host' && target.endpoint.kind === 'vcs') || isPrivate || list === 'direct';
}
