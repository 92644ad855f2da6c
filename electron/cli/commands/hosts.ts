/** `gopherbar hosts`: every host that Gopherbar contacts, and why. */
import { contactsOf } from '../../settings/contacts.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openStores } from '../stores.ts';
import { pad, textWidth } from '../text-width.ts';
import type { HostsArguments } from './hosts.command.ts';

export async function hostsCommand({ json }: HostsArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { settings, go } = await openStores(io, clock);
  const state = await go.read();
  const effective = state.state === 'found' ? state.effective : null;
  const hosts = contactsOf(settings, effective, io.env.GOVULNDB || undefined).map(({ host, reason }) => ({
    host,
    reason: io.t(`settings.host-${reason}`),
  }));
  if (json === true) io.out(`${JSON.stringify({ schema: 1, hosts }, null, 2)}\n`);
  else {
    const width = Math.max(0, ...hosts.map(({ host }) => textWidth(host)));
    for (const { host, reason } of hosts) io.out(`${pad(host, width)}  ${io.style('dim', reason)}\n`);
  }
  return EXIT.ok;
}
