/** The forward proxies that `go` takes from its environment. */

import type { CheckNote } from '../../../shared/domain/doctor.ts';
import { redactUrl } from '../../../shared/domain/goproxy-list.ts';
import { hideSecrets } from '../../../shared/domain/secrets.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import type { DiagnosisContext } from '../diagnosis-context.ts';
import { proxyEndpoint } from '../forward-proxies.ts';
import { type DoctorCheck, found, note } from './check.ts';

/** Each forward proxy that `go` would use. */
export const forwardProxyCheck: DoctorCheck = {
  id: 'forward-proxy',
  needs: ['network'],
  run: async (context) => {
    const urls = [
      ...new Set([...context.entries, ...(context.subject === null ? [] : [context.subject])].map(({ url }) => url)),
    ];
    const proxies = new Map(urls.flatMap((url) => pair(context, url)));
    if (proxies.size === 0) return { status: 'not-needed', notes: [note('proxy-none')], commands: [] };
    const notes: CheckNote[] = [];
    for (const [proxy, url] of proxies) {
      const result = await context.measure(proxyEndpoint(proxy, url));
      if (result === null) continue;
      const params = { proxy: redactUrl(proxy) };
      if (result.outcome === 'ok') notes.push(note('proxy-works', params));
      else {
        notes.push(note('proxy-fails', { ...params, cause: result.failure.cause }, 'error'));
        notes.push(note('said', { text: hideSecrets(result.failure.message) }));
      }
    }
    return found(
      notes,
      [...proxies].map(([proxy, url]) =>
        shellCommand('curl', ['-v', '-x', redactUrl(proxy), '-o', '/dev/null', '--', redactUrl(url)]),
      ),
    );
  },
};

function pair(context: DiagnosisContext, url: string): readonly (readonly [string, string])[] {
  const proxy = context.forwardProxyOf(url);
  return proxy === null ? [] : [[proxy, url]];
}
