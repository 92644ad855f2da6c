/** The gateway built from real parts: HTTP client, cache, checksum databases, server. */
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import { ChecksumDatabase } from '../gateway/checksum-database.ts';
import { type Answer, Gateway } from '../gateway/gateway.ts';
import type { GatewayEvent } from '../gateway/gateway-events.ts';
import { GatewayServer, type Listening } from '../gateway/gateway-server.ts';
import { ModuleCache } from '../gateway/module-cache.ts';
import type { PrivatePatterns } from '../gateway/private-modules.ts';
import type { ModuleRoute } from '../gateway/route.ts';
import { TreeFiles } from '../gateway/tree-files.ts';
import { Upstream, UpstreamOrder } from '../gateway/upstream.ts';
import { type Gosumdb, parseGosumdb } from '../integrity/verifier-key.ts';
import type { ProbeNetwork } from '../probe/probe-pool.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { parseUrl } from '../system/web.ts';
import { type GoAsking, netrcCredential } from '../toolchain/go-credentials.ts';
import { readNetrc } from '../toolchain/netrc.ts';
import { forwardProxyFor } from '../toolchain/proxy-environment.ts';
import { openHttpClient } from './http-client.ts';

export interface GatewaySettings {
  /** Base URLs in the order of preference. */
  readonly upstreams: readonly string[];
  readonly cacheFolder: string;
  readonly cacheBytes: number;
  readonly gosumdb: Exclude<Gosumdb, { kind: 'invalid' }>;
  readonly patterns: PrivatePatterns;
  readonly network: ProbeNetwork;
  readonly isOffline: boolean;
  readonly allowUnverified: boolean;
  readonly containers: boolean;
  /** Which `go` credentials are taken for. */
  readonly asking: GoAsking;
  readonly emit: (event: GatewayEvent) => void;
}

/** A gateway that is not listening yet. */
export interface OpenGateway {
  /** Listens on loopback; 0 = any free port. */
  listen(port: number): Promise<Listening>;
  /** Answers a request without HTTP. */
  answer(route: ModuleRoute): Promise<Answer>;
  /** Ends: open answers have 5 s; then nothing of it runs or writes any more. */
  close(): Promise<void>;
}

/** Where the cache is unless it is said: the system's place for what can be fetched again. Errors when HOME is not set. */
export function gatewayCacheFolder(platform: NodeJS.Platform, env: Env): string {
  const { HOME: home = '', XDG_CACHE_HOME: xdg = '' } = env;
  if (home === '') throw new Error('HOME is not set: cannot tell where to keep the cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Gopherbar', 'gateway');
  return join(xdg.startsWith('/') ? xdg : join(home, '.cache'), 'gopherbar', 'gateway');
}

/** Opens cache and upstreams. Throws where an extra root is not a certificate. */
export async function openGateway(settings: GatewaySettings, env: Env, clock: Clock): Promise<OpenGateway> {
  const { emit, gosumdb, isOffline } = settings;
  const client = openHttpClient(settings.network, DEFAULT_LIMITS, clock, ({ secure, host, port }) => {
    const url = parseUrl(`${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`);
    return url === null ? null : forwardProxyFor(url, env);
  });
  const cache = await ModuleCache.open({
    folder: settings.cacheFolder,
    maxBytes: settings.cacheBytes,
    clock,
    onProblem: (problem) => emit({ event: 'cache', problem }),
  });
  const lines = await readNetrc(env);
  const upstreams = new UpstreamOrder(
    settings.upstreams.map((url) => {
      const found = netrcCredential(url, lines, settings.asking);
      const basic = found === null ? '' : Buffer.from(`${found.login}:${found.password}`).toString('base64');
      return new Upstream(url, found === null ? {} : { authorization: `Basic ${basic}` });
    }),
  );
  const files = new TreeFiles(settings.cacheFolder, cache.reportProblem);
  const base = { client, clock, upstreams, files, isOffline, emit };
  const open = ({ name, key, url, direct }: Extract<Gosumdb, { kind: 'database' }>) =>
    new ChecksumDatabase({ ...base, name, key, url, isDirect: direct });
  const standard = parseGosumdb('sum.golang.org');
  if (standard.kind !== 'database') throw new Error('the key of sum.golang.org is damaged');
  const database = gosumdb.kind === 'database' ? open(gosumdb) : null;
  const gateway = new Gateway({
    client,
    clock,
    upstreams,
    cache,
    files,
    database,
    toolchainDatabase: open(standard),
    patterns: settings.patterns,
    allowUnverified: settings.allowUnverified,
    isOffline,
    emit,
  });
  const server = new GatewayServer({ gateway, cache, clock, emit, containers: settings.containers });
  return {
    listen: (port) => server.listen(port),
    answer: (route) => gateway.answer(route, false),
    async close() {
      await server.close();
      await gateway.close();
      await client.close();
      await cache.close();
    },
  };
}
