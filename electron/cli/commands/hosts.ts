/** `gopherbar hosts`: every host that Gopherbar contacts, and why. */
import { redactUrl } from '../../../shared/domain/goproxy-list.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openStores } from '../stores.ts';

export async function hostsCommand(json: boolean, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { settings } = await openStores(io.env, clock);
  const { endpoints, network } = settings.monitor;
  const hosts = endpoints.map(({ url, kind }) => ({
    host: redactUrl(url),
    reason: io.t('cli.host-endpoint', { kind }),
  }));
  if (network.resolver !== undefined) hosts.push({ host: network.resolver, reason: io.t('cli.host-resolver') });
  for (const url of settings.doctorResolvers) hosts.push({ host: url, reason: io.t('cli.host-doctor') });
  if (json) io.out(`${JSON.stringify({ schema: 1, hosts }, null, 2)}\n`);
  else for (const { host, reason } of hosts) io.out(`${host}  ${io.style('dim', reason)}\n`);
  return EXIT.ok;
}
