/**
 * The doctor in worlds of the lab, with the real `go`: each ends in its verdict and offers the right fix, and once that
 * was applied the download that failed succeeds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { runInNamespace } from '../../e2e/lab/namespace.ts';
import type { Check, Consultation } from '../../shared/domain/doctor.ts';

const script = join(import.meta.dirname, '..', '..', 'e2e', 'lab', 'doctor-worlds.ts');

interface Played {
  readonly exitCode: number;
  readonly report: Consultation;
  readonly before: { readonly exitCode: number; readonly output: string };
  readonly fix?: { readonly key: string; readonly commands: readonly string[] };
  readonly after: { readonly exitCode: number; readonly output: string } | null;
  readonly asked: readonly string[];
}

async function play(world: string, go: string): Promise<Played> {
  const home = mkdtempSync(join(tmpdir(), 'gopherbar-doctor-'));
  try {
    const argv = [process.execPath, '--disable-warning=ExperimentalWarning', script, go, home, world];
    const { output } = await runInNamespace(argv, { hosts: {}, env: { PATH: process.env.PATH, HOME: home } });
    const line = output.split('\n').find((one) => one.startsWith('{'));
    if (line === undefined) throw new Error(output);
    return JSON.parse(line) as Played;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

const toolchains = goToolchains();
const newest = toolchains.at(-1)?.path ?? '';
const status = ({ report }: Played, id: Check['id']) => report.checks.find((one) => one.id === id)?.status;

/** Side by side: each world has a network of its own, and most of its time is spent waiting for what never answers. */
describe.concurrent.each(toolchains.map((one) => [one.version, one.path] as const))('%s', (_version, go) => {
  it('finds nothing wrong where nothing is', async () => {
    const played = await play('healthy', go);
    expect(played.report.finding).toMatchObject({ name: 'healthy', severity: 'healthy', cause: null });
    expect(played.report.fixes).toEqual([]);
    expect(played.before.exitCode).toBe(0);
    expect(played.exitCode).toBe(0);
    const layers = ['dns', 'connect', 'http', 'goproxy', 'sumdb', 'download'] as const;
    expect(layers.map((id) => status(played, id))).toEqual(layers.map(() => 'ok'));
    // The lab's root is this system's own, as a company's would be: worth knowing.
    expect(status(played, 'tls')).toBe('warning');
  }, 120_000);

  // World, verdict, the check that fails first, fix.
  it.each([
    ['dns-lie', 'dns-tampered', 'dns', 'use-profile'],
    ['dns-denied', 'dns-tampered', 'dns', 'use-profile'],
    ['interception', 'tls-intercepted', 'tls', 'trust-authority'],
    ['sni-reset', 'sni-blocked', 'tls', 'use-profile'],
    ['captive-portal', 'captive-portal', 'goproxy', 'sign-in'],
    ['dead-forward-proxy', 'forward-proxy-down', 'connect', 'unset-proxy'],
    ['ipv6-black-hole', 'ipv6-broken', 'tls', 'prefer-ipv4'],
    ['sumdb-down', 'sumdb-unreachable', 'sumdb', 'use-profile'],
    ['misconfigured', 'misconfigured', 'goproxy', 'settings'],
    ['comma-after-eof', 'upstream-outage', 'http', 'pipe-list'],
  ] as const)(
    '%s → %s',
    async (world, verdict, check, fix) => {
      const played = await play(world, go);
      expect(played.before.exitCode, played.before.output).not.toBe(0);
      expect(played.report.finding).toMatchObject({ name: verdict, severity: 'down' });
      expect(played.report.checks.find((one) => one.status === 'failed')?.id).toBe(check);
      expect(played.report.fixes.map(({ key }) => key)).toContain(fix);
      expect(played.after?.exitCode, played.after?.output).toBe(0);
      expect(played.exitCode).toBe(1);
    },
    120_000,
  );
});

it.concurrent('a large handshake that is swallowed → smaller ones, as only newer versions of go send large ones', async () => {
  const played = await play('large-hello', newest);
  expect(played.before.exitCode).not.toBe(0);
  expect(played.report.finding).toMatchObject({ name: 'large-hello-dropped', severity: 'down' });
  const small = played.report.experiments.find(({ variable }) => variable === 'small-hello');
  expect(small).toMatchObject({ tries: 3, unchanged: 0, changed: 3 });
  expect(small?.helloBytes?.unchanged).toBeGreaterThan(1_400);
  expect(played.fix?.commands).toEqual(['export GODEBUG=tlsmlkem=0,tlssecpmlkem=0']);
  expect(played.after?.exitCode, played.after?.output).toBe(0);
}, 120_000);

it.concurrent('a private module that proxies are asked for → GOPRIVATE, and no proxy hears of it any more', async () => {
  const played = await play('private-leak', newest);
  expect(played.report.finding).toMatchObject({ name: 'misconfigured', rule: 'misconfigured/private-missing' });
  expect(played.fix?.commands.join()).toContain('GOPRIVATE=');
  expect(played.asked).toEqual([]);
}, 120_000);

it.concurrent('what another resolver proves right is shown, with lines to try by hand', async () => {
  const { report } = await play('dns-lie', newest);
  const dns = report.checks.find(({ id }) => id === 'dns');
  expect(dns?.notes.map(({ key }) => key)).toContain('dns-lies');
  expect(dns?.commands).toEqual([
    'dig +noall +answer -q one.lab -t A -q one.lab -t AAAA',
    'dig +short @127.0.0.54 -q one.lab',
  ]);
  expect(report.finding).toMatchObject({ host: 'one.lab' });
  expect(['connect', 'tls', 'http'].map((id) => report.checks.find((one) => one.id === id)?.status)).toEqual(
    Array.from({ length: 3 }, () => 'not-judged'),
  );
}, 120_000);
