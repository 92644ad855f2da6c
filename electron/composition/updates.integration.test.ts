/**
 * A round trip of an update: Gopherbar's probe, electron-updater's AppImage path and a server on loopback. Only Electron is
 * left out: the facts of the app come from an adapter, and downloads go over node:http.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { AppImageUpdater } from 'electron-updater';
import { ElectronHttpExecutor } from 'electron-updater/out/electronHttpExecutor.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import { INFO, program, UpdateServer } from '../../e2e/lab/update-server.ts';
import { createScratch, type Scratch } from '../../e2e/scratch.ts';
import { until } from '../../e2e/until.ts';
import { succeeded } from '../../shared/domain/outcome.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type { UpdateService } from '../engine/app-services.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { silentLog } from '../system/log.ts';
import { FeedUpdater } from '../updates/updater.ts';
import { type Core, openCore } from './core.ts';
import { openUpdates } from './updates.ts';

/** A network that costs by the byte. */
const METERED = { id: '0123456789ab', name: 'Hotel', description: '', metered: true, isHotspot: false };

/** electron-updater's own downloads, over node:http instead of Electron's net. */
class NodeExecutor extends ElectronHttpExecutor {
  override createRequest(options: object, callback: (response: IncomingMessage) => void) {
    return request(options, callback) as never;
  }
}

let scratch: Scratch;
let core: Core;
let first: UpdateServer;
let second: UpdateServer;
let updates: UpdateService;
let appImage: string;
let publish: (snapshot: Snapshot) => void;
let clock: FakeClock;
let metered: boolean;
let onQuit: ((exitCode: number) => void)[];

beforeEach(async () => {
  scratch = createScratch();
  [first, second] = [new UpdateServer(), new UpdateServer()];
  await Promise.all([first.start(), second.start()]);
  appImage = join(scratch.folder, 'Gopherbar.AppImage');
  writeFileSync(appImage, 'the running version', { mode: 0o755 });
  vi.stubEnv('APPIMAGE', appImage);
  writeFileSync(join(scratch.folder, 'app-update.yml'), 'updaterCacheDirName: gopherbar-updater\n');
  const settings = { updates: { feeds: [first.url, second.url] }, doctor: { resolvers: [] } };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  clock = new FakeClock();
  metered = false;
  core = await openCore(scratch.dataFolder, scratch.env, silentLog, { clock });
  open();
});
afterEach(async () => {
  await updates.close();
  await core.close();
  await Promise.all([first.close(), second.close()]);
  vi.unstubAllEnvs();
  scratch.remove();
});

function open(): void {
  onQuit = [];
  const updater = new AppImageUpdater(null, {
    version: '0.1.0',
    name: 'gopherbar',
    isPackaged: true,
    appUpdateConfigPath: join(scratch.folder, 'app-update.yml'),
    userDataPath: join(scratch.folder, 'electron'),
    baseCachePath: join(scratch.folder, 'cache'),
    whenReady: async () => {},
    relaunch: () => {},
    quit: () => {},
    onQuit: (handler: (exitCode: number) => void) => onQuit.push(handler),
  });
  Object.assign(updater, { httpExecutor: new NodeExecutor() });
  const feeds = new FeedUpdater(async () => updater, core.clock, silentLog);
  const listeners = new Set<(snapshot: Snapshot) => void>();
  publish = (snapshot) => {
    for (const listener of listeners) listener(snapshot);
  };
  const engine = {
    snapshot: () => sampleSnapshot(metered ? { network: METERED } : {}),
    subscribe: (listener: (snapshot: Snapshot) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  updates = openUpdates(core, engine, {
    version: '0.1.0',
    isSupported: true,
    offer: feeds.offer.bind(feeds),
    download: feeds.download.bind(feeds),
    installOnQuit: (enabled) => feeds.installOnQuit(enabled),
    install: () => quit(),
    forwardProxyFor: async () => null,
  });
}

function quit(): void {
  for (const handler of onQuit) handler(0);
}

/** One check, to its end. */
async function check() {
  expect(updates.check()).toEqual({ ok: true });
  await until('the end of the check', () => !['checking', 'downloading'].includes(updates.state().phase));
  return updates.state();
}

/** Whose file is installed now. */
function installed(): string {
  const bytes = readFileSync(appImage);
  if (bytes.equals(first.sent)) return 'the first server’s';
  return bytes.equals(second.sent) ? 'the second server’s' : bytes.toString().slice(0, 40);
}

const staged = () => {
  const folder = join(scratch.folder, 'cache', 'gopherbar-updater', 'pending');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'update-info.json') : [];
};

it('offers, downloads, checks and stages a newer version, and installs it when the app quits', async () => {
  const seen: string[] = [];
  updates.onChange(({ phase }) => seen.at(-1) === phase || seen.push(phase));
  expect(updates.state()).toMatchObject({ phase: 'idle', version: '0.1.0', checkedAt: null, feeds: [] });
  expect(await check()).toMatchObject({
    phase: 'staged',
    next: { version: '0.2.0', notes: '- Switches twice as fast' },
    feeds: [{ url: first.url, failure: null }],
  });
  expect(seen).toEqual(['checking', 'downloading', 'staged']);
  expect(second.requests).toEqual([]);
  expect(installed()).toBe('the running version');
  quit();
  expect(installed()).toBe('the first server’s');
});

it('sends nothing that names this installation', async () => {
  await check();
  const headers = first.requests.map(({ headers }) => Object.keys(headers));
  expect(headers.flat().filter((name) => name.startsWith('x-'))).toEqual([]);
  expect(first.paths).toEqual([INFO, 'Gopherbar-0.2.0-linux-x86_64.AppImage']);
});

it('uses the second server when the probe of the first fails, and names the cause', async () => {
  await first.close();
  expect(await check()).toMatchObject({
    phase: 'staged',
    feeds: [
      { url: first.url, failure: 'unreachable', cause: 'connect-refused' },
      { url: second.url, failure: null },
    ],
  });
});

it('is quiet when both servers are dead, and keeps what it knows', async () => {
  await Promise.all([first.close(), second.close()]);
  expect(await check()).toMatchObject({
    phase: 'idle',
    next: null,
    feeds: [{ cause: 'connect-refused' }, { cause: 'connect-refused' }],
  });
  expect(updates.state().checkedAt).not.toBeNull();
});

it.each([
  [
    'a page of a captive portal',
    (response: ServerResponse) => response.end('<!DOCTYPE html><html></html>'),
    'unreachable',
    'captive-portal',
  ],
  ['an error', (response: ServerResponse) => response.writeHead(503).end(), 'unreachable', 'http-server-error'],
  ['no such file', (response: ServerResponse) => response.writeHead(404).end(), 'not-a-feed', null],
  ['a reset', (response: ServerResponse) => void response.destroy(), 'unreachable', 'eof-no-response'],
  ['another file', (response: ServerResponse) => response.end('hello'), 'not-a-feed', null],
])('goes on to the second server after %s', async (_name, answer, failure, cause) => {
  first.answer = answer;
  const { phase, feeds } = await check();
  expect(feeds[0]).toMatchObject({ failure, cause });
  expect(phase).toBe('staged');
});

it('refuses a file that is not the published one, deletes it, and takes the other server’s', async () => {
  first.sent = randomBytes(first.published.length);
  expect((await check()).feeds).toMatchObject([{ failure: 'checksum' }, { failure: null }]);
  quit();
  expect(installed()).toBe('the second server’s');
});

it('stages nothing when every file is wrong, and installs nothing when the app quits', async () => {
  for (const feed of [first, second]) feed.sent = randomBytes(feed.published.length);
  expect(await check()).toMatchObject({ phase: 'idle', next: null });
  expect(staged()).toEqual([]);
  expect(updates.install()).toMatchObject({ ok: false, problem: { key: 'update-none' } });
  quit();
  expect(installed()).toBe('the running version');
});

it('refuses a file that broke off, at its start and near its end', async () => {
  first.cutAfter = 1_000;
  second.cutAfter = second.sent.length - 1;
  expect((await check()).feeds).toMatchObject([{ failure: 'download' }, { failure: 'download' }]);
  expect(staged()).toEqual([]);
});

it.each(['0.1.0', '0.0.9', '0.1.0-beta.1'])('never takes %s', async (version) => {
  first.version = version;
  expect(await check()).toMatchObject({ phase: 'idle', next: null, feeds: [{ failure: null }] });
  expect(first.paths).toEqual([INFO]);
});

it('keeps what is staged when a server that lags behind is used later', async () => {
  first.version = '0.3.0';
  await check();
  first.answer = (response) => response.writeHead(503).end();
  expect(await check()).toMatchObject({ phase: 'staged', next: { version: '0.3.0' } });
  expect(second.paths).toEqual([INFO]);
});

it('takes a later version in place of the staged one', async () => {
  await check();
  first.version = '0.3.0';
  first.published = first.sent = program();
  expect(await check()).toMatchObject({ phase: 'staged', next: { version: '0.3.0' } });
  expect(staged()).toEqual(['Gopherbar-0.3.0-linux-x86_64.AppImage']);
});

it('does not download again what an earlier start has staged, unless it was changed on the disk', async () => {
  await check();
  await updates.close();
  open();
  expect(await check()).toMatchObject({ phase: 'staged', next: { version: '0.2.0' } });
  const file = 'Gopherbar-0.2.0-linux-x86_64.AppImage';
  expect(first.paths).toEqual([INFO, file, INFO]);
  await updates.close();
  writeFileSync(join(scratch.folder, 'cache', 'gopherbar-updater', 'pending', file), program('echo changed'));
  open();
  expect(await check()).toMatchObject({ phase: 'staged' });
  expect(first.paths).toEqual([INFO, file, INFO, INFO, file]);
  quit();
  expect(installed()).toBe('the first server’s');
});

it('refuses a download without SHA-512, and one from elsewhere', async () => {
  const info = (file: string) => (response: ServerResponse) => response.end(`version: 0.2.0\nfiles:\n  - ${file}\n`);
  first.answer = info(`url: a.AppImage\n    sha2: ${'0'.repeat(64)}`);
  second.answer = info(`url: https://elsewhere.test/a.AppImage\n    sha512: ${'A'.repeat(86)}==`);
  const { feeds } = await check();
  expect(feeds.map(({ failure, detail }) => [failure, detail])).toEqual([
    ['not-a-feed', 'Error: no SHA-512 of a.AppImage'],
    ['not-a-feed', 'Error: a file elsewhere: https://elsewhere.test/a.AppImage'],
  ]);
});

it('can be switched off: nothing is checked, and what is staged is not installed', async () => {
  await check();
  await core.file.change((content) => succeeded({ ...content, updates: { ...content.updates, enabled: false } }));
  publish(sampleSnapshot());
  expect(updates.state()).toMatchObject({ phase: 'off', next: null });
  expect(updates.check()).toMatchObject({ ok: false, problem: { key: 'update-off' } });
  quit();
  expect(installed()).toBe('the running version');
});

const MINUTE = 60_000;

/** Expects the next check exactly so many minutes from now, and waits for its end. */
async function expectCheckAfter(minutes: number): Promise<void> {
  const before = first.requests.length;
  await clock.advance(minutes * MINUTE - 1);
  expect(first.requests.length).toBe(before);
  expect(updates.state().phase).not.toBe('checking');
  await clock.advance(1);
  await until('the end of the check', () => first.requests.length > before && updates.state().phase !== 'checking');
  await until('the end of the download', () => updates.state().phase !== 'downloading');
}

it('checks two minutes after the start, then every six hours, and after an hour when no server was usable', async () => {
  for (const feed of [first, second]) feed.answer = (response) => response.writeHead(503).end();
  await expectCheckAfter(2);
  await expectCheckAfter(60);
  first.answer = null;
  await expectCheckAfter(60);
  expect(updates.state()).toMatchObject({ phase: 'staged', checkedAt: clock.now() });
  await expectCheckAfter(6 * 60);
});

it('leaves a network that costs by the byte alone, unless a person asks', async () => {
  metered = true;
  await clock.advance(10 * 60 * MINUTE);
  expect(first.requests).toEqual([]);
  expect((await check()).phase).toBe('staged');
});

it('gives a download up that stands still for a minute, and takes the other server’s', async () => {
  first.stallAfter = 1_000;
  expect(updates.check()).toEqual({ ok: true });
  await until('the download', () => updates.state().phase === 'downloading' && first.requests.length === 2);
  await clock.advance(MINUTE);
  await until('the other', () => updates.state().phase === 'staged');
  expect(updates.state().feeds).toMatchObject([
    { failure: 'download', detail: 'Error: no data for 60 s' },
    { failure: null },
  ]);
});

it('ends in the middle of a check without leaving anything', async () => {
  const quiet = watchForQuiet(scratch.folder);
  first.answer = () => {};
  updates.check();
  await until('the request', () => first.requests.length > 0);
  await updates.close();
  await quiet.expectQuiet();
});
