/** Traces and captures as the app holds them: a real go against the lab, files of every kind, and a recording. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { labCaptures } from '../../e2e/lab/captures/catalogue.ts';
import { labChains } from '../../e2e/lab/captures/chains.ts';
import { pcapFile } from '../../e2e/lab/captures/container.ts';
import { type QuietCheck, watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { defaultTools, installTcpdump, installTools, type Prompt } from '../../e2e/lab/mac-tools.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import type { Traffic } from '../../shared/domain/traffic.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { workerFile } from '../system/worker-files.ts';
import { planRecording } from './recording.ts';
import { TrafficSession } from './traffic-session.ts';

const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;
const runner = new SystemProcessRunner(systemClock);
const [toolchain] = goToolchains();
const captures = labCaptures(await labChains(), Date.now());
const forged = pcapFile(captures['injector gfw-2']?.packets ?? []);
let scratch: string;
let lab: Lab;
let server: GoproxyServer;
let desk: TrafficSession;
let audit: string[];
let quiet: QuietCheck;

beforeAll(async () => {
  lab = await startLab();
  server = await lab.proxy({ host: 'h1.lab', transport: 'http' });
});
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gopherbar-traffic-'));
  audit = [];
  quiet = watchForQuiet(scratch);
  desk = deskWith({ ok: true, value: toolchain?.path ?? '' });
});
afterEach(async () => {
  await desk.close();
  await quiet.expectQuiet();
  lab.reset();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});
afterAll(() => lab.close());

function deskWith(go: Awaited<ReturnType<ConstructorParameters<typeof TrafficSession>[0]['findGo']>>): TrafficSession {
  const env = { PATH: process.env.PATH, HOME: scratch, GOENV: 'off', GOSUMDB: 'off', GOPROXY: url() };
  return new TrafficSession({
    clock: systemClock,
    runner,
    env,
    root: scratch,
    readerFile: workerFile('traffic'),
    findGo: async () => go,
    onRecorded: async (command, outcome) => void audit.push(`${outcome}: ${command}`),
  });
}

function url(): string {
  return `http://127.0.0.1:${server.port}`;
}

/** Every state until it has ended. */
function ended(): Promise<readonly Traffic[]> {
  const states: Traffic[] = [];
  return new Promise((resolve) => {
    desk.onChange((traffic) => {
      states.push(traffic);
      if (traffic.endedAt !== null) resolve(states);
    });
  });
}

async function opened(name: string, bytes: string | Uint8Array): Promise<Traffic | undefined> {
  const file = join(scratch, name);
  writeFileSync(file, bytes);
  const end = ended();
  desk.open(file);
  return (await end).at(-1);
}

it('traces a running download, and saves it where asked', async () => {
  const end = ended();
  desk.trace(MODULE, false);
  expect(desk.current()).toMatchObject({ kind: 'trace', source: MODULE, endedAt: null });
  const last = (await end).at(-1);
  expect(last).toMatchObject({ cancelled: false, problem: null, canSave: true, trace: { outcome: 'healthy' } });
  expect(last?.trace?.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
  const file = join(scratch, 'trace.txt');
  await desk.save(file);
  expect(desk.current()?.canSave).toBe(false);
  const again = ended();
  desk.open(file);
  expect((await again).at(-1)).toMatchObject({ kind: 'trace', source: 'trace.txt', trace: { outcome: 'healthy' } });
  await expect(desk.save(join(scratch, 'no', 'such', 'folder'))).rejects.toThrow('ENOENT');
});

it('shows a download that hangs while it hangs, and where when it is stopped', async () => {
  await server.setFault({ type: 'drop-request', how: 'hang' });
  const end = ended();
  desk.trace(MODULE, true);
  await new Promise<void>((resolve) => {
    const stop = desk.onChange(({ trace }) => {
      if (trace?.requests.length !== 1) return;
      stop();
      resolve();
    });
  });
  desk.cancel();
  expect((await end).at(-1)).toMatchObject({ cancelled: true, trace: { outcome: 'hung' } });
});

it('without a go it says so', async () => {
  desk = deskWith({ ok: false, problem: { key: 'go-missing', params: {} } });
  const end = ended();
  desk.trace(MODULE, false);
  expect((await end).at(-1)).toMatchObject({ problem: { key: 'go-missing' }, trace: null });
});

it('reads a capture, findings first', async () => {
  const shown = await opened('forged.pcap', forged);
  expect(shown).toMatchObject({ kind: 'capture', problem: null, canSave: false, progress: null });
  expect(shown?.capture?.exchanges[0]).toMatchObject({ verdict: 'rst-after-client-hello', isFinding: true });
  expect(shown?.capture?.exchanges[0]?.timeline.length).toBeGreaterThan(2);
});

it('says what a file is not', async () => {
  expect(await opened('notes.txt', 'dear diary\n')).toMatchObject({ kind: 'trace', trace: { outcome: 'empty' } });
  expect(await opened('empty', '')).toMatchObject({ trace: { outcome: 'empty' } });
  expect(await opened('cut.pcap', forged.subarray(0, 200))).toMatchObject({
    capture: { problems: [{ key: 'truncated' }] },
  });
  const end = ended();
  desk.open(join(scratch, 'none'));
  expect((await end).at(-1)).toMatchObject({ problem: { key: 'file-not-read', params: { detail: 'ENOENT' } } });
});

it('another one takes the place of one that runs', async () => {
  await server.setFault({ type: 'drop-request', how: 'hang' });
  desk.trace(MODULE, false);
  const end = opened('forged.pcap', forged);
  expect(await end).toMatchObject({ kind: 'capture', source: 'forged.pcap' });
});

it.each<[Prompt, string | null]>([
  ['accepted', null],
  ['cancelled', 'record-declined'],
])('records after the plan was shown: %s', async (prompt, problem) => {
  installTools(scratch, defaultTools(), prompt);
  installTcpdump(scratch, forged);
  const plan = await planRecording(['proxy.golang.org'], 1, {
    runner,
    root: scratch,
    lookUp: async () => ['142.250.72.81'],
  });
  if (!plan.ok) throw new Error(plan.problem.key);
  expect(plan.value.command).toContain("-i en0 -w - 'port 53 or host 142.250.72.81'");
  const end = ended();
  desk.record(plan.value.request, plan.value.command);
  const last = (await end).at(-1);
  expect(last?.problem?.key ?? null).toBe(problem);
  expect(audit).toEqual([`${problem === null ? 'done' : 'declined'}: ${plan.value.command}`]);
  if (problem !== null) return;
  expect(last).toMatchObject({ canSave: true, capture: { exchanges: [{ verdict: 'rst-after-client-hello' }] } });
  const file = join(scratch, 'recorded.pcap');
  await desk.save(file);
  expect(readFileSync(file).equals(forged)).toBe(true);
});

it('a plan that cannot be carried out says why', async () => {
  const ports = { runner, root: scratch, lookUp: async () => null };
  const plan = (hosts: readonly string[], seconds: number) => planRecording(hosts, seconds, ports);
  expect(await plan(['a.example'], 10)).toMatchObject({ problem: { key: 'record-not-here' } });
  installTools(scratch, defaultTools());
  expect(await plan(['a.example'], 10)).toMatchObject({ problem: { key: 'record-no-address' } });
  expect(await plan(['192.0.2.1'], 100_000)).toMatchObject({ problem: { key: 'record-too-long' } });
});

it('leaves nothing behind when it is closed after one job replaced another', async () => {
  desk.trace(MODULE, false);
  desk.trace(MODULE, true);
  desk.open(join(scratch, 'missing'));
  await desk.close();
  expect(desk.current()).toMatchObject({ kind: 'capture', source: 'missing' });
});

it('that throws ends with a problem, and the next job runs', async () => {
  desk = new TrafficSession({
    clock: systemClock,
    runner,
    env: {},
    root: scratch,
    readerFile: workerFile('traffic'),
    findGo: () => Promise.reject(new Error('no more files')),
    onRecorded: async () => {},
  });
  const end = ended();
  desk.trace(MODULE, false);
  expect((await end).at(-1)).toMatchObject({ problem: { key: 'internal' } });
  expect(await opened('empty.txt', '')).toMatchObject({ endedAt: expect.any(Number), problem: null });
});
