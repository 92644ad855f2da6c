/** From options, settings and `go env` to a gateway: for `gateway`, `prefetch` and `ci --gateway`. */
import { MAX_COOLDOWN_DAYS } from '../../shared/domain/gateway.ts';
import { parseGoproxyList, redactUrl } from '../../shared/domain/goproxy-list.ts';
import { type GatewaySettings, gatewaySettingsOf } from '../composition/gateway-settings.ts';
import { patternList } from '../gateway/private-modules.ts';
import { parseGosumdb } from '../integrity/verifier-key.ts';
import type { Clock } from '../system/clock.ts';
import { parseUrl } from '../system/web.ts';
import type { CliIo } from './cli-io.ts';
import { cacheFolderOf } from './commands/gateway-files.ts';
import { readCa, readPins } from './network-options.ts';
import { openStores } from './stores.ts';
import { UsageError } from './usage-error.ts';

/** The options that these commands take. */
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
  readonly cooldown?: number;
  readonly cooldownExcept?: readonly string[];
}

/** What was not given is taken from the settings and from the real `go`. Rejects with UsageError. */
export async function gatewaySettings(args: GatewayOptions, io: CliIo, clock: Clock): Promise<GatewaySettings> {
  const cacheFolder = cacheFolderOf(args.cache, io);
  const { core, go } = await openStores(io, clock);
  const own = gatewaySettingsOf(core, await go.read(), cacheFolder);
  const { patterns, network } = own;
  const extraCa = args.ca === undefined ? [] : [await readCa(args.ca, io.t)];
  return {
    ...own,
    upstreams: args.upstream === undefined ? own.upstreams : readUpstreams(args.upstream, io),
    cacheBytes: args.cacheSize ?? own.cacheBytes,
    gosumdb: checkSumdb(args.sumdb ?? own.gosumdb, io),
    patterns: {
      private: patternList([...(args.private ?? []), ...patterns.private]),
      nosumdb: patternList([...(args.nosumdb ?? []), ...patterns.nosumdb]),
    },
    network: {
      ...network,
      pinned: readPins(args.resolve ?? [], io.t),
      extraCa: [...(network.extraCa ?? []), ...extraCa],
    },
    isOffline: args.offline === true,
    allowUnverified: args.allowUnverified === true || own.allowUnverified,
    containers: args.containers === true || own.containers,
    cooldown: {
      days: checkDays(args.cooldown ?? own.cooldown.days, io),
      except: patternList([...(args.cooldownExcept ?? []), ...own.cooldown.except]),
    },
  };
}

function checkSumdb(spec: string, io: CliIo): string {
  const gosumdb = parseGosumdb(spec);
  if (gosumdb.kind === 'invalid') throw new UsageError(io.t('cli.gateway-bad-sumdb', { reason: gosumdb.reason }));
  return spec;
}

function checkDays(days: number, io: CliIo): number {
  if (days <= MAX_COOLDOWN_DAYS) return days;
  throw new UsageError(io.t('cli.gateway-bad-cooldown', { days, max: MAX_COOLDOWN_DAYS }));
}

/** Each may be a list as in GOPROXY. */
function readUpstreams(given: readonly string[], io: CliIo): readonly string[] {
  const urls = given.flatMap((list) => parseGoproxyList(list).map(({ value }) => value));
  const bad = urls.find((url) => !/^https?:$/.test(parseUrl(url)?.protocol ?? ''));
  if (bad !== undefined) throw new UsageError(io.t('cli.gateway-bad-upstream', { url: redactUrl(bad) }));
  return urls;
}
