/** The last word: a real `go mod download` into an empty cache, in the environment that `go` has. */

import { hideSecrets } from '../../../shared/domain/secrets.ts';
import { decoratedCommand, shellCommand } from '../../../shared/domain/shell-command.ts';
import { downloadEndpoint } from '../download-endpoint.ts';
import { type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

/** A real `go mod download`. */
export const downloadCheck: DoctorCheck = {
  id: 'download',
  needs: [],
  run: async (context) => {
    const endpoint = downloadEndpoint(context);
    if (endpoint === null) return NOT_NEEDED;
    const result = await context.measure(endpoint);
    if (result === null) return NOT_NEEDED;
    const commands = [
      decoratedCommand(shellCommand('go', ['mod', 'download', '-x', '--', endpoint.name]), {
        before: 'GOMODCACHE=$(mktemp -d) GOFLAGS=-modcacherw',
      }),
    ];
    const ms = Math.round(result.totalMs);
    if (result.outcome === 'ok') return found([note('download-works', { module: endpoint.name, ms })], commands);
    return found(
      [
        note('cause', { cause: result.failure.cause, host: endpoint.name }, 'error'),
        note('said', { text: hideSecrets(result.failure.message) }),
      ],
      commands,
    );
  },
};
