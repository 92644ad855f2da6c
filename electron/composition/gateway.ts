/** The gateway built from real parts: HTTP client, cache, checksum databases, server. */
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { GatewayState } from '../../shared/domain/gateway.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { KnownFixes } from '../gate/known-fixes.ts';
import { databaseFor } from '../gateway/checked-files.ts';
import { ChecksumDatabase } from '../gateway/checksum-database.ts';
import { Cooldown } from '../gateway/cooldown.ts';
import { type Answer, Gateway, type ZipRoute, type ZipSize } from '../gateway/gateway.ts';
import type { GatewayEvent } from '../gateway/gateway-events.ts';
import { GatewayServer, type Listening } from '../gateway/gateway-server.ts';
import { ModuleCache } from '../gateway/module-cache.ts';
import type { ModuleRoute } from '../gateway/route.ts';
import { TreeFiles } from '../gateway/tree-files.ts';
import { Upstream, type UpstreamHealth, UpstreamOrder } from '../gateway/upstream.ts';
import { HeadHistory } from '../integrity/head-history.ts';
import { type Gosumdb, parseGosumdb } from '../integrity/verifier-key.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { silentLog } from '../system/log.ts';
import { netrcCredential } from '../toolchain/go-credentials.ts';
import { readNetrc } from '../toolchain/netrc.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { environmentProxy, openHttpClient } from './http-client.ts';

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
  /** How large a zip is, without fetching it. */
  size(route: ZipRoute, signal: AbortSignal): Promise<ZipSize>;
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
  const client = openHttpClient(settings.network, DEFAULT_LIMITS, clock, environmentProxy(env));
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
  const onProblem = (problem: Problem) => emit({ event: 'cache', problem: problemLine(problem) });
  const histories: HeadHistory[] = [];
  const open = ({ name, key, url, direct }: Extract<Gosumdb, { kind: 'database' }>) => {
    const path = join(settings.headsFolder, `${encodeURIComponent(name)}.json`);
    const history = new HeadHistory(path, key, { clock, log: silentLog, onProblem });
    histories.push(history);
    return new ChecksumDatabase({ ...base, name, key, url, isDirect: direct, history });
  };
  const standard = parseGosumdb('sum.golang.org');
  if (standard.kind !== 'database') throw new Error('the key of sum.golang.org is damaged');
  const database = gosumdb.kind === 'database' ? open(gosumdb) : null;
  const databases = { database, toolchainDatabase: open(standard), patterns: settings.patterns };
  const fixes = new KnownFixes(env.GOVULNDB ?? '', client, clock);
  const cooldown = new Cooldown({
    rule: settings.cooldown,
    clock,
    databaseFor: (path) => databaseFor(databases, path),
    databases: database === null ? [] : [database],
    findFix: (path, version) => fixes.find(path, version),
    servesUnchecked: isOffline || settings.allowUnverified,
    emit,
  });
  const gateway = new Gateway({
    ...databases,
    client,
    clock,
    upstreams,
    cache,
    files,
    cooldown,
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
    size: (route, signal) => gateway.size(route, signal),
    async close() {
      await server.close();
      await cooldown.close();
      await gateway.close();
      await fixes.close();
      await client.close();
      for (const history of histories) await history.close();
      await cache.close();
    },
  };
}

/** A problem of a file, for events, which are not translated. */
function problemLine({ key, params }: Problem): string {
  return [key, ...Object.values(params)].join(' ');
}
