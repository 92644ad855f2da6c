/**
 * What the engine knows as Prometheus metrics. Names and units follow prometheus.io/docs/practices/naming: base units,
 * `_total` for counters. Label values are bounded: ids of endpoints (at most 200), kinds, phases, causes, severities, ids of
 * profiles. No address, no module and no secret is one.
 */
import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { GatewayFigures } from '../../shared/domain/gateway.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { VERDICT_SEVERITIES } from '../../shared/domain/verdict.ts';
import type { Family } from './otlp.ts';

/** Seconds. From a hit in the same room to the limit of a probe. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface MetricsOptions {
  readonly version: string;
  /** Counters of the gateway's cache; null = there is none. Read at each scrape. */
  readonly gateway: () => GatewayFigures | null;
}

export class EngineMetrics {
  readonly #registry = new Registry();
  readonly #gatewayRegistry = new Registry();
  readonly #seen = new Map<string, number>();
  readonly #duration: Histogram<'endpoint' | 'kind' | 'phase'>;
  readonly #probes: Counter<'endpoint' | 'kind' | 'outcome'>;
  readonly #failures: Counter<'endpoint' | 'kind' | 'cause'>;
  readonly #up: Gauge<'endpoint' | 'kind'>;
  readonly #degraded: Gauge<'endpoint' | 'kind'>;
  readonly #measuredAt: Gauge<'endpoint' | 'kind'>;
  readonly #severity: Gauge<'severity'>;
  readonly #alert: Gauge<'severity'>;
  readonly #profile: Gauge<'profile'>;
  readonly #go: Gauge<'version'>;
  readonly #gateway: ReadonlyMap<keyof GatewayFigures, Gauge>;
  readonly #options: MetricsOptions;

  constructor(options: MetricsOptions) {
    this.#options = options;
    const registers = [this.#registry];
    const endpoint = ['endpoint', 'kind'] as const;
    this.#duration = new Histogram({
      name: 'gopherbar_probe_duration_seconds',
      help: 'Time of a probe by phase; phase "total" is the whole.',
      labelNames: [...endpoint, 'phase'],
      buckets: BUCKETS,
      registers,
    });
    this.#probes = new Counter({
      name: 'gopherbar_probes_total',
      help: 'Probes by outcome: ok, slow or failed.',
      labelNames: [...endpoint, 'outcome'],
      registers,
    });
    this.#failures = new Counter({
      name: 'gopherbar_probe_failures_total',
      help: 'Failed probes by cause.',
      labelNames: [...endpoint, 'cause'],
      registers,
    });
    const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
      new Gauge<T>({ name, help, labelNames, registers });
    this.#up = gauge('gopherbar_endpoint_up', '1 unless the endpoint is down; absent before it was judged.', endpoint);
    this.#degraded = gauge(
      'gopherbar_endpoint_degraded',
      '1 while the endpoint is slow, flapping or unreliable.',
      endpoint,
    );
    this.#measuredAt = gauge('gopherbar_endpoint_measured_timestamp_seconds', 'When it was measured last.', endpoint);
    this.#severity = gauge('gopherbar_verdict', '1 for the verdict over what go uses now, 0 for the others.', [
      'severity',
    ]);
    this.#alert = gauge('gopherbar_alert_active', '1 while a confirmed outage lasts.', ['severity']);
    this.#profile = gauge('gopherbar_profile_active', '1 for the profile that go uses.', ['profile']);
    this.#go = gauge('gopherbar_go_info', 'The go that was found.', ['version']);
    gauge('gopherbar_build_info', 'The running version.', ['version']).set({ version: options.version }, 1);
    const count = (key: keyof GatewayFigures, name: string, help: string) =>
      [key, new Gauge({ name: `gopherbar_gateway_${name}`, help, registers: [this.#gatewayRegistry] })] as const;
    // Gauges, because another process counts them and `gateway clear` resets them.
    this.#gateway = new Map([
      count('requests', 'requests', 'Requests answered by the gateway since its cache was cleared.'),
      count('saved', 'saved_requests', 'Requests that succeeded although an upstream failed.'),
      count('cacheHits', 'cache_hits', 'Answers from the cache.'),
      count('cacheBytes', 'cache_served_bytes', 'Bytes served from the cache.'),
      count('upstreamBytes', 'upstream_bytes', 'Bytes of zips fetched from upstreams.'),
      count('incidents', 'refused_answers', 'Wrong content that was refused.'),
      count('bytes', 'cache_size_bytes', 'Bytes that the cache holds.'),
    ]);
  }

  /** Takes a snapshot in: each new measurement once, the rest as it is now. */
  observe(snapshot: Snapshot): void {
    // What is gone from the settings has no state any more; what was counted stays.
    for (const one of [this.#up, this.#degraded, this.#measuredAt, this.#alert, this.#profile, this.#go]) one.reset();
    for (const { endpoint, status, last, lastSample } of snapshot.endpoints) {
      const labels = { endpoint: endpoint.id, kind: endpoint.kind };
      if (last !== null && last.startedAt > (this.#seen.get(endpoint.id) ?? Number.NEGATIVE_INFINITY)) {
        this.#seen.set(endpoint.id, last.startedAt);
        const outcome = last.outcome === 'failed' ? 'failed' : last.slow.length > 0 ? 'slow' : 'ok';
        this.#probes.inc({ ...labels, outcome });
        if (last.outcome === 'failed') this.#failures.inc({ ...labels, cause: last.failure.cause });
        else this.#duration.observe({ ...labels, phase: 'total' }, last.totalMs / 1_000);
        for (const [phase, ms] of Object.entries(last.phases)) this.#duration.observe({ ...labels, phase }, ms / 1_000);
      }
      if (status !== 'unknown') {
        this.#up.set(labels, status === 'down' ? 0 : 1);
        this.#degraded.set(labels, status === 'degraded' || status === 'flapping' ? 1 : 0);
      }
      const at = last?.startedAt ?? lastSample?.at;
      if (at !== undefined) this.#measuredAt.set(labels, at / 1_000);
    }
    for (const severity of VERDICT_SEVERITIES) {
      this.#severity.set({ severity }, snapshot.verdict.severity === severity ? 1 : 0);
    }
    if (snapshot.alert !== null && !snapshot.alert.drill) this.#alert.set({ severity: snapshot.alert.severity }, 1);
    for (const { profile, active } of snapshot.profiles) this.#profile.set({ profile: profile.id }, active ? 1 : 0);
    if (snapshot.go.state === 'found') this.#go.set({ version: snapshot.go.version }, 1);
  }

  /** Every family with its present values, for other formats. */
  async families(): Promise<readonly Family[]> {
    return (await Promise.all(this.#registries().map((one) => one.getMetricsAsJSON()))).flat();
  }

  /** In Prometheus's text format 0.0.4. */
  async text(): Promise<string> {
    return (await Promise.all(this.#registries().map((one) => one.metrics()))).join('\n');
  }

  /** With the gateway's as they are now, where there is one. */
  #registries(): readonly Registry[] {
    const figures = this.#options.gateway();
    if (figures === null) return [this.#registry];
    for (const [key, gauge] of this.#gateway) gauge.set(figures[key]);
    return [this.#registry, this.#gatewayRegistry];
  }
}
