/** The running app goes to no address that its settings do not name. Linux only, by strace(1). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { family } from '../app-driver.ts';
import { expect, test } from '../fixtures.ts';
import { addressesIn } from '../lab/traced-addresses.ts';
import { until } from '../until.ts';

/** Of TEST-NET-1 (RFC 5737): nobody answers there. */
const LISTED = '192.0.2.77';
/** Chromium connects a datagram socket to it, to learn whether there is IPv6, and sends nothing (net/dns/host_resolver_manager.cc). */
const IPV6_TEST = '2001:4860:4860::8888';

test('the app, its windows and its helpers go to loopback and to listed addresses only', async ({
  launch,
  scratch,
  desktop,
}) => {
  test.setTimeout(120_000);
  void desktop;
  const settings = {
    builtInProfiles: false,
    watchedModules: [],
    endpoints: [
      { id: 'listed', url: `http://${LISTED}` },
      { id: 'none', url: 'http://127.0.0.1:9' },
    ],
    doctor: { resolvers: [] },
    intervals: { visibleMs: 1_000, hiddenMs: 1_000 },
  };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  const app = await launch('--show');
  const record = join(scratch.folder, 'calls');
  const pids = family(app.child.pid ?? 0).flatMap((pid) => ['-p', String(pid)]);
  const calls = 'trace=connect,sendto,sendmsg,sendmmsg';
  const strace = spawn('strace', ['-f', '-qq', '-e', calls, '-o', record, ...pids], { stdio: 'ignore' });
  const ended = once(strace, 'exit');
  const seen = () => {
    try {
      return addressesIn(readFileSync(record, 'utf8')).filter((one) => one !== IPV6_TEST);
    } catch {
      return [];
    }
  };
  const page = await app.page();
  await page.getByTestId('popover').waitFor();
  await page.getByTestId('icon-chart').click();
  const dashboard = await app.dashboard();
  await dashboard.getByTestId('dashboard').waitFor();
  for (const name of ['profiles', 'doctor', 'settings']) await dashboard.getByTestId(`page-${name}`).click();
  await until('a probe of the listed address', () => seen().includes(LISTED), 60_000);
  await page.waitForTimeout(5_000);
  strace.kill('SIGINT');
  await ended;
  expect(seen()).toEqual([LISTED]);
});
