/** `gopherbar probe URL`: one measurement at full depth, as a waterfall or as JSON. */

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
import { parseGosumdb } from '../../integrity/verifier-key.ts';
import { runExperiments } from '../../probe/experiments.ts';
import type { ProbeNetwork, ProbePool, ProbeRequest } from '../../probe/probe-pool.ts';
import type { Clock } from '../../system/clock.ts';
import { parseUrl } from '../../system/web.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readCa, readPins } from '../network-options.ts';
import { probeJson } from '../probe-json.ts';
import { renderProbe } from '../render-probe.ts';
import { openStores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import type { ProbeArguments } from './probe.command.ts';

/** Probes one URL. Throws UsageError for invalid arguments. */
export async function probeCommand(args: ProbeArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const endpoint = readEndpoint(args, io);
  const network = await readNetwork(args, io);
  const { core, settings } = await openStores(io, clock);
  const pool = await core.pool();
  const depth = args.light ? 'light' : 'full';
  const request: ProbeRequest = { endpoint, depth, limits: DEFAULT_LIMITS, network };
  const result = await withExperiments(await pool.probe(request, io.signal), request, pool, args, io);
  const through = settings.forwardProxyOfGo(endpoint.url);
  io.out(
    args.json
      ? `${JSON.stringify({ ...probeJson(result), forwardProxyOfGo: through }, null, 2)}\n`
      : `${renderProbe(result, io)}${through === null ? '' : `\n  ${io.t('cli.go-goes-through', { proxy: through })}\n`}`,
  );
  return exitCodeOf(result);
}

/** Runs experiments on a failure when requested. */
async function withExperiments(
  result: ProbeResult,
  request: ProbeRequest,
  pool: ProbePool,
  args: ProbeArguments,
  { signal }: CliIo,
): Promise<ProbeResult> {
  const wanted = args.experiments === true || args.otherResolver !== undefined || args.otherProxy !== undefined;
  if (!wanted || result.outcome !== 'failed') return result;
  const controls = { resolver: args.otherResolver, forwardProxy: args.otherProxy };
  const experiments = await runExperiments(pool, request, result, controls, signal);
  return { ...result, evidence: { ...result.evidence, experiments } };
}

function exitCodeOf(result: ProbeResult): ExitCode {
  if (result.outcome === 'cancelled') return EXIT.interrupted;
  return result.outcome === 'ok' ? EXIT.ok : EXIT.finding;
}

function readEndpoint(args: ProbeArguments, { t }: CliIo): Endpoint {
  const { url } = args;
  const kind = ENDPOINT_KINDS.find((one) => one === args.kind);
  if (kind === undefined)
    throw new UsageError(t('cli.bad-kind', { kind: args.kind, known: ENDPOINT_KINDS.join(', ') }));
  const read = readUrl(url, kind);
  if (read === null) throw new UsageError(t('cli.bad-url', { url: redactUrl(url), example: EXAMPLES[kind] }));
  const module = kind === 'module' ? readModule(url.replace(/^module:\/\//, ''), t) : readModule(args.module, t);
  return {
    id: 'probe',
    kind,
    name: displayName(read.url),
    url: read.url,
    module,
    key: args.key ?? read.key,
    target: args.target,
  };
}

/** An example URL of each kind, for the message about an invalid one. */
const EXAMPLES: Readonly<Record<EndpointKind, string>> = {
  goproxy: 'https://goproxy.cn',
  sumdb: 'sum.golang.org',
  vcs: 'golang.org/x/text',
  dns: 'udp://223.5.5.5',
  'forward-proxy': 'http://127.0.0.1:7890',
  module: 'golang.org/x/text@v0.3.0',
};

/** The URL in the form that probes take, from user input; null when it is invalid. */
function readUrl(text: string, kind: EndpointKind): { readonly url: string; readonly key?: string } | null {
  const trimmed = text.trim().replace(/(?<!\/)\/+$/, '');
  switch (kind) {
    case 'goproxy': {
      const [entry, ...more] = parseGoproxyList(trimmed);
      return entry === undefined || more.length > 0 || !isProxyEntry(entry) ? null : { url: entry.value };
    }
    case 'sumdb': {
      if (/^https?:\/\//.test(trimmed)) return { url: trimmed };
      const database = parseGosumdb(trimmed);
      return database.kind === 'database' ? { url: database.url, key: database.key.text } : null;
    }
    case 'vcs':
      return withScheme(trimmed, 'https');
    case 'dns':
      return withScheme(isIP(trimmed) === 6 ? `[${trimmed}]` : trimmed.replace(/^dns:/, 'udp:'), 'udp');
    case 'forward-proxy':
      return withScheme(trimmed, 'http');
    case 'module':
      return { url: trimmed.startsWith('module://') ? trimmed : `module://${trimmed}` };
  }
}

function withScheme(text: string, scheme: string): { readonly url: string } | null {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${scheme}://${text}`;
  return (parseUrl(url)?.hostname ?? '') === '' ? null : { url };
}

function readModule(text: string | undefined, t: CliIo['t']): ModuleVersion {
  if (text === undefined) return DEFAULT_PROBE_MODULE;
  const module = parseModuleVersion(text);
  if (module === null || !/^v\d/.test(module.version)) throw new UsageError(t('cli.bad-module', { module: text }));
  return module;
}

async function readNetwork(args: ProbeArguments, { t }: CliIo): Promise<ProbeNetwork> {
  const pinned = readPins(args.resolve ?? [], t);
  const extraCa = args.ca === undefined ? [] : [await readCa(args.ca, t)];
  return { pinned, extraCa, resolver: args.resolver, forwardProxy: args.forwardProxy };
}
