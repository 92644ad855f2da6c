/** A simulated network, made of lab parts only, and how it is played through the real engine. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DnsServer } from '../../e2e/lab/dns-server.ts';
import { ForwardProxy } from '../../e2e/lab/forward-proxy.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { openCore } from '../../electron/composition/core.ts';
import { enginePorts } from '../../electron/composition/engine.ts';
import { startEngine } from '../../electron/engine/engine.ts';
import { silentLog } from '../../electron/system/log.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import { failed } from '../../shared/domain/outcome.ts';
import type { VerdictName } from '../../shared/domain/verdict.ts';

/** The parts a scenario arranges. */
export interface World {
  readonly lab: Lab;
  /** In the order of GOPROXY. */
  readonly proxies: readonly [GoproxyServer, GoproxyServer, GoproxyServer];
  /** Another resolver, which tells the truth. */
  readonly resolver: DnsServer;
  readonly forward: ForwardProxy;
  /** Lists the other resolver and the forward proxy, so that they may serve as controls. */
  listControls(): void;
  /** Lists another endpoint, as in the settings. */
  list(endpoint: object): void;
  /** Writes another GOPROXY. */
  setGoproxy(list: string): void;
  /** `go` goes through the forward proxy. */
  goThroughForwardProxy(): void;
  setHasNetworkPath(has: boolean): void;
  /** Is called at the end. */
  atEnd(close: () => unknown): void;
}

export interface Scenario {
  readonly name: string;
  /** Separator of the GOPROXY list; a comma by default. */
  readonly separator?: ',' | '|';
  readonly arrange: (world: World) => Promise<unknown> | unknown;
  readonly verdict: VerdictName;
  readonly severity: 'healthy' | 'degraded' | 'down' | 'offline' | 'unknown';
  /** Fewest and most notifications of an outage. */
  readonly notifications: readonly [least: number, most: number];
  /** Resembles a verdict that it does not deserve. */
  readonly nearMiss?: boolean;
}

/** Whether a scenario went as it should. */
export function isRight({ verdict, severity, notifications: [least, most] }: Scenario, got: Played): boolean {
  return got.verdict === verdict && got.severity === severity && got.notified >= least && got.notified <= most;
}

export interface Played {
  readonly verdict: VerdictName;
  readonly severity: string;
  readonly rule: string | null;
  /** Notifications of an outage that were sent. */
  readonly notified: number;
}

/** Small enough that a scenario of hanging servers and their experiments takes seconds. */
const LIMITS = {
  soft: { dialMs: 200, tlsMs: 200, headerMs: 150, totalMs: 1_000 },
  hard: { dialMs: 400, tlsMs: 400, headerMs: 400, totalMs: 900 },
};

/** The wanted verdict must have lasted for this long. */
const SETTLED_MS = 700;
const GIVE_UP_MS = 20_000;

/** Plays one scenario; resolves with the verdict it settles on. */
export async function playScenario(scenario: Scenario): Promise<Played> {
  const folder = await mkdtemp(join(tmpdir(), 'gopherbar-scenario-'));
  const lab = await startLab();
  const proxies = (await Promise.all(
    ['one.lab', 'two.lab', 'three.lab'].map((host) => lab.proxy({ host, transport: 'h2' })),
  )) as [GoproxyServer, GoproxyServer, GoproxyServer];
  const resolver = await DnsServer.start();
  for (const { host } of proxies) resolver.names.set(host, ['127.0.0.1']);
  const forward = await ForwardProxy.start({ kind: 'http', route: (_, port) => ({ host: '127.0.0.1', port }) });
  const more: object[] = [];
  const closings: (() => unknown)[] = [];
  let throughProxy = false;
  let hasNetworkPath = true;
  let list = proxies.map(({ url }) => url).join(scenario.separator ?? ',');
  const world: World = {
    lab,
    proxies,
    resolver,
    forward,
    listControls: () => {
      resolver.names.set('public.lab', ['93.184.215.14']);
      more.push({ kind: 'dns', url: `udp://${resolver.address}`, target: 'public.lab' });
    },
    list: (endpoint) => more.push(endpoint),
    setGoproxy: (text) => {
      list = text;
    },
    goThroughForwardProxy: () => {
      throughProxy = true;
      more.push({ kind: 'forward-proxy', url: forward.url, target: proxies[0].url });
    },
    atEnd: (close) => closings.push(close),
    setHasNetworkPath: (has) => {
      hasNetworkPath = has;
    },
  };
  try {
    await scenario.arrange(world);
    await writeFile(join(folder, 'goenv'), `GOPROXY=${list}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
    const endpoints = proxies.map(({ url, host }) => ({ id: host, url, module: FIXTURE_MODULE, key: FIXTURE_SUMDB }));
    const settings = {
      endpoints: [...endpoints, ...more],
      intervals: { visibleMs: 250, hiddenMs: 250 },
      limits: LIMITS,
      network: { resolver: lab.dns.address },
      trust: { extraCa: [lab.authority.ca] },
    };
    await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
    const extraEnv: Readonly<Record<string, string>> = throughProxy ? { HTTPS_PROXY: forward.url } : {};
    return await watch(folder, scenario, extraEnv, () => hasNetworkPath);
  } finally {
    for (const close of closings) await close();
    await forward.close();
    await resolver.close();
    await lab.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function watch(
  folder: string,
  scenario: Scenario,
  extraEnv: Readonly<Record<string, string>>,
  hasNetworkPath: () => boolean,
): Promise<Played> {
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOTOOLCHAIN: 'local', ...extraEnv };
  const core = await openCore(folder, env, silentLog, { oneShot: true });
  const engine = await startEngine({
    ...(await enginePorts(core)),
    hasNetworkPath,
    random: () => 0.5,
    listVersions: async ({ id }) => ({ endpointId: id, versions: null, latest: null }),
    network: { read: async () => null, watch: () => () => {} },
    costs: () => ({ cpuMs: 0, residentBytes: 0, wakeups: 0 }),
    environment: async () => ({ goflags: '', proxies: [] }),
    effective: async () => ({ contexts: [], builds: [], gos: [], project: null }),
    preflight: async (folder) => failed('no-project', { folder }),
    selfTest: async () => 'not-run',
  });
  const announced: Announcement[] = [];
  engine.onAnnouncement((announcement) => announced.push(announcement));
  try {
    const end = performance.now() + GIVE_UP_MS;
    let since: number | null = null;
    for (;;) {
      const { verdict } = engine.snapshot();
      const isWanted = verdict.name === scenario.verdict && verdict.severity === scenario.severity;
      since = isWanted ? (since ?? performance.now()) : null;
      const isSettled = since !== null && performance.now() - since >= SETTLED_MS;
      if (isSettled || performance.now() > end) {
        const notified = announced.filter(({ kind }) => kind === 'outage').length;
        return { verdict: verdict.name, severity: verdict.severity, rule: verdict.blame?.rule ?? null, notified };
      }
      await delay(50);
    }
  } finally {
    await engine.close();
  }
}
