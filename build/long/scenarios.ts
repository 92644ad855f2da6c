/**
 * Simulated networks, from lab parts only, through the real engine: what the network does, the verdict it deserves, and how
 * many notifications may be sent. Near misses stand beside what they resemble.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DnsServer } from '../../e2e/lab/dns-server.ts';
import type { Fault } from '../../e2e/lab/fault.ts';
import { ForwardProxy } from '../../e2e/lab/forward-proxy.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { engineSettings, goControl } from '../../electron/adapters.ts';
import { startEngine } from '../../electron/engine.ts';
import type { Announcement } from '../../electron/engine-ports.ts';
import { openHistory } from '../../electron/history/open-history.ts';
import { CanaryPool } from '../../electron/probe/canary-pool.ts';
import { InlinePool } from '../../electron/probe/inline-pool.ts';
import { SettingsFile } from '../../electron/settings/settings-file.ts';
import { systemClock } from '../../electron/system/clock.ts';
import { silentLog } from '../../electron/system/log.ts';
import { SystemProcessRunner } from '../../electron/system/process-runner.ts';
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
  setHasNetworkPath(has: boolean): void;
}

export interface Scenario {
  readonly name: string;
  /** Separator of the GOPROXY list; a comma unless told otherwise. */
  readonly separator?: ',' | '|';
  readonly arrange: (world: World) => Promise<unknown> | unknown;
  readonly verdict: VerdictName;
  readonly severity?: 'healthy' | 'degraded' | 'down' | 'offline' | 'unknown';
  /** Notifications that may be sent. */
  readonly told: 0 | 1;
  /** Resembles another verdict and is none. */
  readonly nearMiss?: boolean;
}

const PAGE: Fault = { type: 'answer', body: '<!doctype html><p>Sign in</p>', contentType: 'text/html' };
const EOF: Fault = { type: 'drop-request', how: 'fin' };
const RESET: Fault = { type: 'drop-at-accept', how: 'reset' };

const all = ({ proxies }: World, fault: Fault) => Promise.all(proxies.map((one) => one.setFault(fault)));

export const SCENARIOS: readonly Scenario[] = [
  { name: 'everything is well', arrange: () => {}, verdict: 'healthy', severity: 'healthy', told: 0 },
  {
    name: 'the second proxy is down, which go does not ask',
    arrange: ({ proxies }) => proxies[1].setFault(EOF),
    verdict: 'healthy',
    severity: 'healthy',
    told: 0,
    nearMiss: true,
  },
  {
    name: 'the first proxy closes every connection',
    arrange: ({ proxies }) => proxies[0].setFault(EOF),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
  },
  {
    name: 'the first proxy refuses',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'refuse' }),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
  },
  {
    name: 'the first proxy is silent',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'drop-request', how: 'hang' }),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
  },
  {
    name: 'the first proxy answers 503',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'status', status: 503 }),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
  },
  {
    name: 'the first proxy answers 403',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'status', status: 403 }),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
  },
  {
    name: 'the first proxy has an expired certificate',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'certificate', kind: 'expired' }),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
  },
  {
    name: 'the first proxy is down, the list has pipes',
    separator: '|',
    arrange: ({ proxies }) => proxies[0].setFault(EOF),
    verdict: 'upstream-outage',
    severity: 'degraded',
    told: 0,
    nearMiss: true,
  },
  {
    name: 'one lost connection in between',
    arrange: async ({ proxies }) => {
      await proxies[0].setFault(EOF);
      await delay(250);
      await proxies[0].setFault(null);
    },
    verdict: 'healthy',
    severity: 'healthy',
    told: 0,
    nearMiss: true,
  },
  {
    name: 'all three proxies are down, each in its own way',
    arrange: async ({ proxies }) => {
      await proxies[0].setFault(EOF);
      await proxies[1].setFault({ type: 'status', status: 500 });
      await proxies[2].setFault({ type: 'refuse' });
    },
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
  },

  {
    name: 'a sign-in page for every host',
    arrange: (world) => all(world, PAGE),
    verdict: 'captive-portal',
    severity: 'down',
    told: 1,
  },
  {
    name: 'a sign-in page of one proxy only',
    arrange: ({ proxies }) => proxies[0].setFault(PAGE),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
    nearMiss: true,
  },
  {
    name: 'a portal by status 511 for every host',
    arrange: (world) => all(world, { type: 'status', status: 511 }),
    verdict: 'captive-portal',
    severity: 'down',
    told: 1,
  },

  {
    name: 'one authority for every host',
    arrange: (world) => all(world, { type: 'certificate', kind: 'untrusted' }),
    verdict: 'tls-intercepted',
    severity: 'down',
    told: 1,
  },
  {
    name: 'an unknown authority for one host',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'certificate', kind: 'untrusted' }),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
    nearMiss: true,
  },

  {
    name: 'a reset for one server name',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'reset-name', name: proxies[0].host }),
    verdict: 'sni-blocked',
    severity: 'down',
    told: 1,
  },
  {
    name: 'a reset whatever the name',
    arrange: ({ proxies }) => proxies[0].setFault(RESET),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
    nearMiss: true,
  },
  {
    name: 'a reset for every server name of ours',
    arrange: (world) => Promise.all(world.proxies.map((one) => one.setFault({ type: 'reset-name', name: one.host }))),
    verdict: 'sni-blocked',
    severity: 'down',
    told: 1,
  },

  {
    name: 'large handshakes are swallowed',
    arrange: (world) => all(world, { type: 'swallow-large-hello', bytes: 1_400 }),
    verdict: 'large-hello-dropped',
    severity: 'down',
    told: 1,
  },
  {
    name: 'every handshake is swallowed',
    arrange: (world) => all(world, { type: 'silent-at-accept' }),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
    nearMiss: true,
  },

  {
    name: 'the resolver lies about one host, another tells the truth',
    arrange: (world) => {
      world.listControls();
      world.lab.dns.names.set(world.proxies[0].host, ['127.0.0.9']);
    },
    verdict: 'dns-tampered',
    severity: 'down',
    told: 1,
  },
  {
    name: 'the host has moved to a dead address, both resolvers agree',
    arrange: (world) => {
      world.listControls();
      world.lab.dns.names.set(world.proxies[0].host, ['127.0.0.9']);
      world.resolver.names.set(world.proxies[0].host, ['127.0.0.9']);
    },
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
    nearMiss: true,
  },
  {
    name: 'the name of the first proxy is gone',
    arrange: ({ lab, proxies }) => lab.dns.names.delete(proxies[0].host),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
    nearMiss: true,
  },
  {
    name: 'no name can be looked up at all',
    arrange: ({ lab }) => {
      lab.dns.fault = 'servfail';
    },
    verdict: 'local-offline',
    severity: 'offline',
    told: 0,
  },
  {
    name: 'the resolver is gone',
    arrange: ({ lab }) => {
      lab.dns.fault = 'silence';
    },
    verdict: 'local-offline',
    severity: 'offline',
    told: 0,
  },
  {
    name: 'the cable is out',
    arrange: (world) => {
      world.setHasNetworkPath(false);
      world.lab.dns.fault = 'nxdomain';
    },
    verdict: 'local-offline',
    severity: 'offline',
    told: 0,
  },

  {
    name: 'the first proxy is slow',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'delay-headers', ms: 250 }),
    verdict: 'upstream-outage',
    severity: 'degraded',
    told: 0,
  },
  {
    name: 'HTTP/2 of the first proxy sends everybody away',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'goaway', code: 11 }),
    verdict: 'upstream-outage',
    severity: 'down',
    told: 1,
  },
];

export interface Played {
  readonly verdict: VerdictName;
  readonly severity: string;
  readonly rule: string | null;
  readonly told: number;
}

/** Small enough that a scenario of hanging servers and their experiments takes seconds. */
const LIMITS = {
  soft: { dialMs: 200, tlsMs: 200, headerMs: 150, totalMs: 1_000 },
  hard: { dialMs: 400, tlsMs: 400, headerMs: 400, totalMs: 900 },
};

/** A verdict must have been the wanted one, and stayed it for this long. */
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
  let controls: object[] = [];
  let hasNetworkPath = true;
  const list = proxies.map(({ url }) => url).join(scenario.separator ?? ',');
  const world: World = {
    lab,
    proxies,
    resolver,
    forward,
    listControls: () => {
      resolver.names.set('public.lab', ['93.184.215.14']);
      controls = [{ kind: 'dns', url: `udp://${resolver.address}`, target: 'public.lab' }];
    },
    setHasNetworkPath: (has) => {
      hasNetworkPath = has;
    },
  };
  try {
    await scenario.arrange(world);
    await writeFile(join(folder, 'goenv'), `GOPROXY=${list}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
    const endpoints = proxies.map(({ url, host }) => ({ id: host, url, module: FIXTURE_MODULE, key: FIXTURE_SUMDB }));
    const settings = {
      endpoints: [...endpoints, ...controls],
      intervals: { visibleMs: 250, hiddenMs: 250 },
      limits: LIMITS,
      network: { resolver: lab.dns.address },
      trust: { extraCa: [lab.authority.ca] },
    };
    await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
    return await watch(folder, scenario, () => hasNetworkPath);
  } finally {
    await forward.close();
    await resolver.close();
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function watch(folder: string, scenario: Scenario, hasNetworkPath: () => boolean): Promise<Played> {
  const file = await SettingsFile.open(join(folder, 'settings.json'), systemClock);
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOTOOLCHAIN: 'local' };
  const go = goControl(file, folder, env);
  const tools = { runner: new SystemProcessRunner(systemClock), env, findGo: () => go.locate() };
  const engine = await startEngine({
    clock: systemClock,
    pool: new CanaryPool(new InlinePool(systemClock), systemClock, tools),
    history: await openHistory({ file: join(folder, 'history.sqlite'), clock: systemClock }),
    settings: {
      current: () => engineSettings(file),
      setPreferences: (change) => file.setPreferences(change),
      setNetwork: (network) => file.setNetwork(network),
      watch: (listener) => file.watch(() => listener(engineSettings(file))),
    },
    go,
    hasNetworkPath,
    random: () => 0.5,
    listVersions: async ({ id }) => ({ endpointId: id, versions: null, latest: null }),
    network: { read: async () => null, watch: () => () => {} },
    costs: () => ({ cpuMs: 0, residentBytes: 0, wakeups: 0 }),
    selfTest: async () => 'not-run',
    log: silentLog,
  });
  const told: Announcement[] = [];
  engine.onAnnouncement((announcement) => told.push(announcement));
  try {
    const end = performance.now() + GIVE_UP_MS;
    let since: number | null = null;
    for (;;) {
      const { verdict } = engine.snapshot();
      const isWanted =
        verdict.name === scenario.verdict && (scenario.severity ?? verdict.severity) === verdict.severity;
      since = isWanted ? (since ?? performance.now()) : null;
      const isSettled = since !== null && performance.now() - since >= SETTLED_MS;
      if (isSettled || performance.now() > end) {
        const outages = told.filter(({ kind }) => kind === 'outage').length;
        return { verdict: verdict.name, severity: verdict.severity, rule: verdict.blame?.rule ?? null, told: outages };
      }
      await delay(50);
    }
  } finally {
    await engine.close();
  }
}
