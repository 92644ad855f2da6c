/** What is known of one endpoint between two results: the entry of the engine's endpoint book. */

import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { hostOf as urlHost, hostAndPortOf as urlHostAndPort } from '../../shared/domain/host.ts';
import type { Experiment, FailedResult, Note, OkResult, Sample } from '../../shared/domain/result.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { BestConnection } from './downgrade.ts';
import type { EndpointHealth, PublishedStatus } from './endpoint-health.ts';
import type { Baseline } from './latency-baseline.ts';

export interface EndpointRecord {
  readonly endpoint: Endpoint;
  /** State of the reducers: reachability, flapping, success rate, pace. */
  readonly health: EndpointHealth;
  /** The status derived from `health`. */
  readonly state: PublishedStatus;
  /** Last result of this run, with the notes and experiments that belong to it; null before the first. */
  readonly last: OkResult | FailedResult | null;
  /** Last recorded sample, of this run or an earlier one. */
  readonly lastSample: Sample | null;
  /** When the last successful probe at full depth began. */
  readonly lastFullAt: EpochMs | null;
  /** Notes of the last successful full probe. */
  readonly notes: readonly Note[];
  /** Best TLS version and protocol seen so far. */
  readonly best: BestConnection | null;
  /** Control experiments of the present outage; later results of the outage carry them on. */
  readonly experiments: readonly Experiment[];
  readonly baseline: Baseline | undefined;
  /** The forward proxy that `go` uses for it in this environment, redacted; probes connect directly. */
  readonly forwardProxyOfGo: string | null;
  /** The next failure is not judged: the machine has just woken or changed networks. */
  readonly isNextUnjudged: boolean;
}

/** The part of a record that verdicts are drawn from; the doctor fills it from its own measurements. */
export type JudgedRecord = Pick<
  EndpointRecord,
  'endpoint' | 'state' | 'last' | 'lastSample' | 'notes' | 'forwardProxyOfGo'
>;

/** An endpoint as evidence about the network in between. */
export type Observation = Pick<EndpointRecord, 'endpoint' | 'state' | 'last'>;

/** Host (and port, if given) of an endpoint's URL; several endpoints may share one. */
export function hostAndPortOf({ url }: Endpoint): string {
  return urlHostAndPort(url) ?? url;
}

/** Host of an endpoint's URL without the port. */
export function hostOf({ url }: Endpoint): string {
  return urlHost(url) ?? url;
}
