/** `gopherbar gateway`: a GOPROXY on loopback that survives what its upstreams do, until Ctrl-C or SIGTERM. */
import { parseGoproxyList, redactUrl } from '../../../shared/domain/goproxy-list.ts';
import { type OpenGateway, openGateway } from '../../composition/gateway.ts';
import type { GatewayEvent } from '../../gateway/gateway-events.ts';
import type { Listening } from '../../gateway/gateway-server.ts';
import { type PrivatePatterns, patternEnvironment, patternList } from '../../gateway/private-modules.ts';
import { type Gosumdb, parseGosumdb } from '../../integrity/verifier-key.ts';
import type { Clock } from '../../system/clock.ts';
import { parseUrl } from '../../system/web.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readCa, readPins } from '../network-options.ts';
import { portOwner } from '../port-owner.ts';
import { openStores, type Stores } from '../stores.ts';
import { oneLine } from '../text-width.ts';
import { UsageError } from '../usage-error.ts';
import type { GatewayRunArguments } from './gateway.command.ts';
import { cacheFolderOf, followTransfers, rememberedPort, rememberPort } from './gateway-files.ts';

const DEFAULT_CACHE_BYTES = 10 * 1024 ** 3;

/** Runs the gateway. 0 when it was ended, 1 when its port is taken. */
export async function gatewayCommand(args: GatewayRunArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const cacheFolder = cacheFolderOf(args.cache, io);
  if (args.follow === true) return followTransfers(cacheFolder, args.json === true, io, clock);
  const port = readPort(args.port, io);
  const stores = await openStores(io, clock);
  const inForce = await goSettings(stores);
  const gosumdb = readSumdb(args.sumdb ?? inForce.gosumdb, io);
  const patterns: PrivatePatterns = {
    private: patternList([...(args.private ?? []), ...inForce.private]),
    nosumdb: patternList([...(args.nosumdb ?? []), ...inForce.nosumdb]),
  };
  const { network } = stores.settings.monitor;
  const extraCa = args.ca === undefined ? [] : [await readCa(args.ca, io.t)];
  const gateway = await openGateway(
    {
      upstreams: readUpstreams(args.upstream, stores, io),
      cacheFolder,
      cacheBytes: args.cacheSize ?? DEFAULT_CACHE_BYTES,
      gosumdb,
      patterns,
      network: {
        ...network,
        pinned: readPins(args.resolve ?? [], io.t),
        extraCa: [...(network.extraCa ?? []), ...extraCa],
      },
      isOffline: args.offline === true,
      asking: { version: inForce.version, goauth: inForce.goauth },
      emit: args.json === true ? (event) => io.out(`${JSON.stringify(event)}\n`) : (event) => tell(event, io),
    },
    io.env,
    clock,
  );
  try {
    const wanted = port ?? (await rememberedPort(cacheFolder));
    const listening = await listen(gateway, wanted, port === null);
    if (!listening.ok) {
      io.error(await portText(wanted, listening, io));
      return EXIT.finding;
    }
    if (port === null) await rememberPort(cacheFolder, listening.port);
    begin(listening.port, patterns, args.json === true, io);
    await new Promise<void>((resolve) => {
      if (io.signal.aborted) resolve();
      io.signal.addEventListener('abort', () => resolve());
    });
    return EXIT.ok;
  } finally {
    await gateway.close();
  }
}

/** A port that was only remembered, and is taken now, is given up for another. */
async function listen(gateway: OpenGateway, port: number, mayChange: boolean): Promise<Listening> {
  const listening = await gateway.listen(port);
  return listening.ok || !mayChange || port === 0 ? listening : gateway.listen(0);
}

function begin(port: number, patterns: PrivatePatterns, json: boolean, io: CliIo): void {
  const address = `http://127.0.0.1:${port}`;
  const goproxy = `${address}|direct`;
  const env = { GOPROXY: goproxy, ...patternEnvironment(patterns) };
  if (json) {
    io.out(`${JSON.stringify({ schema: 1, listening: address, goproxy, pid: process.pid, env })}\n`);
    return;
  }
  io.out(`${io.t('cli.gateway-listening', { address })}\n`);
  for (const [name, value] of Object.entries(env)) io.out(`  ${name}=${value}\n`);
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
    version: null,
    goauth: GOAUTH,
    gosumdb: GOSUMDB === '' ? 'sum.golang.org' : GOSUMDB,
    private: [GOPRIVATE, GONOPROXY],
    nosumdb: [GONOSUMDB],
  };
}
