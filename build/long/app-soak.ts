/**
 * `npm run long -- app-soak`: the packaged app for half an hour, while a server of the lab fails in another way every ten
 * seconds: 200 × sleep and wake, 200 switches of the real go, 100 × the dashboard opened and closed, and its parts killed in
 * turn. Everything must come back; memory, handles and timers must not grow; nothing unexpected may be logged. Linux only.
 *
 *   --minutes N   (default 30)     --sleeps N  --switches N  --opens N  (default 200, 200, 100)
 *   --kills N     rounds of kills  (default 6)
 *   --no-figures  writes nothing; otherwise docs/figures/app-soak.json
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { startSessionBus } from '../../e2e/desktop/session-bus.ts';
import { ownTray } from '../../e2e/desktop/status-notifier.ts';
import type { Fault } from '../../e2e/lab/fault.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { createScratch } from '../../e2e/scratch.ts';
import { build } from '../build.mjs';
import { ensureRuntime } from '../electron-runtime.mjs';
import { packageApp } from '../package.mjs';
import { Acts, KILLS } from './app-soak-acts.ts';
import { type Reading, readProcess, type Slope, slopeOf, wakeupsPerMinute } from './app-soak-measure.ts';

const number = (fallback: number) => ({ type: 'string', default: String(fallback) }) as const;
const { values } = parseArgs({
  options: {
    minutes: number(30),
    sleeps: number(200),
    switches: number(200),
    opens: number(100),
    kills: number(6),
    'no-figures': { type: 'boolean', default: false },
  },
});

const FAULT_EVERY_MS = 10_000;
const READ_EVERY_MS = 10_000;
/** Growth over the measured part that is noise: a share of memory and of timers, a number of handles and threads. */
const ALLOWED = { memory: 0.1, timers: 0.15, handles: 6, threads: 4 };
/** The tests' runtime does not know this directive of the pages' policy, and says so for each page. */
const OLD_RUNTIME = "Unrecognized Content-Security-Policy directive 'webrtc'.";
/** What the log may say of kills. */
const EXPECTED = new Set(['worker-lost', 'process-died', 'window-died']);

const FAULTS: readonly (Fault | null)[] = [
  { type: 'refuse' },
  null,
  { type: 'drop-at-accept', how: 'reset' },
  { type: 'silent-at-accept' },
  { type: 'status', status: 503 },
  null,
  { type: 'drop-body', how: 'fin' },
  { type: 'garbage' },
  { type: 'delay-headers', ms: 1_500 },
  { type: 'endless-body' },
  { type: 'redirect', to: 'self' },
];

if (process.platform !== 'linux') {
  console.error('app-soak: Linux only, for what it reads of /proc');
  process.exitCode = 2;
} else if (!process.env.DISPLAY) {
  const screen = ['-a', '-s', '-screen 0 1440x900x24', process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.exitCode = spawnSync('xvfb-run', screen, { stdio: 'inherit' }).status ?? 1;
} else {
  process.exitCode = (await soak()) ? 0 : 1;
}

async function soak(): Promise<boolean> {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const isPackaged = await prepareApp();
  // Reads the variable when it is loaded.
  const { launchApp } = await import('../../e2e/app-driver.ts');
  const scratch = createScratch();
  const session = await startSessionBus();
  const tray = await ownTray(session.bus);
  const lab = await startLab();
  const servers = await Promise.all(
    ['first', 'second', 'third'].map((host) => lab.proxy({ host: `${host}.lab`, transport: 'http' })),
  );
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settingsOf(servers)));
  writeFileSync(scratch.goEnvFile, `GOSUMDB=${FIXTURE_SUMDB}\nGOPROXY=${servers.map(addressOf).join('|')}\n`);
  const bus = { DBUS_SESSION_BUS_ADDRESS: session.address, DBUS_SYSTEM_BUS_ADDRESS: session.address };
  const app = await launchApp({ ...scratch.env, ...bus }, ['--show']);
  const pageErrors: string[] = [];
  const watch = (page: Page) => {
    page.on('pageerror', ({ message }) => pageErrors.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' && message.text() !== OLD_RUNTIME) pageErrors.push(message.text());
    });
  };
  app.electron.windows().forEach(watch);
  app.electron.on('window', watch);
  const acts = new Acts(app, await tray.item());
  const failures: string[] = [];
  const readings: Reading[] = [];
  const started = performance.now();
  const endsAt = started + Number(values.minutes) * 60_000;
  const faults = cycleFaults(servers, () => performance.now() < endsAt);
  const plan = planOf(acts);
  let read = 0;
  const isGone = () => app.child.exitCode !== null || app.child.signalCode !== null;
  for (const [index, { what, run }] of plan.entries()) {
    const due = started + ((index + 1) * (endsAt - started)) / (plan.length + 1);
    while (performance.now() < due && !isGone()) {
      if (performance.now() - read >= READ_EVERY_MS) {
        read = performance.now();
        const reading = readingOf(app.child.pid ?? 0, app.electron, acts, (read - started) / 60_000);
        await reading
          .then((one) => readings.push(one))
          .catch((error: unknown) => failures.push(`reading: ${said(error)}`));
      }
      await delay(Math.max(0, Math.min(250, due - performance.now())));
    }
    if (isGone()) {
      failures.push(`the app ended by itself before "${what}": ${app.log().trim().split('\n').slice(-3).join(' | ')}`);
      break;
    }
    await run().catch((error: unknown) => failures.push(`${what}: ${said(error)}`));
  }
  const faultsPlayed = await faults;
  const minutes = (performance.now() - started) / 60_000;
  await app.quit();
  const quitWell = app.child.exitCode === 0;
  await lab.close();
  await session.close();
  scratch.remove();
  return judge({
    keepsFigures: isPackaged && !values['no-figures'],
    commit,
    minutes,
    failures,
    pageErrors,
    log: app.log(),
    readings,
    faultsPlayed,
    quitWell,
  });
}

/**
 * The packaged app where it can be driven: true. With Electron's official release it is the one that ships, whose inspector is
 * shut; then the built app is soaked, and no figures are kept.
 */
async function prepareApp(): Promise<boolean> {
  const runtime = await ensureRuntime();
  process.env.ELECTRON_OVERRIDE_DIST_PATH = runtime.dist;
  if (runtime.official) await build({ e2e: false });
  else process.env.GOPHERBAR_PACKAGED = await packageApp();
  return !runtime.official;
}

function said(error: unknown): string {
  return String(error).slice(0, 200);
}

function addressOf({ port }: GoproxyServer): string {
  return `http://127.0.0.1:${port}`;
}

function settingsOf(servers: readonly GoproxyServer[]) {
  const [first = '', second = '', third = ''] = servers.map(addressOf);
  const profile = (id: string, list: string) => ({
    id,
    name: id,
    variables: { GOPROXY: list, GOSUMDB: FIXTURE_SUMDB },
  });
  return {
    builtInProfiles: false,
    preferences: { language: 'en' },
    endpoints: servers.map((server) => ({ id: server.host, url: addressOf(server), module: FIXTURE_MODULE })),
    profiles: [profile('one', `${first}|${second}`), profile('two', `${second}|${third}|direct`)],
    intervals: { visibleMs: 2_000, hiddenMs: 2_000 },
    bytesPerDay: { usual: null },
    doctor: { resolvers: [] },
    watchedModules: [],
  };
}

/** Acts in a mixed order, the same in every run. */
function planOf(acts: Acts): readonly { readonly what: string; run(): Promise<void> }[] {
  const kinds = [
    { count: Number(values.sleeps), what: 'sleep and wake', run: () => acts.sleepAndWake() },
    { count: Number(values.switches), what: 'switch', run: () => acts.switchProfile() },
    { count: Number(values.opens), what: 'dashboard', run: () => acts.openAndCloseDashboard() },
    ...KILLS.map((part) => ({ count: Number(values.kills), what: `kill ${part}`, run: () => acts.kill(part) })),
  ];
  const placed = kinds.flatMap(({ count, what, run }, kind) =>
    Array.from({ length: count }, (_, index) => ({ what, run, at: (index + (kind + 1) / (kinds.length + 1)) / count })),
  );
  return placed.sort((a, b) => a.at - b.at);
}

/** One server after the other fails, each time in another way; the one before is healthy again. Resolves with their number. */
async function cycleFaults(servers: readonly GoproxyServer[], goesOn: () => boolean): Promise<number> {
  let played = 0;
  for (let turn = 0; goesOn(); turn += 1) {
    const fault = FAULTS[turn % FAULTS.length] ?? null;
    await Promise.all(servers.map((server, index) => server.setFault(index === turn % servers.length ? fault : null)));
    if (fault !== null) played += 1;
    const until = performance.now() + FAULT_EVERY_MS;
    while (goesOn() && performance.now() < until) await delay(250);
  }
  return played;
}

type Electron = import('@playwright/test').ElectronApplication;

async function readingOf(pid: number, electron: Electron, acts: Acts, minute: number): Promise<Reading> {
  const { kilobytes, windows } = await electron.evaluate(({ app, BrowserWindow }) => ({
    kilobytes: app.getAppMetrics().reduce((total, { memory }) => total + memory.workingSetSize, 0),
    windows: BrowserWindow.getAllWindows().length,
  }));
  const { wakeups } = await acts.request<{ readonly wakeups: number }>('meter.get', null);
  return { minute, ...readProcess(pid), allMb: kilobytes / 1_024, windows, wakeups };
}

interface Run {
  readonly keepsFigures: boolean;
  readonly commit: string;
  readonly minutes: number;
  readonly failures: readonly string[];
  readonly pageErrors: readonly string[];
  readonly log: string;
  readonly readings: readonly Reading[];
  readonly faultsPlayed: number;
  readonly quitWell: boolean;
}

/** Prints and keeps what came of it; true = everything is as it must be. */
function judge({
  keepsFigures,
  commit,
  minutes,
  failures,
  pageErrors,
  log,
  readings,
  faultsPlayed,
  quitWell,
}: Run): boolean {
  const lines = log.split('\n');
  const unexpected = lines.filter(
    (line) => /"level":"error"/.test(line) && !EXPECTED.has(/"event":"([\w-]+)"/.exec(line)?.[1] ?? ''),
  );
  const unhandled = lines.filter((line) => /Unhandled|Uncaught/.test(line));
  const slopes = {
    mainMb: slopeOf(readings, ({ mainMb }) => mainMb),
    // An open dashboard is a process more: compared is what stays, the popover alone.
    allMb: slopeOf(
      readings.filter(({ windows }) => windows === 1),
      ({ allMb }) => allMb,
    ),
    handles: slopeOf(readings, ({ handles }) => handles),
    threads: slopeOf(readings, ({ threads }) => threads),
    timersPerMinute: slopeOf(wakeupsPerMinute(readings), ({ wakeups }) => wakeups),
  };
  const growing = [
    ...grows('memory of the main process', slopes.mainMb, (slope) => ALLOWED.memory * slope.from),
    ...grows('memory of all processes', slopes.allMb, (slope) => ALLOWED.memory * slope.from),
    ...grows('timers a minute', slopes.timersPerMinute, (slope) => ALLOWED.timers * slope.from),
    ...grows('handles', slopes.handles, () => ALLOWED.handles),
    ...grows('threads', slopes.threads, () => ALLOWED.threads),
  ];
  const wrong = [
    ...failures,
    ...pageErrors.map((text) => `page: ${text}`),
    ...unexpected.map((text) => `log: ${text}`),
    ...unhandled.map((text) => `unhandled: ${text}`),
    ...growing,
    ...(quitWell ? [] : ['the app did not quit with 0']),
  ];
  for (const text of wrong) console.log(`FAILED ${text.slice(0, 300)}`);
  console.log(
    `app-soak: ${minutes.toFixed(1)} min, ${faultsPlayed} faults, ${readings.length} readings, ${JSON.stringify(slopes)}`,
  );
  if (keepsFigures) {
    const record = {
      date: new Date().toISOString().slice(0, 10),
      commit,
      minutes: Math.round(minutes * 10) / 10,
      faults: faultsPlayed,
      sleeps: Number(values.sleeps),
      switches: Number(values.switches),
      dashboards: Number(values.opens),
      kills: Number(values.kills) * KILLS.length,
      notRecovered: failures.length,
      pageErrors: pageErrors.length,
      unexpectedLogEntries: unexpected.length,
      unhandledRejections: unhandled.length,
      allowed: ALLOWED,
      slopes,
    };
    writeFileSync(
      join(import.meta.dirname, '../../docs/figures/app-soak.json'),
      `${JSON.stringify(record, null, 2)}\n`,
    );
  }
  return wrong.length === 0;
}

function grows(what: string, slope: Slope | null, allowed: (slope: Slope) => number): readonly string[] {
  if (slope === null || slope.to - slope.from <= allowed(slope)) return [];
  return [`${what}: from ${slope.from} to ${slope.to}`];
}
