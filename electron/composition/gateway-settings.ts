/** How a gateway is to run, from the settings and from what the real `go` keeps private: for the app and the command line. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from '../../shared/domain/profile.ts';
import type { GoState } from '../../shared/domain/snapshot.ts';
import type { CooldownRule } from '../gateway/cooldown.ts';
import { type PrivatePatterns, patternList } from '../gateway/private-modules.ts';
import type { ProbeNetwork } from '../probe/probe-pool.ts';
import { gatewayProfile, goproxyOf } from '../profile/gateway-profile.ts';
import type { Env } from '../system/files.ts';
import { readTextIfRegular } from '../system/read-file.ts';
import type { GoAsking } from '../toolchain/go-credentials.ts';
import type { Core } from './core.ts';
import { upstreamsOf } from './settings.ts';

/** Plain data: it crosses to the gateway's process. */
export interface GatewaySettings {
  /** Base URLs in the order of preference. May hold credentials. */
  readonly upstreams: readonly string[];
  readonly cacheFolder: string;
  readonly cacheBytes: number;
  /** As in GOSUMDB; valid. */
  readonly gosumdb: string;
  readonly patterns: PrivatePatterns;
  readonly network: ProbeNetwork;
  readonly isOffline: boolean;
  readonly allowUnverified: boolean;
  readonly containers: boolean;
  readonly cooldown: CooldownRule;
  /** Where the signed heads of checksum databases are kept over time. */
  readonly headsFolder: string;
  /** Which `go` credentials are taken for. */
  readonly asking: GoAsking;
}

/** What the settings and `go` give when nothing else is asked for. */
export function gatewaySettingsOf(core: Core, go: GoState, cacheFolder: string): GatewaySettings {
  const { gateway } = core.file.settings;
  const { network } = core.settings().monitor;
  const {
    GOPRIVATE = '',
    GONOPROXY = '',
    GONOSUMDB = '',
    GOSUMDB = '',
    GOAUTH = '',
  } = go.state === 'found' ? go.effective : {};
  return {
    upstreams: upstreamsOf(core.file.settings),
    cacheFolder,
    cacheBytes: gateway.cacheBytes,
    gosumdb: GOSUMDB === '' ? 'sum.golang.org' : GOSUMDB,
    patterns: { private: patternList([GOPRIVATE, GONOPROXY]), nosumdb: patternList([GONOSUMDB]) },
    network,
    isOffline: false,
    allowUnverified: gateway.allowUnverified,
    containers: gateway.containers,
    cooldown: { days: gateway.cooldownDays, except: gateway.cooldownExcept },
    headsFolder: core.paths.signedHeads,
    asking: { version: go.state === 'found' ? go.version : null, goauth: GOAUTH },
  };
}

/** The system's place for what can be fetched again. Throws when HOME is not set. */
export function gatewayCacheFolder(platform: NodeJS.Platform, env: Env): string {
  const { HOME: home = '', XDG_CACHE_HOME: xdg = '' } = env;
  if (home === '') throw new Error('HOME is not set: cannot tell where to keep the cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Gopherbar', 'gateway');
  return join(xdg.startsWith('/') ? xdg : join(home, '.cache'), 'gopherbar', 'gateway');
}

/** Where the gateway keeps what is its own, beside the modules; no module path begins with a dot. */
const OWN_FOLDER = '.gopherbar';

/** The port of an earlier run, so that GOPROXY stays valid; 0 when there is none. */
export async function rememberedPort(cacheFolder: string): Promise<number> {
  const text = (await readTextIfRegular(join(cacheFolder, OWN_FOLDER, 'port'), 100)) ?? '';
  const port = Number(text.trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}

/** Stores the port, so that GOPROXY stays valid after a restart. Rejects with the system's error. */
export async function rememberPort(cacheFolder: string, port: number): Promise<void> {
  const folder = join(cacheFolder, OWN_FOLDER);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'port'), `${port}\n`);
}

/** Where a gateway on this computer is reached. */
export function gatewayAddress(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** The profile for the port of the settings or of the last run; null before the first run, or without `go`. */
export async function knownGatewayProfile({ file, env }: Core, go: GoState): Promise<Profile | null> {
  if (go.state !== 'found') return null;
  const port = file.settings.gateway.port ?? (await portOf(env));
  const { cooldownDays } = file.settings.gateway;
  return port === 0 ? null : gatewayProfile(goproxyOf(gatewayAddress(port), cooldownDays), go.effective);
}

async function portOf(env: Env): Promise<number> {
  try {
    return await rememberedPort(gatewayCacheFolder(process.platform, env));
  } catch {
    return 0; // no HOME, no cache
  }
}
