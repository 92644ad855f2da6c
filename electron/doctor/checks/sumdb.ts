/** The checksum database that `go` would ask: by itself, or through the proxy that relays it. */

import type { Endpoint } from '../../../shared/domain/endpoint.ts';
import { displayName, redactUrl } from '../../../shared/domain/goproxy-list.ts';
import { skipsChecksums } from '../../../shared/domain/private-modules.ts';
import { hideSecrets } from '../../../shared/domain/secrets.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import { parseGosumdb } from '../../integrity/verifier-key.ts';
import type { DiagnosisContext } from '../diagnosis-context.ts';
import { type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

/** The checksum database of GOSUMDB. */
export const sumdbCheck: DoctorCheck = {
  id: 'sumdb',
  needs: ['network'],
  run: async (context) => {
    const endpoint = sumdbEndpoint(context);
    if (endpoint === 'off') return found([note('sumdb-off', {}, 'warning')]);
    if (endpoint === null) return NOT_NEEDED;
    const result = await context.measure(endpoint);
    if (result === null) return NOT_NEEDED;
    const commands = [shellCommand('curl', ['-v', '--', `${redactUrl(endpoint.url)}/latest`])];
    if (result.outcome === 'ok') return found([note('sumdb-works', { host: endpoint.name })], commands);
    const relays = isDirect(context) ? [] : context.entries.filter((entry) => isRelayedBy(context, entry));
    const cause = note('cause', { cause: result.failure.cause, host: endpoint.name });
    if (relays.length > 0) {
      return found([cause, note('sumdb-relayed', { host: relays[0]?.name ?? '' })], commands);
    }
    return found(
      [{ ...cause, severity: 'error' }, note('said', { text: hideSecrets(result.failure.message) })],
      commands,
    );
  },
};

/** The database of GOSUMDB as an endpoint; `off`; null when it is not known or must not learn of the module. */
export function sumdbEndpoint(context: DiagnosisContext): Endpoint | 'off' | null {
  if (context.target.kind === 'host' && context.target.endpoint.kind === 'sumdb') return context.target.endpoint;
  if (context.target.kind === 'host' || context.go.state !== 'found') return null;
  const database = parseGosumdb(context.effective.GOSUMDB ?? '');
  if (database.kind === 'off') return 'off';
  if (database.kind !== 'database') return null;
  if (context.target.kind === 'module' && skipsChecksums(context.module.path, context.effective)) return null;
  const known = context.ports.settings.endpoints.find(({ kind, url }) => kind === 'sumdb' && url === database.url);
  if (known !== undefined) return known;
  const { url, key } = database;
  // A record of what the proxies are asked for: a private database may not have the default module.
  const module = context.target.kind === 'module' ? context.module : context.entries[0]?.module;
  return { id: url, kind: 'sumdb', name: displayName(url), url, key: key.text, module };
}

function isRelayedBy({ measured }: DiagnosisContext, entry: Endpoint): boolean {
  const result = measured.find(({ endpoint }) => endpoint.kind === 'goproxy' && endpoint.url === entry.url)?.result;
  return result?.evidence.notes?.includes('sumdb-relayed') === true;
}

/** With an explicit URL `go` bypasses every relay. */
function isDirect({ effective }: DiagnosisContext): boolean {
  const database = parseGosumdb(effective.GOSUMDB ?? '');
  return database.kind === 'database' && database.direct;
}
