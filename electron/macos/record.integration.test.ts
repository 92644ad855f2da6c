/** A recording through the prompt, with a stand-in for tcpdump that plays a capture as it was written. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { labCaptures } from '../../e2e/lab/captures/catalogue.ts';
import { labChains } from '../../e2e/lab/captures/chains.ts';
import { pcapFile } from '../../e2e/lab/captures/container.ts';
import { installTcpdump, installTools, type Prompt } from '../../e2e/lab/mac-tools.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { record, recordPlan } from './record.ts';

let root: string;
const runner = new SystemProcessRunner(systemClock);
const request = { iface: 'en0', seconds: 1, addresses: ['142.250.72.81', '2607:f8b0::1'] };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gopherbar-record-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function install(prompt: Prompt = 'accepted', more?: string): Promise<Buffer> {
  installTools(root, {}, prompt);
  const whole = pcapFile(Object.values(labCaptures(await labChains(), 0)).flatMap(({ packets }) => packets));
  installTcpdump(root, whole, more);
  return whole;
}

it('gives the bytes as tcpdump wrote them, and stops it in time', async () => {
  const whole = await install();
  const outcome = await record(request, { runner, root });
  expect(outcome.ok && outcome.capture.equals(whole)).toBe(true);
  const called = readFileSync(join(root, 'called'), 'utf8').trim().split('\n');
  expect(called.slice(-3)).toEqual(['-w', '-', 'port 53 or host 142.250.72.81 or host 2607:f8b0::1']);
  expect(called).toContain('en0');
});

it('ends early when enough packets have come', async () => {
  await install('accepted', 'exit 0');
  expect(await record({ ...request, seconds: 100 }, { runner, root })).toMatchObject({ ok: true });
});

it('a refusal is a normal answer', async () => {
  await install('cancelled');
  expect(await record(request, { runner, root })).toEqual({ ok: false, why: 'declined' });
});

it('a system without osascript has none of it', async () => {
  expect(await record(request, { runner, root })).toEqual({ ok: false, why: 'not-here' });
});

it.each([
  [{ iface: 'en0; reboot' }],
  [{ iface: '-w/etc/x' }],
  [{ seconds: 0 }],
  [{ seconds: 100_000 }],
  [{ seconds: 1.5 }],
  [{ addresses: [] }],
  [{ addresses: ['proxy.golang.org'] }],
  [{ addresses: ['8.8.8.8 or port 22'] }],
  [{ addresses: ['$(id)'] }],
  [{ addresses: ['fe80::1%en0'] }],
])('%j is never run', async (bad) => {
  await expect(record({ ...request, ...bad }, { runner, root })).rejects.toThrow('cannot be recorded');
});

it('the plan shows the command', () => {
  expect(recordPlan(request)).toBe(
    "sudo tcpdump -n -U -s 0 -c 20000 -i en0 -w - 'port 53 or host 142.250.72.81 or host 2607:f8b0::1'",
  );
});
