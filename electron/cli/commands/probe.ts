/** `gopherbar probe URL`: one measurement at full depth, as a waterfall or as JSON. */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import {
  DEFAULT_LIMITS,
  DEFAULT_PROBE_MODULE,
  ENDPOINT_KINDS,
  type Endpoint,
  type EndpointKind,
  type ModuleVersion,
  parseModuleVersion,
} from '../../../shared/domain/endpoint.ts';
import { displayName, isProxyEntry, parseGoproxyList, redactUrl } from '../../../shared/domain/goproxy-list.ts';
import type { ProbeResult } from '../../../shared/domain/result.ts';
import { InlinePool } from '../../probe/inline-pool.ts';
import type { ProbeNetwork } from '../../probe/probe-pool.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { probeJson } from '../probe-json.ts';
import { renderProbe } from '../render-probe.ts';
import { UsageError } from '../usage-error.ts';

export interface ProbeArguments {
  readonly kind: string;
  readonly module?: string;
  readonly ca?: string;
  readonly resolve?: readonly string[];
  readonly resolver?: string;
  readonly light?: boolean;
  readonly json?: boolean;
}

/** Probes one URL. Throws UsageError for arguments that mean nothing. */
export async function probeCommand(url: string, args: ProbeArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const endpoint = readEndpoint(url, args, io);
  const network = await readNetwork(args, io);
  const pool = new InlinePool(clock);
  const depth = args.light ? 'light' : 'full';
  const result = await pool.probe({ endpoint, depth, limits: DEFAULT_LIMITS, network }, io.signal);
  io.out(args.json ? `${JSON.stringify(probeJson(result), null, 2)}\n` : renderProbe(result, io));
  return exitCodeOf(result);
}

function exitCodeOf(result: ProbeResult): ExitCode {
  if (result.outcome === 'cancelled') return EXIT.interrupted;
  return result.outcome === 'ok' ? EXIT.ok : EXIT.finding;
}

function readEndpoint(url: string, args: ProbeArguments, { t }: CliIo): Endpoint {
  const kind = ENDPOINT_KINDS.find((one) => one === args.kind);
  if (kind === undefined)
    throw new UsageError(t('cli.bad-kind', { kind: args.kind, known: ENDPOINT_KINDS.join(', ') }));
  const [entry, ...more] = parseGoproxyList(url);
  if (entry === undefined || more.length > 0 || !isProxyEntry(entry))
    throw new UsageError(t('cli.bad-url', { url: redactUrl(url) }));
  return {
    id: 'probe',
    kind: kind satisfies EndpointKind,
    name: displayName(entry.value),
    url: entry.value,
    module: readModule(args.module, t),
  };
}

function readModule(text: string | undefined, t: CliIo['t']): ModuleVersion {
  if (text === undefined) return DEFAULT_PROBE_MODULE;
  const module = parseModuleVersion(text);
  if (module === null || !/^v\d/.test(module.version)) throw new UsageError(t('cli.bad-module', { module: text }));
  return module;
}

async function readNetwork(args: ProbeArguments, { t }: CliIo): Promise<ProbeNetwork> {
  const pinned = (args.resolve ?? []).map((text) => {
    const match = /^([^:]+|\[[^\]]+\]):(\d{1,5}):\[?([^\]]+)\]?$/.exec(text);
    const [, host, port, address] = match ?? [];
    if (host === undefined || port === undefined || address === undefined || isIP(address) === 0) {
      throw new UsageError(t('cli.bad-resolve', { text }));
    }
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port), address };
  });
  const extraCa = args.ca === undefined ? [] : [await readCa(args.ca, t)];
  return { pinned, extraCa, resolver: args.resolver };
}

async function readCa(file: string, t: CliIo['t']): Promise<string> {
  let pem: string;
  try {
    pem = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      t('cli.ca-unreadable', { file, detail: (error as NodeJS.ErrnoException).code ?? String(error) }),
    );
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new UsageError(t('cli.ca-not-pem', { file }));
  return pem;
}
