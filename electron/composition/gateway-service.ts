/**
 * The gateway as the app runs it: a process of its own that follows the settings, what `go` keeps private, and the
 * health that the monitor measures. While it runs, the engine knows its profile and where its requests go.
 */
import type { SettingsFileContent } from '../../shared/contract/settings-schema.ts';
import { type GatewayState, NO_FIGURES, type OfflineReadiness } from '../../shared/domain/gateway.ts';
import { DONE, failed, type Outcome, problemOf, succeeded } from '../../shared/domain/outcome.ts';
import type { Problem, Snapshot } from '../../shared/domain/snapshot.ts';
import type { GatewayService } from '../engine/app-services.ts';
import type { Engine } from '../engine/engine-api.ts';
import { routePath } from '../gateway/ask-upstream.ts';
import type { ZipRoute, ZipSize } from '../gateway/gateway.ts';
import { type GatewayActivity, NO_ACTIVITY, withEvents } from '../gateway/gateway-activity.ts';
import type { FromGateway, ToGateway } from '../gateway/gateway-messages.ts';
import { GatewayProcess, type ProcessState } from '../gateway/gateway-process.ts';
import { type Fetched, Prefetch } from '../gateway/prefetch.ts';
import type { ModuleRoute } from '../gateway/route.ts';
import type { UpstreamHealth } from '../gateway/upstream.ts';
import { gatewayProfile, goproxyOf } from '../profile/gateway-profile.ts';
import { type Project, readProject } from '../profile/preflight/project.ts';
import type { StartChild } from '../system/child-port.ts';
import type { Stop } from '../system/clock.ts';
import { errorDetail } from '../system/error-facts.ts';
import { PendingWork } from '../system/pending-work.ts';
import { portOwner } from '../system/port-owner.ts';
import type { Core } from './core.ts';
import {
  type GatewaySettings,
  gatewayAddress,
  gatewayCacheFolder,
  gatewaySettingsOf,
  rememberedPort,
  rememberPort,
} from './gateway-settings.ts';
import { neededOffline, readinessOf } from './offline.ts';

/** How often the progress of fetching ahead is shown. */
const PROGRESS_MS = 300;

type Report = Extract<FromGateway, { kind: 'report' }>;

/** Starts the gateway if the settings want it, and follows them until it is closed. */
export function openGatewayService(
  core: Core,
  engine: Pick<Engine, 'preferences' | 'snapshot' | 'subscribe'>,
  start: StartChild<ToGateway<GatewaySettings>, FromGateway>,
): GatewayService {
  return new GatewayDesk(core, engine, start);
}

class GatewayDesk implements GatewayService {
  readonly #core: Core;
  readonly #engine: Pick<Engine, 'preferences' | 'snapshot' | 'subscribe'>;
  readonly #process: GatewayProcess<GatewaySettings>;
  readonly #listeners = new Set<(state: GatewayState) => void>();
  readonly #work = new PendingWork();
  readonly #stopFollowing: Stop;
  #activity: GatewayActivity = NO_ACTIVITY;
  #report: Omit<Report, 'kind' | 'events'> = { figures: NO_FIGURES, upstreams: [], transfers: [] };
  #owner: { readonly port: number; readonly owner: string | null; readonly free: number } | null = null;
  #folder = '';
  #address: string | null = null;
  /** What the process was last configured for, and the health it was last given. */
  #followed = '';
  #health = '';
  #prefetching = new AbortController();
  #prefetch: Prefetch | null = null;
  #isDue = false;
  #stopSoon: Stop = () => {};

  constructor(
    core: Core,
    engine: Pick<Engine, 'preferences' | 'snapshot' | 'subscribe'>,
    start: StartChild<ToGateway<GatewaySettings>, FromGateway>,
  ) {
    this.#core = core;
    this.#engine = engine;
    this.#process = new GatewayProcess({
      start,
      clock: core.clock,
      log: core.log,
      onState: (state) => this.#became(state),
      onReport: (report) => this.#reported(report),
    });
    this.#stopFollowing = engine.subscribe((snapshot) => this.#follow(snapshot));
    this.#follow(engine.snapshot());
  }

  state(): GatewayState {
    const { phase } = this.#process.state;
    const { cacheBytes } = this.#core.file.settings.gateway;
    const { figures, upstreams, transfers } = this.#report;
    return {
      phase: phase === 'refused' ? (this.#owner === null ? 'failed' : 'port-taken') : phase,
      address: this.#address,
      problem: this.#problem(),
      otherPort: phase === 'refused' && this.#owner !== null && this.#owner.free > 0 ? this.#owner.free : null,
      restarts: this.#process.restarts,
      folder: this.#folder,
      maxBytes: cacheBytes,
      figures,
      upstreams: phase === 'running' ? upstreams : [],
      transfers: phase === 'running' ? transfers : [],
      prefetch: this.#prefetch?.progress() ?? null,
      requests: this.#activity.requests,
      incidents: this.#activity.incidents,
    };
  }

  onChange(listener: (state: GatewayState) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  enable(enabled: boolean): Promise<Outcome> {
    return this.#change({ enabled });
  }

  async useOtherPort(): Promise<Outcome> {
    const { otherPort } = this.state();
    return otherPort === null ? failed('gateway-port-gone') : this.#change({ port: otherPort });
  }

  clear(): Outcome {
    if (this.#process.state.phase !== 'running') return failed('gateway-not-running');
    this.#process.post({ kind: 'clear' });
    return DONE;
  }

  async readiness(folder: string): Promise<Outcome<OfflineReadiness>> {
    const read = await readProject(folder);
    if (!read.ok) return read;
    const { patterns, needed } = await this.#needs(read.project);
    return succeeded(readinessOf(needed, gatewayCacheFolder(process.platform, this.#core.env), patterns));
  }

  async prefetch(folder: string): Promise<Outcome<OfflineReadiness>> {
    const read = await readProject(folder);
    if (!read.ok) return read;
    const address = this.#address;
    if (this.#process.state.phase !== 'running' || address === null) return failed('gateway-not-running');
    const { needed, patterns } = await this.#needs(read.project);
    const missing = new Set(readinessOf(needed, this.#folder, patterns).missing);
    this.#prefetching.abort();
    const cancel = new AbortController();
    this.#prefetching = cancel;
    const run = new Prefetch(needed, {
      size: (route) =>
        missing.has(`${route.path}@${route.version}`)
          ? sizeThrough(address, route, cancel.signal)
          : Promise.resolve({ bytes: null, cached: true }),
      fetch: (route) => fetchThrough(address, route, cancel.signal),
      transfers: () => this.#report.transfers,
      signal: cancel.signal,
      onPlan: () => this.#publishSoon(),
      onFile: () => this.#publishSoon(),
    });
    this.#prefetch = run;
    this.#publish();
    await this.#work.add(run.run());
    if (this.#prefetch === run) this.#prefetch = null;
    this.#publish();
    return this.readiness(folder);
  }

  cancelPrefetch(): Outcome {
    this.#prefetching.abort();
    return DONE;
  }

  async close(): Promise<void> {
    this.#prefetching.abort();
    this.#stopSoon();
    this.#stopFollowing();
    this.#listeners.clear();
    await this.#work.settled();
    await this.#process.stop();
  }

  async #needs(project: Project) {
    const { asking, patterns } = gatewaySettingsOf(this.#core, await this.#core.go.read(), '');
    return { needed: neededOffline(project, asking.version), patterns };
  }

  #change(change: SettingsFileContent['gateway']): Promise<Outcome> {
    return this.#engine.preferences.apply(() =>
      this.#core.file.change((content) => succeeded({ ...content, gateway: { ...content.gateway, ...change } })),
    );
  }

  /** Compares what matters of the settings and of `go`, which are read again only when it changed. */
  #follow(snapshot: Snapshot): void {
    const { gateway, endpoints, resolver, extraCa } = this.#core.file.settings;
    const proxies = endpoints.filter(({ kind }) => kind === 'goproxy').map(({ url }) => url);
    const { go } = snapshot;
    const { GOPRIVATE, GONOPROXY, GONOSUMDB, GOSUMDB, GOAUTH } = go.state === 'found' ? go.effective : {};
    const followed = JSON.stringify([
      gateway,
      proxies,
      resolver,
      extraCa,
      go.state === 'detecting',
      [GOPRIVATE, GONOPROXY, GONOSUMDB, GOSUMDB, GOAUTH],
    ]);
    // Before `go` has been read it is unknown which modules are private.
    if (followed !== this.#followed && go.state !== 'detecting') {
      this.#followed = followed;
      void this.#work.add(this.#configure().catch((error: unknown) => this.#unconfigured(error)));
    }
    this.#followHealth(snapshot);
  }

  async #configure(): Promise<void> {
    const { gateway } = this.#core.file.settings;
    this.#folder = gatewayCacheFolder(process.platform, this.#core.env);
    if (!gateway.enabled) {
      const port = gateway.port ?? (await rememberedPort(this.#folder));
      if (port > 0) this.#address = gatewayAddress(port);
      await this.#process.stop();
      return;
    }
    const settings = gatewaySettingsOf(this.#core, await this.#core.go.read(), this.#folder);
    const running = this.#process.state.phase === 'running' ? this.#process.state.port : 0;
    const port = gateway.port ?? (running || (await rememberedPort(this.#folder)));
    // A gateway that asked itself would never answer.
    const upstreams = settings.upstreams.filter((url) => !url.startsWith(gatewayAddress(port)));
    this.#process.run({ ...settings, upstreams }, port);
  }

  #unconfigured(error: unknown): void {
    this.#core.log.error('gateway-not-configured', { detail: errorDetail(error) });
    this.#followed = '';
  }

  /** Upstreams that the monitor knows are asked in the order of their health from the first request on. */
  #followHealth({ endpoints }: Snapshot): void {
    const health: readonly UpstreamHealth[] = endpoints
      .filter(({ endpoint, status }) => endpoint.kind === 'goproxy' && status !== 'unknown')
      .map(({ endpoint, status, last }) => ({
        url: endpoint.url,
        isDown: status === 'down',
        latencyMs: last?.outcome === 'ok' ? Math.round(last.totalMs / 50) * 50 : null,
      }));
    const text = JSON.stringify(health);
    if (text === this.#health || this.#process.state.phase !== 'running') return;
    this.#health = text;
    this.#process.post({ kind: 'health', health });
  }

  async #rememberPort(port: number): Promise<void> {
    try {
      await rememberPort(this.#folder, port);
    } catch (error) {
      this.#core.problems.report(
        problemOf('gateway-port-not-kept', { folder: this.#folder, detail: errorDetail(error) }),
      );
    }
  }

  #became(state: ProcessState): void {
    this.#health = '';
    if (state.phase === 'running') {
      this.#owner = null;
      this.#address = gatewayAddress(state.port);
      this.#activity = { ...this.#activity, cacheProblem: null };
      void this.#work.add(this.#rememberPort(state.port));
      this.#followHealth(this.#engine.snapshot());
    }
    if (state.phase === 'refused' && state.code === 'EADDRINUSE') void this.#work.add(this.#findOwner(state.port));
    void this.#work.add(this.#join());
    this.#publish();
  }

  async #findOwner(port: number): Promise<void> {
    this.#owner = { port, ...(await portOwner(port)) };
    this.#publish();
  }

  /** Lets the engine know the profile and the route while the gateway runs, or while `go` still points at it. */
  async #join(): Promise<void> {
    const { state } = this.#process;
    const go = await this.#core.go.read();
    const address = this.#address;
    const isUsed = address !== null && go.state === 'found' && (go.effective.GOPROXY ?? '').startsWith(address);
    const isRunning = state.phase === 'running';
    const { cooldownDays } = this.#core.file.settings.gateway;
    this.#core.gateway =
      address !== null && go.state === 'found' && (isRunning || isUsed)
        ? {
            profile: gatewayProfile(goproxyOf(address, cooldownDays), go.effective),
            address: isRunning ? address : null,
          }
        : null;
    await this.#engine.preferences.apply(async () => DONE);
  }

  #reported({ events, figures, upstreams, transfers }: Report): void {
    this.#activity = withEvents(this.#activity, events);
    this.#report = { figures, upstreams, transfers };
    this.#publish();
  }

  #problem(): Problem | null {
    const { state } = this.#process;
    if (state.phase === 'failed') return { key: 'gateway-failed', params: { detail: state.message } };
    if (state.phase === 'refused') {
      const { port, message } = state;
      if (state.code !== 'EADDRINUSE') return { key: 'gateway-failed', params: { detail: message } };
      const owner = this.#owner?.owner ?? null;
      return owner === null
        ? { key: 'gateway-port-taken', params: { port: String(port) } }
        : { key: 'gateway-port-owner', params: { port: String(port), owner } };
    }
    const { cacheProblem } = this.#activity;
    return cacheProblem === null
      ? null
      : { key: 'gateway-cache', params: { folder: this.#folder, detail: cacheProblem } };
  }

  /** Files come by the hundred a second. */
  #publishSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#stopSoon = this.#core.clock.after(PROGRESS_MS, () => {
      this.#isDue = false;
      this.#publish();
    });
  }

  #publish(): void {
    const state = this.state();
    for (const listener of [...this.#listeners]) listener(state);
  }
}

/** One file into the gateway's cache, as `go` would ask for it; HEAD leaves its bytes there. */
async function fetchThrough(address: string, route: ModuleRoute, signal: AbortSignal): Promise<Fetched> {
  try {
    const { ok, status, headers } = await fetch(`${address}/${routePath(route)}`, { method: 'HEAD', signal });
    return ok ? { ok, bytes: Number(headers.get('content-length')), cached: false } : { ok, reason: String(status) };
  } catch (error) {
    return { ok: false, reason: errorDetail(error) };
  }
}

/** What the gateway knows of a zip's size without fetching it. */
async function sizeThrough(address: string, route: ZipRoute, signal: AbortSignal): Promise<ZipSize> {
  try {
    const headers = { 'disable-module-fetch': 'true' };
    const answer = await fetch(`${address}/${routePath(route)}`, { method: 'HEAD', headers, signal });
    return { bytes: answer.ok ? Number(answer.headers.get('content-length')) : null, cached: false };
  } catch {
    return { bytes: null, cached: false };
  }
}
