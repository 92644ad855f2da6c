/** Metrics of an engine, served for Prometheus: for `watch --metrics` and for the app. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { GatewayFigures } from '../../shared/domain/gateway.ts';
import { failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { Engine } from '../engine/engine-api.ts';
import { EngineMetrics } from '../fleet/metrics.ts';
import { type MetricsAddress, type MetricsListening, serveMetrics } from '../fleet/metrics-server.ts';
import { otlpMetrics } from '../fleet/otlp.ts';
import { otlpHeaders } from '../fleet/otlp-headers.ts';
import { OtlpSender, otlpUrl } from '../fleet/otlp-sender.ts';
import { CacheIndex } from '../gateway/cache-index.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import type { Core } from './core.ts';
import { gatewayCacheFolder } from './gateway-settings.ts';
import { environmentProxy, openHttpClient } from './http-client.ts';

/** Serves until it is closed. The gateway's counters are those of its cache, whichever process runs it. */
export async function openMetrics(
  engine: Pick<Engine, 'snapshot' | 'subscribe'>,
  address: MetricsAddress,
  env: Env,
  clock: Clock,
): Promise<MetricsListening> {
  const { metrics, stop } = metricsOf(engine, env, clock);
  const listening = await serveMetrics(address, () => metrics.text());
  if (!listening.ok) {
    stop();
    return listening;
  }
  return {
    ...listening,
    close: () => {
      stop();
      return listening.close();
    },
  };
}

/** Where metrics are sent, and with which headers. */
interface Collector {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The collector that a person named, with the headers of the environment. */
export function readCollector(text: string, env: Env): Outcome<Collector> {
  const url = otlpUrl(text);
  if (url === null) return failed('otlp-url', { url: text });
  const headers = otlpHeaders(env, url);
  return headers.ok ? succeeded({ url, headers: headers.value }) : headers;
}

/** Sends them to an OTLP collector until it is closed; `onChange` hears what keeps it from that, null = nothing any more. */
export function openOtlp(
  engine: Pick<Engine, 'snapshot' | 'subscribe'>,
  { url, headers }: Collector,
  core: Core,
  onChange: (problem: string | null) => void,
): { close(): Promise<void> } {
  const { env, clock } = core;
  const { metrics, stop } = metricsOf(engine, env, clock);
  // The forward proxy of the settings is for probes; a collector is reached as other programs reach it.
  const network = { ...core.settings().monitor.network, forwardProxy: undefined };
  const client = openHttpClient(network, DEFAULT_LIMITS, clock, environmentProxy(env));
  const reporter = { version: manifest.version, hostName: hostname(), startedAt: clock.now() };
  const report = async () => JSON.stringify(otlpMetrics(await metrics.families(), reporter, clock.now()));
  const sender = new OtlpSender(url, { clock, client, headers, report, onChange });
  return {
    async close() {
      stop();
      await sender.close();
    },
  };
}

/** Metrics that follow an engine until they are stopped. */
function metricsOf(engine: Pick<Engine, 'snapshot' | 'subscribe'>, env: Env, clock: Clock) {
  const metrics = new EngineMetrics({ version: manifest.version, gateway: () => gatewayFigures(env, clock) });
  const stop = engine.subscribe((snapshot) => metrics.observe(snapshot));
  metrics.observe(engine.snapshot());
  return { metrics, stop };
}

/** Metrics as the app offers them: served while the settings name a port, sent while they name a collector. */
export function openMetricsService(
  core: Core,
  engine: Pick<Engine, 'snapshot' | 'subscribe'>,
): { close(): Promise<void> } {
  const port = following((wanted: number) => serve(core, engine, wanted));
  const collector = following((url: string) => send(core, engine, url));
  const follow = () => {
    port.set(core.file.settings.metricsPort);
    collector.set(core.file.settings.metricsCollector);
  };
  const stop = engine.subscribe(follow);
  follow();
  return {
    async close() {
      stop();
      await Promise.all([port.close(), collector.close()]);
    },
  };
}

type Closable = { close(): Promise<void> };

/** One part that is opened for a value and closed before the next; null = none. Changes are carried out in order. */
function following<T>(open: (value: T) => Promise<Closable | null>) {
  let current: T | null = null;
  let part: Promise<Closable | null> = Promise.resolve(null);
  const set = (value: T | null) => {
    if (value === current) return;
    current = value;
    part = part.then(async (before) => {
      await before?.close();
      return value === null ? null : open(value);
    });
  };
  return { set, close: async () => (await part)?.close() };
}

async function serve(core: Core, engine: Pick<Engine, 'snapshot' | 'subscribe'>, port: number) {
  const listening = await openMetrics(engine, { host: '127.0.0.1', port }, core.env, core.clock);
  if (listening.ok) return listening;
  core.log.warn('metrics-refused', { port, detail: listening.message });
  core.problems.report({ key: 'metrics-refused', params: { port: String(port), detail: listening.message } });
  return null;
}

/** A collector that takes nothing is reported once, until it has taken something again. */
async function send(core: Core, engine: Pick<Engine, 'snapshot' | 'subscribe'>, collector: string) {
  const opened = readCollector(collector, core.env);
  if (!opened.ok) {
    core.log.warn('metrics-collector-refused', { collector, problem: opened.problem.key });
    core.problems.report(opened.problem);
    return null;
  }
  return openOtlp(engine, opened.value, core, (detail) => {
    if (detail === null) return core.log.info('metrics-sent', { collector });
    core.log.warn('metrics-not-taken', { collector, detail });
    core.problems.report({ key: 'metrics-not-taken', params: { collector, detail } });
  });
}

/** null where no gateway has run yet, or its index cannot be read now. */
function gatewayFigures(env: Env, clock: Clock): GatewayFigures | null {
  try {
    const file = join(gatewayCacheFolder(process.platform, env), '.gopherbar', 'index.sqlite');
    if (!existsSync(file)) return null;
    const index = CacheIndex.open(file);
    try {
      return index.figures(clock.now());
    } finally {
      index.close();
    }
  } catch {
    return null;
  }
}
