/** `gopherbar lag MODULE…`: how far each proxy of the settings is behind the latest version that any of them lists. */
import { DEFAULT_LIMITS } from '../../../shared/domain/endpoint.ts';
import { isModuleVersion } from '../../../shared/domain/module-path.ts';
import { isPrivateModule } from '../../../shared/domain/private-modules.ts';
import type { GoState } from '../../../shared/domain/snapshot.ts';
import { problemText } from '../../../shared/messages/messages.ts';
import { openHttpClient } from '../../composition/http-client.ts';
import { listVersions } from '../../probe/list-versions.ts';
import type { Clock } from '../../system/clock.ts';
import { type Lag, syncLag } from '../../verdict/sync-lag.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportError } from '../report.ts';
import { openStores } from '../stores.ts';
import { cut, pad } from '../text-width.ts';
import { UsageError } from '../usage-error.ts';
import type { LagArguments } from './lag.command.ts';

/** Requests every module from every proxy; exit 1 when one is behind or does not respond. */
export async function lagCommand(args: LagArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { modules, json } = args;
  const { settings, go } = await openStores(io, clock);
  const { endpoints, network } = settings.monitor;
  const proxies = endpoints.filter(({ kind }) => kind === 'goproxy');
  const bad = modules.find((path) => !isModuleVersion({ path, version: 'v0.0.0' }));
  if (bad !== undefined) throw new UsageError(io.t('cli.bad-module-path', { module: bad }));
  if (args.evenPrivate !== true) {
    const refusal = refusalOf(modules, await go.read(), io);
    if (refusal !== null) {
      reportError(io, refusal);
      return EXIT.finding;
    }
  }
  const client = openHttpClient(network, DEFAULT_LIMITS, clock);
  const reports = [];
  for (const module of modules) {
    const listings = await Promise.all(proxies.map((one) => listVersions(one, module, client, io.signal)));
    reports.push({ module, proxies: syncLag(listings, clock.now()) });
  }
  await client.close();
  if (io.signal.aborted) return EXIT.interrupted;
  const nameOf = (id: string) => proxies.find((one) => one.id === id)?.name ?? id;
  if (json === true) io.out(`${JSON.stringify({ schema: 1, modules: reports }, null, 2)}\n`);
  else for (const { module, proxies: lags } of reports) io.out(rendered(module, lags, nameOf, io));
  return reports.every(({ proxies: lags }) => lags.every(({ versionsBehind }) => versionsBehind === 0))
    ? EXIT.ok
    : EXIT.finding;
}

/** Why the proxies are not asked: a module is private, or `go` does not say which modules are. */
function refusalOf(modules: readonly string[], state: GoState, { t }: CliIo): string | null {
  if (state.state === 'detecting') return t('cli.privacy-unknown');
  if (state.state !== 'found') return `${problemText(t, state.problem)}\n${t('cli.privacy-unknown')}`;
  const secret = modules.find((path) => isPrivateModule(path, state.effective));
  return secret === undefined ? null : t('cli.private-module', { module: secret });
}

function rendered(module: string, lags: readonly Lag[], nameOf: (id: string) => string, io: CliIo): string {
  const lines = lags.map((lag) => {
    const mark = lag.versionsBehind === 0 ? io.style('green', '●') : io.style('yellow', '▲');
    return `${mark} ${pad(cut(nameOf(lag.endpointId), 28), 28)} ${pad(lag.newest ?? '—', 24)} ${behind(lag, io)}`;
  });
  return `${io.style('bold', module)}\n${lines.join('\n')}\n`;
}

function behind({ newest, versionsBehind, hoursBehind }: Lag, { t }: CliIo): string {
  if (newest === null || versionsBehind === null) return t('cli.lag-unknown');
  if (versionsBehind === 0) return t('cli.lag-none');
  const hours = hoursBehind === null ? '' : ` · ${t('cli.lag-hours', { hours: Math.round(hoursBehind) })}`;
  return `${t('cli.lag-versions', { count: versionsBehind })}${hours}`;
}
