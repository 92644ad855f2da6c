/**
 * One consultation's facts: what it is about, what is in force, and what was measured so far. Each endpoint is measured
 * once; every check reads the same measurement.
 */
import {
  DEFAULT_PROBE_MODULE,
  type Endpoint,
  type Limits,
  limitsOf,
  type ModuleVersion,
} from '../../shared/domain/endpoint.ts';
import { displayName, isProxyEntry, parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import { isPrivateModule, skipsProxies } from '../../shared/domain/private-modules.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import type { GoState } from '../../shared/domain/snapshot.ts';
import type { Controls } from '../probe/experiments.ts';
import type { ProbeNetwork, ProbePool, ProbeRequest } from '../probe/probe-pool.ts';
import type { LintFacts } from '../profile/lint-facts.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { parseUrl } from '../system/web.ts';
import { forwardProxyFor } from '../toolchain/proxy-environment.ts';
import type { GatewayRoute } from '../verdict/overview.ts';
import type { PolicySummary } from './policy-summary.ts';
import type { Target } from './target.ts';

/** What the doctor needs of the world. */
export interface DoctorPorts {
  readonly clock: Clock;
  readonly pool: ProbePool;
  /** What `go` runs in. */
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  readonly hasNetworkPath: () => boolean;
  readonly readGo: () => Promise<GoState>;
  readonly settings: DoctorSettings;
  readonly lintEnvironment: () => Promise<Pick<LintFacts, 'goflags' | 'proxies'>>;
  /** Addresses by the system's resolver (or the one of the settings); [] = no such name, null = no answer. */
  readonly lookUp: (host: string) => Promise<readonly string[] | null>;
  /** The text of a status feed; null where it cannot be read. */
  readonly readFeed: (url: string, signal: AbortSignal) => Promise<string | null>;
  /** What can be read of this machine's policies without a password; null on systems that have none of it. */
  readonly policy: (host: string, address: string | null) => Promise<PolicySummary | null>;
}

/** What the doctor takes from the settings. */
export interface DoctorSettings {
  readonly endpoints: readonly Endpoint[];
  readonly limits: Limits;
  readonly network: ProbeNetwork;
  readonly controls: Controls;
  readonly profiles: readonly Profile[];
  /** Resolvers to compare the system's with: `udp://`, `tls://`, `https://`. */
  readonly resolvers: readonly string[];
  readonly gateway: GatewayRoute;
  /** Whether operators' status feeds may be read during an outage. */
  readonly statusFeeds: boolean;
}

/** A measurement that was not cancelled. */
export type Measured = OkResult | FailedResult;

/** A measurement that takes longer is aborted: a person is waiting. */
const HARD_TOTAL_MS = 12_000;

/** The facts of one consultation; each endpoint is measured once. */
export class DiagnosisContext {
  readonly target: Target;
  readonly ports: DoctorPorts;
  readonly go: GoState;
  readonly signal: AbortSignal;
  /** Ids of the checks that failed. */
  readonly failed = new Set<string>();
  readonly #measurements = new Map<string, Promise<Measured | null>>();
  readonly #done: { readonly endpoint: Endpoint; readonly result: Measured }[] = [];
  #subject: Endpoint | null = null;

  constructor(target: Target, ports: DoctorPorts, go: GoState, signal: AbortSignal) {
    this.target = target;
    this.ports = ports;
    this.go = go;
    this.signal = signal;
  }

  /** The GOPROXY list that the case is about. */
  get list(): string {
    if (this.target.kind === 'host') return this.target.endpoint.kind === 'goproxy' ? this.target.endpoint.url : '';
    return this.effective.GOPROXY ?? '';
  }

  get effective(): Readonly<Record<string, string>> {
    return this.go.state === 'found' ? (this.go.effective as Readonly<Record<string, string>>) : {};
  }

  /** The module that is asked for. */
  get module(): ModuleVersion {
    return this.target.kind === 'module' ? this.target.module : DEFAULT_PROBE_MODULE;
  }

  /** Whether `go` asks no proxy for the module. */
  get isPrivate(): boolean {
    return this.target.kind === 'module' && skipsProxies(this.module.path, this.effective);
  }

  /** Whether the module is private: only its source and what `go` asks may learn of it, no mirror, database or other resolver. */
  get isSecret(): boolean {
    if (this.target.kind !== 'module') return false;
    // Without `go` it is unknown which modules are private.
    return this.go.state !== 'found' || isPrivateModule(this.module.path, this.effective);
  }

  /** The proxies of the list, as endpoints; with the settings' own module where they know the proxy. */
  get entries(): readonly Endpoint[] {
    if (this.isPrivate) return [];
    return parseGoproxyList(this.list)
      .filter((entry) => isProxyEntry(entry) && !entry.ignored)
      .map(({ value }) => this.#proxyEndpoint(value, true));
  }

  /** A proxy that `go` does not use now, by its URL: it is asked for the module of the case unless that is private. */
  remedyEndpoint(url: string): Endpoint {
    return this.entries.find((one) => one.url === url) ?? this.#proxyEndpoint(url, !this.isSecret);
  }

  #proxyEndpoint(url: string, asksForModule: boolean): Endpoint {
    const known = this.ports.settings.endpoints.find((one) => one.kind === 'goproxy' && one.url === url);
    const isAsked = asksForModule && this.target.kind === 'module' && this.target.hasVersion;
    const module = isAsked ? this.module : undefined;
    if (known !== undefined) return module === undefined ? known : { ...known, module };
    return { id: url, kind: 'goproxy', name: displayName(url), url, module: module ?? DEFAULT_PROBE_MODULE };
  }

  /** The endpoint under diagnosis, which the lower checks look at: the first that fails, else the first; null = none. */
  get subject(): Endpoint | null {
    return this.#subject;
  }

  set subject(endpoint: Endpoint | null) {
    this.#subject = endpoint;
  }

  /** The measurement of the subject; null without a subject. */
  async subjectResult(): Promise<Measured | null> {
    return this.#subject === null ? null : this.measure(this.#subject);
  }

  /** The forward proxy that `go` uses for a URL; null = none. */
  forwardProxyOf(url: string): string | null {
    const parsed = parseUrl(url);
    return parsed === null ? null : forwardProxyFor(parsed, this.ports.env);
  }

  /** The request for an endpoint, the way `go` would go: through its forward proxy. */
  request(endpoint: Endpoint): ProbeRequest {
    const { limits, network } = this.ports.settings;
    const own = limitsOf(endpoint, limits);
    const web = endpoint.kind === 'goproxy' || endpoint.kind === 'sumdb' || endpoint.kind === 'vcs';
    return {
      endpoint,
      depth: 'full',
      limits: { ...own, hard: { ...own.hard, totalMs: Math.min(own.hard.totalMs, HARD_TOTAL_MS) } },
      network: { ...network, forwardProxy: (web ? this.forwardProxyOf(endpoint.url) : null) ?? undefined },
    };
  }

  /** Measures an endpoint once; null = cancelled. */
  measure(endpoint: Endpoint): Promise<Measured | null> {
    const key = JSON.stringify([endpoint.kind, endpoint.url, endpoint.target, endpoint.module]);
    const known = this.#measurements.get(key);
    if (known !== undefined) return known;
    const measured = this.ports.pool.probe(this.request(endpoint), this.signal).then((result) => {
      if (result.outcome === 'cancelled') return null;
      this.#done.push({ endpoint, result });
      return result;
    });
    // Some are begun before anything waits for them: a check that needs one still gets the rejection.
    measured.catch(() => {});
    this.#measurements.set(key, measured);
    return measured;
  }

  /** Everything that was measured, in the order in which it came. */
  get measured(): readonly { readonly endpoint: Endpoint; readonly result: Measured }[] {
    return this.#done;
  }

  /** Adds the experiments' results to the measurement they belong to. */
  amend(endpoint: Endpoint, result: Measured): void {
    const index = this.#done.findIndex((one) => one.endpoint === endpoint);
    if (index >= 0) this.#done[index] = { endpoint, result };
  }
}
