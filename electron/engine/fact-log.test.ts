/** Which results change a recorded fact, and how much history that adds. */
import { statSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Evidence, OkResult, TlsFacts } from '../../shared/domain/result.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { openHistoryFile } from '../history/history-file.ts';
import { SqliteHistory } from '../history/sqlite-history.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { FactLog } from './fact-log.ts';

function result(evidence: Partial<Evidence>, tls: Partial<TlsFacts> = {}): OkResult {
  const url = 'https://proxy.example';
  return {
    outcome: 'ok',
    kind: 'goproxy',
    url,
    depth: 'light',
    startedAt: 0,
    phases: {},
    totalMs: 1,
    steps: [],
    slow: [],
    evidence: { url, ...evidence },
    tls: {
      version: 'TLSv1.3',
      cipher: 'x',
      alpn: 'h2',
      issuer: 'R11',
      subject: 'proxy.example',
      validTo: 0,
      trust: 'bundled',
      ...tls,
    },
  };
}

function start() {
  const events: string[] = [];
  const clock = new FakeClock();
  const event = (kind: string, detail: string, endpointId = 'all') => events.push(`${endpointId}: ${kind} ${detail}`);
  const facts = new FactLog({ event }, clock);
  return { events, facts, clock };
}

it('records the first result of a run as no change', () => {
  const { events, facts } = start();
  facts.observe('a', result({ addresses: ['198.18.0.7'] }, { issuer: 'Corp Root', trust: 'system' }));
  expect(events).toEqual([]);
});

it.each<[string, Partial<Evidence>, Partial<TlsFacts>, string[]]>([
  ['another public address', { addresses: ['142.250.1.9', '2404:6800::1'] }, {}, []],
  ['the range of a local proxy', { addresses: ['198.18.0.7'] }, {}, ['a: addresses-changed public → fake-ip']],
  ['an address inside', { addresses: ['10.0.0.7'] }, {}, ['a: addresses-changed public → private']],
  ['both', { addresses: ['10.0.0.7', '142.250.1.9'] }, {}, ['a: addresses-changed public → private, public']],
  ['no look-up', {}, {}, []],
  ['another public authority', {}, { issuer: 'WE1' }, []],
  ['a private authority', {}, { issuer: 'Corp Root', trust: 'system' }, ['a: issuer-changed public → Corp Root']],
  ['a refused certificate', { refusedIssuer: 'Box' }, {}, ['a: issuer-changed public → Box']],
])('%s', (_name, evidence, tls, recorded) => {
  const { events, facts } = start();
  facts.observe('a', result({ addresses: ['142.250.1.1'] }));
  facts.observe('b', result({ addresses: ['10.0.0.1'] }));
  facts.observe('a', result(evidence, tls));
  facts.observe('a', result(evidence, tls));
  expect(events).toEqual(recorded);
});

it('records a mirror once when it becomes stale, and again after it had caught up', () => {
  const { events, facts } = start();
  const stale = [{ endpointId: 'a', module: 'golang.org/x/text', hoursBehind: 30 }];
  for (const seen of [[], stale, stale, [], stale]) facts.observeStale(seen);
  expect(events).toEqual(['a: mirror-stale golang.org/x/text', 'a: mirror-stale golang.org/x/text']);
});

it('records a change of many endpoints as two events: of the first, and of all', async () => {
  const { events, facts, clock } = start();
  const all = ['a', 'b', 'c', 'd'];
  const move = (address: string) => {
    for (const id of all) facts.observe(id, result({ addresses: [address] }));
  };
  for (const address of ['142.250.1.1', '198.18.0.7', '142.250.1.1', '198.18.0.7']) move(address);
  const on = 'addresses-changed public → fake-ip';
  const off = 'addresses-changed fake-ip → public';
  expect(events).toEqual([on, off, on].flatMap((one) => [`a: ${one}`, `all: ${one}`]));
  await clock.advance(HOUR_MS);
  facts.observe('e', result({ addresses: ['142.250.1.1'] }));
  facts.observe('e', result({ addresses: ['198.18.0.7'] }));
  expect(events.at(-1)).toBe(`e: ${on}`);
});

it('records what the machine sends packets through when it changes, also after it could not be read', () => {
  const { events, facts } = start();
  const readings = [
    { tunnels: '', resolvers: '192.168.1.1' },
    { tunnels: 'utun4', resolvers: '192.168.1.1' },
    { tunnels: 'utun4' },
    { tunnels: '', resolvers: '10.0.0.53', policies: 'pf on (1)' },
    { tunnels: '', resolvers: '10.0.0.53', policies: 'pf on (2)' },
  ];
  for (const one of readings) facts.observeMachine(one);
  expect(events).toEqual([
    'all: tunnels-changed  → utun4',
    'all: resolvers-changed 192.168.1.1 → 10.0.0.53',
    'all: tunnels-changed utun4 → ',
    'all: policies-changed pf on (1) → pf on (2)',
  ]);
});

it('compares nothing across another URL', () => {
  const { events, facts } = start();
  facts.observe('a', result({ addresses: ['142.250.1.1'] }));
  facts.forget('a');
  facts.observe('a', result({ addresses: ['10.0.0.1'] }));
  expect(events).toEqual([]);
});

it('adds at most 1 % each for endpoints and machine to the history of two weeks, with a VPN that comes and goes twice a day', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gopherbar-facts-'));
  const NOON = Date.UTC(2026, 10, 27, 12);
  const HOURS = Array.from({ length: 14 * 24 }, (_, hour) => NOON + hour * HOUR_MS);
  const ENDPOINTS = Array.from({ length: 8 }, (_, one) => `endpoint-${one}`);
  const minutesOf = (at: number, one: number) =>
    Array.from({ length: 60 }, (_, minute) => at + minute * MINUTE_MS + one * 700);
  const samples = async (file: string) => {
    const clock = new FakeClock(NOON);
    const history = new SqliteHistory(openHistoryFile(file, NOON).database, clock);
    for (const hour of HOURS) {
      for (const [one, endpointId] of ENDPOINTS.entries()) {
        history.record(
          minutesOf(hour, one).map((at, i) => ({
            endpointId,
            at,
            outcome: 'ok' as const,
            phases: { dns: (i * 7) % 13, connect: 20 + ((i * 5) % 11), tls: 31, response: 40 + ((i * 3) % 17) },
            totalMs: 120 + ((i * 11) % 50),
          })),
        );
      }
      await clock.advance(HOUR_MS);
    }
    history.close();
  };
  const eventsOf = async (withMachine: boolean) => {
    const clock = new FakeClock(NOON);
    const events: HistoryEvent[] = [];
    const event = (kind: HistoryEvent['kind'], detail: string, endpointId?: string) =>
      events.push({ at: clock.now(), kind, detail, endpointId });
    const facts = new FactLog({ event }, clock);
    for (const [hour, at] of HOURS.entries()) {
      const isInVpn = [9, 10, 14, 15].includes(hour % 24);
      const resolvers = isInVpn ? '10.8.0.53' : '192.168.1.1';
      if (withMachine) facts.observeMachine({ resolvers, tunnels: isInVpn ? 'utun4' : '' });
      for (const [one, endpointId] of ENDPOINTS.entries()) {
        for (const minute of minutesOf(at, one)) {
          const addresses = isInVpn ? ['198.18.0.9'] : [`142.250.1.${minute % 200}`];
          facts.observe(endpointId, result({ addresses }, { issuer: `R${minute % 4}` }));
        }
      }
      await clock.advance(HOUR_MS);
    }
    return events;
  };
  const base = join(folder, 'base.sqlite');
  const sizeWith = async (events: readonly HistoryEvent[]) => {
    const file = join(folder, `${events.length}.sqlite`);
    await copyFile(base, file);
    const history = new SqliteHistory(openHistoryFile(file, NOON).database, new FakeClock(NOON + 14 * DAY_MS));
    for (const one of events) history.recordEvent(one);
    expect(history.events(0, NOON + 15 * DAY_MS, 10_000)).toHaveLength(events.length);
    history.close();
    return statSync(file).size;
  };
  try {
    await samples(base);
    const [ofEndpoints, ofAll] = [await eventsOf(false), await eventsOf(true)];
    // Each time one by its name and one for all; then two of the machine.
    expect(ofEndpoints).toHaveLength(14 * 4 * 2);
    expect(ofAll).toHaveLength(14 * 4 * 4);
    const [nothing, endpoints, all] = [await sizeWith([]), await sizeWith(ofEndpoints), await sizeWith(ofAll)];
    expect(endpoints / nothing).toBeLessThanOrEqual(1.01);
    expect(all / endpoints).toBeLessThanOrEqual(1.01);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}, 120_000);
