/** What `gopherbar gateway` stores next to the cache: the port, counters, running downloads. */
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Profile } from '../../../shared/domain/profile.ts';
import type { GoState } from '../../../shared/domain/snapshot.ts';
import { transferText } from '../../../shared/messages/gateway-text.ts';
import type { Core } from '../../composition/core.ts';
import { gatewayCacheFolder, knownGatewayProfile } from '../../composition/gateway-settings.ts';
import { CacheIndex, COUNTERS } from '../../gateway/cache-index.ts';
import { GATEWAY_PROFILE } from '../../profile/gateway-profile.ts';
import type { Clock } from '../../system/clock.ts';
import { errorDetail } from '../../system/error-facts.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportError } from '../report.ts';
import { oneLine } from '../text-width.ts';
import type { GatewayClearArguments, GatewayStatsArguments } from './gateway.command.ts';

const OWN_FOLDER = '.gopherbar';
/** An older transfer entry belongs to a gateway that has ended. */
const FRESH_MS = 3_000;
const FOLLOW_MS = 250;

/** The given cache folder, else the system's default. Fails when there is none. */
export function cacheFolderOf(given: string | undefined, io: CliIo): string {
  return given === undefined ? gatewayCacheFolder(process.platform, io.env) : resolve(io.folder, given);
}

/** The profiles, and the gateway's once a gateway has had its port. */
export async function withGateway(profiles: readonly Profile[], go: GoState, core: Core): Promise<readonly Profile[]> {
  if (profiles.some(({ id }) => id === GATEWAY_PROFILE)) return profiles;
  const profile = await knownGatewayProfile(core, go);
  return profile === null ? profiles : [...profiles, profile];
}

/** `gopherbar gateway stats`: size of the cache and the counters of all gateways that shared it. */
export async function gatewayStatsCommand(args: GatewayStatsArguments, io: CliIo): Promise<ExitCode> {
  const folder = cacheFolderOf(args.cache, io);
  const index = openIndex(folder, io);
  if (index === null) return EXIT.finding;
  const totals = index.totals();
  const counters = index.counters();
  index.close();
  if (args.json === true) {
    io.out(`${JSON.stringify({ schema: 1, folder, ...totals, counters }, null, 2)}\n`);
    return EXIT.ok;
  }
  io.out(`${folder}\n${io.t('cli.gateway-cache-size', { files: totals.files, megabytes: megabytes(totals.bytes) })}\n`);
  for (const name of COUNTERS) {
    const isBytes = name === 'cacheBytes' || name === 'upstreamBytes';
    const value = isBytes ? `${megabytes(counters[name])} MB` : String(counters[name]);
    io.out(`${io.t(`cli.gateway-count.${name}`, { value })}\n`);
  }
  return EXIT.ok;
}

/** `gopherbar gateway clear`: empties the cache; a running gateway continues with an empty one. */
export async function gatewayClearCommand(args: GatewayClearArguments, io: CliIo): Promise<ExitCode> {
  const folder = cacheFolderOf(args.cache, io);
  const index = openIndex(folder, io);
  if (index === null) return EXIT.finding;
  const totals = index.totals();
  // Only files in the index are removed: the folder may contain the user's own files.
  for (const path of index.paths('')) await rm(join(folder, path), { force: true });
  index.clear();
  index.close();
  for (const own of ['sumdb', join(OWN_FOLDER, 'spool'), join(OWN_FOLDER, 'quarantine')]) {
    await rm(join(folder, own), { recursive: true, force: true });
  }
  if (args.json === true) io.out(`${JSON.stringify({ schema: 1, folder, ...totals })}\n`);
  else io.out(`${io.t('cli.gateway-cleared', { files: totals.files, megabytes: megabytes(totals.bytes) })}\n`);
  return EXIT.ok;
}

/** `gopherbar gateway --follow`: shows the downloads of a running gateway live, until Ctrl-C. */
export async function followTransfers(folder: string, json: boolean, io: CliIo, clock: Clock): Promise<ExitCode> {
  const index = openIndex(folder, io);
  if (index === null) return EXIT.finding;
  let before = '';
  while (!io.signal.aborted) {
    const transfers = index.transfers(clock.now() - FRESH_MS);
    const text = transfers.map((one) => (json ? one : oneLine(transferText(JSON.parse(one), io.t)))).join('\n');
    if (text !== before && text !== '') io.out(`${text}\n`);
    before = text;
    await delay(FOLLOW_MS, undefined, { signal: io.signal }).catch(() => {});
  }
  index.close();
  return EXIT.ok;
}

function openIndex(folder: string, io: CliIo): CacheIndex | null {
  try {
    return CacheIndex.open(join(folder, OWN_FOLDER, 'index.sqlite'));
  } catch (error) {
    reportError(io, io.t('cli.gateway-cache', { problem: errorDetail(error) }));
    return null;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
