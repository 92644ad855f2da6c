/** `gopherbar gateway`: a GOPROXY on loopback that survives what its upstreams do, until Ctrl-C or SIGTERM. */

import { problemOf } from '../../../shared/domain/outcome.ts';
import { exportCommand } from '../../../shared/domain/shell-command.ts';
import { type OpenGateway, openGateway } from '../../composition/gateway.ts';
import {
  type GatewaySettings,
  gatewayAddress,
  rememberedPort,
  rememberPort,
} from '../../composition/gateway-settings.ts';
import type { GatewayEvent } from '../../gateway/gateway-events.ts';
import type { Listening } from '../../gateway/gateway-server.ts';
import { patternEnvironment } from '../../gateway/private-modules.ts';
import { goproxyOf } from '../../profile/gateway-profile.ts';
import type { Clock } from '../../system/clock.ts';
import { errorDetail } from '../../system/error-facts.ts';
import { portOwner } from '../../system/port-owner.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { gatewaySettings } from '../gateway-options.ts';
import { reportProblem } from '../report.ts';
import { oneLine } from '../text-width.ts';
import { UsageError } from '../usage-error.ts';
import type { GatewayRunArguments } from './gateway.command.ts';
import { cacheFolderOf, followTransfers } from './gateway-files.ts';

/** Runs the gateway. 0 when it was ended, 1 when its port is taken. */
export async function gatewayCommand(args: GatewayRunArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const cacheFolder = cacheFolderOf(args.cache, io);
  if (args.follow === true) return followTransfers(cacheFolder, args.json === true, io, clock);
  const port = readPort(args.port, io);
  const emit = (event: GatewayEvent) => (args.json === true ? io.out(`${JSON.stringify(event)}\n`) : tell(event, io));
  const settings = await gatewaySettings(args, io, clock);
  const gateway = await openGateway(settings, emit, io.env, clock);
  try {
    const wanted = port ?? (await rememberedPort(cacheFolder));
    const listening = await listen(gateway, wanted, port === null);
    if (!listening.ok) {
      io.error(await portText(wanted, listening, io));
      return EXIT.finding;
    }
    // A port that another gateway has now stays the remembered one.
    if (port === null && wanted === 0) await keepPort(cacheFolder, listening.port, io);
    begin(listening.port, settings, args.json === true, io);
    await new Promise<void>((resolve) => {
      if (io.signal.aborted) resolve();
      io.signal.addEventListener('abort', () => resolve());
    });
    return EXIT.ok;
  } finally {
    await gateway.close();
  }
}

/** A remembered port that is taken now is replaced by another. */
async function listen(gateway: OpenGateway, port: number, mayChange: boolean): Promise<Listening> {
  const listening = await gateway.listen(port);
  return listening.ok || !mayChange || port === 0 ? listening : gateway.listen(0);
}

function begin(port: number, { patterns, cooldown }: GatewaySettings, json: boolean, io: CliIo): void {
  const address = gatewayAddress(port);
  const goproxy = goproxyOf(address, cooldown.days);
  const env = { GOPROXY: goproxy, ...patternEnvironment(patterns) };
  if (json) {
    io.out(`${JSON.stringify({ schema: 1, listening: address, goproxy, pid: process.pid, env })}\n`);
    return;
  }
  io.out(`${io.t('cli.gateway-listening', { address })}\n`);
  for (const [name, value] of Object.entries(env)) io.out(`  ${exportCommand(name, value)}\n`);
}

function tell(event: GatewayEvent, io: CliIo): void {
  const line = eventText(event, io);
  if (line !== null) io.out(`${oneLine(line)}\n`);
}

function eventText(event: GatewayEvent, { t }: CliIo): string | null {
  switch (event.event) {
    case 'incident':
      return t('cli.gateway-incident', { ...event });
    case 'cache':
      return t('cli.gateway-cache', { problem: event.problem });
    case 'request': {
      if (event.survived.length === 0) return null;
      const troubles = event.survived.map(({ upstream, reason }) => `${upstream}: ${reason}`).join('; ');
      return t('cli.gateway-survived', { path: event.path, status: event.status, troubles });
    }
    case 'cooldown':
      return t(`cli.gateway-cooldown.${event.decision}`, { ...event });
    case 'progress':
      return null;
  }
}

async function portText(
  port: number,
  { code, message }: Extract<Listening, { ok: false }>,
  io: CliIo,
): Promise<string> {
  if (code !== 'EADDRINUSE') return `gopherbar: ${message}\n`;
  const { owner, free } = await portOwner(port);
  const who = owner === null ? '' : ` (${owner})`;
  return `gopherbar: ${io.t('cli.gateway-port-taken', { port: String(port), who, free: String(free) })}\n`;
}

function readPort(text: string | undefined, io: CliIo): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new UsageError(io.t('cli.gateway-bad-port', { port: text }));
  return port;
}

/** Without it the gateway serves all the same, until it is started again. */
async function keepPort(folder: string, port: number, io: CliIo): Promise<void> {
  try {
    await rememberPort(folder, port);
  } catch (error) {
    reportProblem(io, problemOf('gateway-port-not-kept', { folder, detail: errorDetail(error) }));
  }
}
