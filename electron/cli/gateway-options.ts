/** From options, settings and `go env` to a gateway: for `gateway` and `prefetch`. */
import { parseGoproxyList, redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { GatewaySettings } from '../composition/gateway.ts';
import type { GatewayEvent } from '../gateway/gateway-events.ts';
import { patternList } from '../gateway/private-modules.ts';
import { type Gosumdb, parseGosumdb } from '../integrity/verifier-key.ts';
import type { Clock } from '../system/clock.ts';
import { parseUrl } from '../system/web.ts';
import type { CliIo } from './cli-io.ts';
import { cacheFolderOf } from './commands/gateway-files.ts';
import { readCa, readPins } from './network-options.ts';
import { openStores, type Stores } from './stores.ts';
import { UsageError } from './usage-error.ts';

/** The options that both commands take. */
interface GatewayOptions {
  readonly upstream?: readonly string[];
  readonly cache?: string;
  readonly cacheSize?: number;
  readonly sumdb?: string;
  readonly private?: readonly string[];
  readonly nosumdb?: readonly string[];
  readonly ca?: string;
  readonly resolve?: readonly string[];
  readonly offline?: boolean;
  readonly allowUnverified?: boolean;
  readonly containers?: boolean;
}

const DEFAULT_CACHE_BYTES = 10 * 1024 ** 3;

/** What was not given is taken from the settings and from the real `go`. Rejects with UsageError. */
export async function gatewaySettings(
  args: GatewayOptions,
  emit: (event: GatewayEvent) => void,
  io: CliIo,
  clock: Clock,
): Promise<GatewaySettings> {
  const stores = await openStores(io, clock);
  const inForce = await goSettings(stores);
  const { network } = stores.settings.monitor;
  const extraCa = args.ca === undefined ? [] : [await readCa(args.ca, io.t)];
  return {
    upstreams: readUpstreams(args.upstream, stores, io),
    cacheFolder: cacheFolderOf(args.cache, io),
    cacheBytes: args.cacheSize ?? DEFAULT_CACHE_BYTES,
    gosumdb: readSumdb(args.sumdb ?? inForce.gosumdb, io),
    patterns: {
      private: patternList([...(args.private ?? []), ...inForce.private]),
      nosumdb: patternList([...(args.nosumdb ?? []), ...inForce.nosumdb]),
    },
    network: {
      ...network,
      pinned: readPins(args.resolve ?? [], io.t),
      extraCa: [...(network.extraCa ?? []), ...extraCa],
    },
    isOffline: args.offline === true,
    allowUnverified: args.allowUnverified === true,
    containers: args.containers === true,
    asking: { version: inForce.version, goauth: inForce.goauth },
    emit,
  };
}

function readSumdb(spec: string, io: CliIo): Exclude<Gosumdb, { kind: 'invalid' }> {
  const gosumdb = parseGosumdb(spec);
  if (gosumdb.kind === 'invalid') throw new UsageError(io.t('cli.gateway-bad-sumdb', { reason: gosumdb.reason }));
  return gosumdb;
}

/** Those of the options, each possibly a list as in GOPROXY; else the module proxies of the settings. */
function readUpstreams(given: readonly string[] | undefined, stores: Stores, io: CliIo): readonly string[] {
  if (given === undefined) {
    return stores.settings.monitor.endpoints.filter(({ kind }) => kind === 'goproxy').map(({ url }) => url);
  }
  const urls = given.flatMap((list) => parseGoproxyList(list).map(({ value }) => value));
  const bad = urls.find((url) => !/^https?:$/.test(parseUrl(url)?.protocol ?? ''));
  if (bad !== undefined) throw new UsageError(io.t('cli.gateway-bad-upstream', { url: redactUrl(bad) }));
  return urls;
}

interface GoSettings {
  readonly version: string | null;
  readonly goauth: string;
  readonly gosumdb: string;
  readonly private: readonly string[];
  readonly nosumdb: readonly string[];
}

/** What the real `go` keeps private: an explicit GONOPROXY or GONOSUMDB replaces GOPRIVATE for its own purpose. */
async function goSettings({ go }: Stores): Promise<GoSettings> {
  const state = await go.read();
  const effective = state.state === 'found' ? state.effective : {};
  const { GOPRIVATE = '', GONOPROXY = '', GONOSUMDB = '', GOSUMDB = '', GOAUTH = '' } = effective;
  return {
    version: state.state === 'found' ? state.version : null,
    goauth: GOAUTH,
    gosumdb: GOSUMDB === '' ? 'sum.golang.org' : GOSUMDB,
    private: [GOPRIVATE, GONOPROXY],
    nosumdb: [GONOSUMDB],
  };
}
