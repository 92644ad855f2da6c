/**
 * Metrics in OTLP's JSON encoding (opentelemetry-proto 1, metrics/v1): the same as Prometheus reads, under names by
 * OpenTelemetry's conventions: dots between parts, the unit beside the name, no `_total`. Pure.
 */

/** A metric family as a registry gives it: of a histogram `_bucket`s that each hold those before, `_sum` and `_count`. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly values: readonly Value[];
}

interface Value {
  readonly value: number;
  readonly labels: { readonly [name: string]: string | number | undefined };
  readonly metricName?: string | undefined;
}

/** Who reports: a service on a computer, since `startedAt`. */
export interface Reporter {
  readonly version: string;
  readonly hostName: string;
  /** Epoch ms: from then on counters count. */
  readonly startedAt: number;
}

/** AGGREGATION_TEMPORALITY_CUMULATIVE: a report that is lost loses nothing. */
const CUMULATIVE = 2;

/** The body of an ExportMetricsServiceRequest. Families without a value are left out. */
export function otlpMetrics(families: readonly Family[], reporter: Reporter, now: number) {
  const times = { startTimeUnixNano: nanoseconds(reporter.startedAt), timeUnixNano: nanoseconds(now) };
  const resource = {
    'service.name': 'gopherbar',
    'service.version': reporter.version,
    'host.name': reporter.hostName,
  };
  const metrics = families.filter(({ values }) => values.length > 0).map((family) => metricOf(family, times));
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeMetrics: [{ scope: { name: 'gopherbar', version: reporter.version }, metrics }],
      },
    ],
  };
}

interface Times {
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

function metricOf({ name, help, type, values }: Family, times: Times) {
  const named = { ...nameAndUnit(name, type), description: help };
  if (type === 'histogram') {
    return { ...named, histogram: { aggregationTemporality: CUMULATIVE, dataPoints: histogramPoints(values, times) } };
  }
  const dataPoints = values.map(({ value, labels }) => ({
    attributes: attributesOf(labels),
    ...times,
    asDouble: value,
  }));
  return type === 'counter'
    ? { ...named, sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } }
    : { ...named, gauge: { dataPoints } };
}

/** `gopherbar_probe_duration_seconds` → `gopherbar.probe.duration` in `s`. Units are UCUM. */
function nameAndUnit(name: string, type: Family['type']): { readonly name: string; readonly unit: string } {
  const parts = name.replace(/_total$/, '').split('_');
  const last = parts.at(-1);
  const unit = last === 'seconds' ? 's' : last === 'bytes' ? 'By' : '1';
  if (unit !== '1') parts.pop();
  return { name: parts.join('.'), unit: type === 'counter' ? '{probe}' : unit };
}

function histogramPoints(values: readonly Value[], times: Times) {
  const series = new Map<string, Value[]>();
  for (const value of values) {
    const { le: _, ...labels } = value.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    series.set(key, [...(series.get(key) ?? []), value]);
  }
  return [...series.values()].map((all) => {
    const buckets = all.filter(({ labels }) => labels.le !== undefined).sort((a, b) => bound(a) - bound(b));
    const { le: _, ...labels } = all[0]?.labels ?? {};
    const ending = (end: string) => all.find(({ metricName }) => metricName?.endsWith(end) === true)?.value ?? 0;
    return {
      attributes: attributesOf(labels),
      ...times,
      count: String(ending('_count')),
      sum: ending('_sum'),
      bucketCounts: buckets.map(({ value }, i) => String(value - (buckets[i - 1]?.value ?? 0))),
      explicitBounds: buckets.map(bound).filter(Number.isFinite),
    };
  });
}

function bound({ labels: { le } }: Value): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

function attributesOf(labels: Value['labels']) {
  return Object.entries(labels).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: { stringValue: String(value) } }],
  );
}

/** 64-bit numbers are text in protobuf's JSON. */
function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms)) * 1_000_000n);
}
