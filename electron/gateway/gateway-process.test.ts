import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { silentLog } from '../system/log.ts';
import type { FromGateway, ToGateway } from './gateway-messages.ts';
import { GatewayProcess, type ProcessState } from './gateway-process.ts';

/** A process as the test wants it. */
interface Started {
  readonly got: ToGateway<string>[];
  readonly on: { message(message: FromGateway): void; exited(code: number | null): void };
  killed: boolean;
}

let clock: FakeClock;
let started: Started[];
let states: ProcessState[];
let gateway: GatewayProcess<string>;

beforeEach(() => {
  clock = new FakeClock();
  started = [];
  states = [];
  gateway = new GatewayProcess<string>({
    clock,
    log: silentLog,
    onState: (state) => states.push(state),
    onReport: () => {},
    start: (on) => {
      const one: Started = { got: [], on, killed: false };
      started.push(one);
      return {
        post: (message) => one.got.push(message),
        kill: () => {
          one.killed = true;
        },
      };
    },
  });
});

const last = () => started.at(-1) as Started;

function listen(port: number): void {
  last().on.message({ kind: 'ready' });
  last().on.message({ kind: 'listening', port });
}

it('starts once, with what is wanted, and says where it listens', () => {
  gateway.run('settings', 0);
  gateway.run('settings', 0);
  listen(8123);
  expect(started).toHaveLength(1);
  expect(last().got).toEqual([{ kind: 'start', settings: 'settings', port: 0 }]);
  expect(states.map(({ phase }) => phase)).toEqual(['starting', 'running']);
});

describe('a death', () => {
  it('is followed by a new process on the same port, at once', async () => {
    gateway.run('settings', 0);
    listen(8123);
    await clock.advance(60_000);
    last().on.exited(null);
    await clock.advance(0);
    expect(started).toHaveLength(2);
    last().on.message({ kind: 'ready' });
    expect(last().got).toEqual([{ kind: 'start', settings: 'settings', port: 8123 }]);
    expect(gateway.restarts).toBe(1);
  });

  it('right after the start is followed by longer and longer pauses', async () => {
    gateway.run('settings', 0);
    const pauses: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      const count = started.length;
      const from = clock.monotonic();
      last().on.exited(1);
      while (started.length === count) await clock.advance(50);
      pauses.push(clock.monotonic() - from);
    }
    expect(pauses[0]).toBeLessThanOrEqual(50);
    for (const [i, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual(pauses[i - 1] ?? 0);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30_050);
  });
});

it.each([
  [{ kind: 'refused', code: 'EADDRINUSE', message: 'in use' } as const, 'refused'],
  [{ kind: 'failed', message: 'bad root' } as const, 'failed'],
])('tries again after a while when it was %o', async (message, phase) => {
  gateway.run('settings', 8123);
  last().on.message({ kind: 'ready' });
  last().on.message(message);
  last().on.exited(0);
  expect(gateway.state.phase).toBe(phase);
  await clock.advance(4_000);
  expect(started).toHaveLength(1);
  await clock.advance(2_000);
  expect(started).toHaveLength(2);
  listen(8123);
  expect(gateway.state).toEqual({ phase: 'running', port: 8123 });
  expect(gateway.restarts).toBe(0);
});

it('is replaced when its settings change, after the old one has ended', () => {
  gateway.run('old', 0);
  listen(8123);
  gateway.run('new', 8123);
  expect(last().got.at(-1)).toEqual({ kind: 'close' });
  expect(started).toHaveLength(1);
  last().on.exited(0);
  expect(started).toHaveLength(2);
  last().on.message({ kind: 'ready' });
  expect(last().got).toEqual([{ kind: 'start', settings: 'new', port: 8123 }]);
  expect(gateway.restarts).toBe(0);
});

it('ends when it is asked to, is killed when it does not, and leaves no timer', async () => {
  gateway.run('settings', 0);
  listen(8123);
  const stopped = gateway.stop();
  await clock.advance(6_900);
  expect(last().killed).toBe(false);
  await clock.advance(200);
  expect(last().killed).toBe(true);
  last().on.exited(null);
  await stopped;
  expect(gateway.state.phase).toBe('off');
  expect(clock.pending).toBe(0);
  expect(started).toHaveLength(1);
});

it('is off while it is not wanted, also between two tries', async () => {
  await gateway.stop();
  gateway.run('settings', 8123);
  last().on.exited(1);
  await gateway.stop();
  await clock.advance(120_000);
  expect(gateway.state.phase).toBe('off');
});
