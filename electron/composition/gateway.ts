/** The gateway built from real parts: HTTP client, cache, checksum databases, server. */
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { GatewayState } from '../../shared/domain/gateway.ts';
import { ChecksumDatabase } from '../gateway/checksum-database.ts';
import { type Answer, Gateway } from '../gateway/gateway.ts';
import type { GatewayEvent } from '../gateway/gateway-events.ts';
import { GatewayServer, type Listening } from '../gateway/gateway-server.ts';
import { ModuleCache } from '../gateway/module-cache.ts';
import type { ModuleRoute } from '../gateway/route.ts';
import { TreeFiles } from '../gateway/tree-files.ts';
import { Upstream, type UpstreamHealth, UpstreamOrder } from '../gateway/upstream.ts';
import { type Gosumdb, parseGosumdb } from '../integrity/verifier-key.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { parseUrl } from '../system/web.ts';
import { netrcCredential } from '../toolchain/go-credentials.ts';
import { readNetrc } from '../toolchain/netrc.ts';
import { forwardProxyFor } from '../toolchain/proxy-environment.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { openHttpClient } from './http-client.ts';

/** A gateway that is not listening yet. */
export interface OpenGateway {
  /** Listens on loopback; 0 = any free port. */
  listen(port: number): Promise<Listening>;
  /** What it has done and does. */
  activity(): Pick<GatewayState, 'figures' | 'upstreams' | 'transfers'>;
  /** What the monitor knows of the upstreams: who is asked first follows it. */
  setHealth(health: readonly UpstreamHealth[]): void;
  /** Empties the cache. */
  clear(): Promise<void>;
  /** Answers a request without HTTP. */
  answer(route: ModuleRoute): Promise<Answer>;
  /** Ends: open answers have 5 s; then nothing of it runs or writes any more. */
  close(): Promise<void>;
}

/** Opens cache and upstreams. Throws where an extra root is not a certificate. */
export async function openGateway(
  settings: GatewaySettings,
  emit: (event: GatewayEvent) => void,
  env: Env,
  clock: Clock,
): Promise<OpenGateway> {
  const { isOffline } = settings;
  const gosumdb = parseGosumdb(settings.gosumdb);
  if (gosumdb.kind === 'invalid') throw new Error(gosumdb.reason);
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
    activity: () => ({
      ...cache.activity(),
      upstreams: upstreams.all.map((one) => one.state(clock.monotonic())),
    }),
    setHealth: (health) => {
      for (const one of upstreams.all) {
        one.monitored(health.find(({ url }) => url.replace(/(?<!\/)\/+$/, '') === one.base) ?? null);
      }
    },
    clear: () => cache.clear(),
    answer: (route) => gateway.answer(route, false),
    async close() {
      await server.close();
      await gateway.close();
      await client.close();
      await cache.close();
    },
  };
}
