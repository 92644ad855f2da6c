/** A simulated morning: all is well, something changes, an outage follows, and `gopherbar since` says what changed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { openCore } from '../../electron/composition/core.ts';
import { enginePorts } from '../../electron/composition/engine.ts';
import { startEngine } from '../../electron/engine/engine.ts';
import type { Engine } from '../../electron/engine/engine-api.ts';
import { type Clock, type Stop, systemClock } from '../../electron/system/clock.ts';
import { silentLog } from '../../electron/system/log.ts';
import type { Listing } from '../../electron/verdict/sync-lag.ts';
import type { NetworkIdentity } from '../../shared/domain/network.ts';
import { failed } from '../../shared/domain/outcome.ts';
import type { MachineFacts } from '../../shared/domain/timeline.ts';
import { MINUTE_MS } from '../../shared/domain/units.ts';

/** What a morning changes, and breaks. */
export interface MorningWorld {
  readonly lab: Lab;
  readonly proxy: GoproxyServer;
  readonly engine: Engine;
  /** The default route leads elsewhere. */
  moveTo(network: string): void;
  /** The machine sends packets through something else. */
  setMachine(facts: MachineFacts): Promise<void>;
  /** The computer sleeps and wakes up. */
  sleep(): void;
  /** Another program writes the settings of `go`. */
  writeGoEnv(text: string): Promise<void>;
  /** An editor saves the settings with another port of the endpoint. */
  writeSettings(port: number): Promise<void>;
  /** The mirrors are compared: one has fallen behind. */
  compareMirrors(): void;
}

export interface Morning {
  readonly name: string;
  /** Which endpoint is watched: a host, or a real download by `go`. */
  readonly watches: 'host' | 'download';
  readonly change: (world: MorningWorld) => Promise<unknown> | unknown;
  readonly breaks: (world: MorningWorld) => Promise<unknown> | unknown;
  /** The changes of which one must be first; null = nothing changed here. */
  readonly first: readonly string[] | null;
  /** Gopherbar does not watch all the time. */
  readonly hasGap?: boolean;
}

interface MorningReport {
  readonly cause: string;
  readonly complete: boolean;
  readonly changes: readonly { readonly kind: string; readonly weight: string; readonly detail: string }[];
}

const LIMITS = {
  soft: { dialMs: 200, tlsMs: 200, headerMs: 150, totalMs: 1_000 },
  hard: { dialMs: 400, tlsMs: 400, headerMs: 400, totalMs: 900 },
};
/** A download starts `go`. */
const PATIENT = {
  soft: { dialMs: 5_000, tlsMs: 5_000, headerMs: 5_000, totalMs: 9_000 },
  hard: { dialMs: 9_000, tlsMs: 9_000, headerMs: 9_000, totalMs: 20_000 },
};
const HOST = 'one.lab';
const GIVE_UP_MS = 40_000;

/** The machine's clock, but waits of a minute and more end when the morning says so. */
class MorningClock implements Clock {
  readonly #waiting = new Map<object, { readonly delayMs: number; readonly callback: () => void }>();
  now = systemClock.now;
  monotonic = systemClock.monotonic;

  after(delayMs: number, callback: () => void): Stop {
    if (delayMs < MINUTE_MS) return systemClock.after(delayMs, callback);
    const key = {};
    this.#waiting.set(key, { delayMs, callback });
    return () => this.#waiting.delete(key);
  }

  /** Ends what waits for exactly this long. */
  end(delayMs: number): void {
    for (const [key, waiting] of this.#waiting) {
      if (waiting.delayMs !== delayMs) continue;
      this.#waiting.delete(key);
      waiting.callback();
    }
  }
}

/** As it is while all is well. */
const MACHINE: MachineFacts = {
  resolvers: '192.168.1.1',
  'system-proxy': '127.0.0.1:7890',
  'local-proxy': '127.0.0.1:7890',
  tunnels: '',
  policies: 'pf on (2)',
};

const network = (description: string): NetworkIdentity => ({ id: description, description, isHotspot: false });

/** Plays one morning; throws when all is not well first, or when no outage follows. */
export async function playMorning({ watches, change, breaks, first }: Morning): Promise<MorningReport> {
  const home = await mkdtemp(join(tmpdir(), 'gopherbar-morning-'));
  const folder = join(home, '.local', 'share', 'gopherbar');
  const goenv = join(home, 'goenv');
  const lab = await startLab();
  const proxy = await lab.proxy({ host: HOST, transport: watches === 'host' ? 'h2' : 'http' });
  for (const name of ['mirror.lab', 'other.lab']) lab.dns.names.set(name, ['127.0.0.1']);
  const clock = new MorningClock();
  let identity = network('en0 · 192.168.1.0/24');
  let machine: MachineFacts = MACHINE;
  let isMachineRead = false;
  let onNetwork = (_differ: boolean) => {};
  const writeSettings = (port: number) => {
    const download = {
      id: HOST,
      kind: 'module',
      url: `module://${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`,
      module: FIXTURE_MODULE,
    };
    const host = { id: HOST, url: `https://${HOST}:${port}`, module: FIXTURE_MODULE, key: FIXTURE_SUMDB };
    const settings = {
      builtInProfiles: false,
      watchedModules: [FIXTURE_MODULE.path],
      endpoints: [
        watches === 'host' ? host : download,
        { id: 'mirror', url: `http://mirror.lab:${port}`, module: FIXTURE_MODULE },
        { id: 'other', url: `http://other.lab:${port}`, module: FIXTURE_MODULE },
      ].slice(0, watches === 'host' ? 1 : 3),
      profiles: [{ id: 'off', name: 'off', variables: { GOPROXY: 'off' } }],
      intervals: { visibleMs: 250, hiddenMs: 250 },
      limits: watches === 'host' ? LIMITS : PATIENT,
      network: { resolver: lab.dns.address },
      trust: { extraCa: [lab.authority.ca] },
    };
    return writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
  };
  await mkdir(folder, { recursive: true });
  await writeSettings(proxy.port);
  await writeFile(goenv, `GOPROXY=http://127.0.0.1:${proxy.port}\nGOSUMDB=off\n`);
  const env = { PATH: process.env.PATH, HOME: home, GOENV: goenv, GOTOOLCHAIN: 'local' };
  const core = await openCore(folder, env, silentLog, { clock });
  const listed = (endpointId: string): Listing => {
    const versions = endpointId === 'mirror' ? ['v1.0.0'] : ['v1.0.0', 'v1.1.0'];
    return { endpointId, versions, latest: { version: versions.at(-1) ?? '', at: clock.now() - 48 * 60 * MINUTE_MS } };
  };
  const { problem } = core.settings();
  // The defaults would be probed instead, which are public hosts.
  if (problem !== null) throw new Error(`${problem.key}: ${JSON.stringify(problem.params)}`);
  const engine = await startEngine({
    ...(await enginePorts(core)),
    hasNetworkPath: () => true,
    random: () => 0.5,
    listVersions: async ({ id }) => listed(id),
    network: {
      read: async () => identity,
      watch: (listener) => {
        onNetwork = listener;
        return () => {};
      },
    },
    machineFacts: async () => {
      isMachineRead = true;
      return machine;
    },
    costs: () => ({ cpuMs: 0, residentBytes: 0, wakeups: 0 }),
    environment: async () => ({ goflags: '', proxies: [] }),
    effective: async () => ({ contexts: [], builds: [], gos: [], project: null }),
    preflight: async (project) => failed('no-project', { folder: project }),
    selfTest: async () => 'not-run',
  });
  const since = async () => {
    const terminal = new MemoryTerminal({ env, folder: home, language: 'en', input: '' });
    return JSON.parse((await terminal.run(['since', HOST, '--json'])).out).outage;
  };
  const lastOutcome = () => engine.snapshot().endpoints.find(({ endpoint }) => endpoint.id === HOST)?.last?.outcome;
  const world: MorningWorld = {
    lab,
    proxy,
    engine,
    moveTo: (description) => {
      identity = network(description);
      onNetwork(true);
    },
    setMachine: async (facts) => {
      await until(async () => isMachineRead);
      machine = { ...machine, ...facts };
    },
    sleep: () => {
      engine.power.suspend();
      engine.power.wake();
    },
    writeGoEnv: (text) => writeFile(goenv, text),
    writeSettings,
    compareMirrors: () => clock.end(MINUTE_MS),
  };
  try {
    await until(async () => lastOutcome() === 'ok' && engine.snapshot().go.state === 'found');
    await engine.probing.probeNow(HOST);
    await change(world);
    await breaks(world);
    let report: MorningReport | null = null;
    await until(async () => {
      // Downloads are rare by themselves.
      if (watches === 'download') await engine.probing.probeNow(HOST);
      report = await since();
      // What the machine sends packets through is read soon after a failure, not with it.
      return report !== null && (first === null || report.changes.length > 0);
    });
    if (report === null) throw new Error('no outage');
    return report;
  } finally {
    await engine.close();
    await core.close();
    await lab.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + GIVE_UP_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come to this in time');
    await delay(200);
  }
}
