import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../e2e/app-driver.ts';
import { until } from '../../e2e/until.ts';
import { systemClock } from './clock.ts';
import { FakeClock } from './fake-clock.ts';
import { NETWORK_LOOK_MS, watchNetwork } from './network-watch.ts';

/** A system without a change source. */
const SILENT = { env: {}, platform: 'freebsd' } as const;

test('reports a changed address once, at the next poll', async () => {
  const clock = new FakeClock();
  let network = 'en0=192.0.2.7';
  let changes = 0;
  const stop = watchNetwork({ ...SILENT, clock, fingerprint: () => network }, () => changes++);
  await clock.advance(10 * NETWORK_LOOK_MS);
  expect(changes).toBe(0);
  network = 'en0=198.51.100.7';
  await clock.advance(10 * NETWORK_LOOK_MS);
  expect(changes).toBe(1);
  await stop();
  expect(clock.pending).toBe(0);
});

test('stopping from within the callback leaves no timer behind', async () => {
  const clock = new FakeClock();
  let network = 'a';
  const stop = watchNetwork({ ...SILENT, clock, fingerprint: () => network }, () => stop());
  network = 'b';
  await clock.advance(3 * NETWORK_LOOK_MS);
  expect(clock.pending).toBe(0);
});

test('polls when its program cannot run', async () => {
  const clock = new FakeClock();
  let network = 'a';
  let changes = 0;
  const stop = watchNetwork(
    { clock, env: { PATH: '/nonexistent' }, platform: 'linux', fingerprint: () => network },
    () => {
      changes++;
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  network = 'b';
  await clock.advance(3 * NETWORK_LOOK_MS);
  expect(changes).toBe(1);
  await stop();
});

/** What `ip monitor address route link` prints when a cable is plugged in. */
const BURST = [
  '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default',
  '2: eth0    inet 192.0.2.7/24 brd 192.0.2.255 scope global dynamic eth0',
  'default via 192.0.2.1 dev eth0 proto dhcp src 192.0.2.7 metric 100',
];

/** The process ID that the program wrote; null = not yet. */
function writtenPid(folder: string): number | null {
  const [, digits] = /^(\d+)\n$/.exec(readFileSync(join(folder, 'pid'), 'utf8')) ?? [];
  return digits === undefined ? null : Number(digits);
}

test('reports the events of the system, once per burst, and its program ends with the watch', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-ip-'));
  writeFileSync(
    join(folder, 'ip'),
    `#!/bin/sh\necho $$ > ${folder}/pid\n${BURST.map((line) => `echo '${line}'; sleep 0.05`).join('\n')}\nexec sleep 60\n`,
    { mode: 0o755 },
  );
  let changes = 0;
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const stop = watchNetwork({ clock: systemClock, env, platform: 'linux' }, () => changes++);
  await until('the word', () => changes > 0);
  const pid = writtenPid(folder) ?? Number.NaN;
  expect(changes).toBe(1);
  await stop();
  await until('its end', () => !isAlive(pid));
  rmSync(folder, { recursive: true, force: true });
});

/** Runs some lines in a Node of their own that never ends by itself; resolves with what they print first. */
async function inOtherProcess(lines: string, env: Readonly<Record<string, string>>) {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', lines];
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(child.stdout, 'data');
  return { child, printed: String(printed).trim() };
}

test('a killed process leaves neither its program nor, for long, its empty folder behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-ip-'));
  writeFileSync(join(folder, 'ip'), `#!/bin/sh\necho $$ > ${folder}/pid\nexec sleep 60\n`, { mode: 0o755 });
  const env = { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: folder };
  const lines = `
    import { systemClock } from './clock.ts';
    import { emptyFolder } from './empty-folder.ts';
    import { watchNetwork } from './network-watch.ts';
    watchNetwork({ clock: systemClock, env: process.env, platform: 'linux' }, () => {});
    console.log(emptyFolder());
    setInterval(() => {}, 1_000);
  `;
  const first = await inOtherProcess(lines, env);
  // The shell creates the file before it writes the number.
  const pid = await until('the program', () => existsSync(join(folder, 'pid')) && writtenPid(folder));
  expect(isAlive(pid)).toBe(true);
  first.child.kill('SIGKILL');
  await until('the end of the program', () => !isAlive(pid));
  expect(existsSync(first.printed)).toBe(true);
  const second = await inOtherProcess(lines, env);
  expect(existsSync(first.printed)).toBe(false);
  expect(existsSync(second.printed)).toBe(true);
  second.child.kill('SIGKILL');
  await once(second.child, 'exit');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
