import { once } from 'node:events';
import * as net from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FullBacklog, startFullBacklog } from '../../e2e/lab/full-backlog.ts';
import { type Clock, systemClock } from '../system/clock.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { CancelledError, type Deadline } from './deadline.ts';
import { dial, interleave } from './dial.ts';
import { Transfer } from './transfer.ts';

let silent: FullBacklog;
let server: net.Server;
let openPort: number;
let closedPort: number;
const sockets: net.Socket[] = [];

async function listen(): Promise<net.Server> {
  const made = net.createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(made, 'listening');
  return made;
}
const portOf = (made: net.Server) => (made.address() as net.AddressInfo).port;

beforeAll(async () => {
  silent = await startFullBacklog();
  server = await listen();
  openPort = portOf(server);
  const gone = await listen();
  closedPort = portOf(gone);
  gone.close();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(async () => {
  server.close();
  await silent.close();
});

const at = (port: number, family: 4 | 6 = 4) =>
  ({ address: family === 4 ? '127.0.0.1' : '::1', family, port }) as const;

function deadline(signal = new AbortController().signal, transfer?: Transfer, clock: Clock = systemClock): Deadline {
  return { clock, signal, transfer, endsAt: clock.monotonic() + 10_000 };
}

/** A deadline whose time stands still: what needs a timer never comes. */
const timeless = () => deadline(undefined, undefined, new FakeClock());

/** Dials and closes what came about. */
async function dialled(ports: readonly number[], limitMs = 3_000) {
  const began = performance.now();
  const { socket, connectMs, port } = await dial(
    ports.map((port) => at(port)),
    1,
    deadline(),
    limitMs,
  );
  sockets.push(socket);
  return { port, connectMs, tookMs: performance.now() - began };
}

describe('dial', () => {
  it('connects to the only address', async () => {
    expect(await dialled([openPort])).toMatchObject({ port: openPort });
  });

  it('tries the next address at once when one refuses', async () => {
    const { socket, port } = await dial([at(closedPort), at(openPort)], 1, timeless(), 3_000);
    sockets.push(socket);
    expect(port).toBe(openPort);
  });

  it('tries the next address after a quarter of a second of silence, and times that one by itself', async () => {
    const { port, connectMs, tookMs } = await dialled([silent.port, openPort]);
    expect(port).toBe(openPort);
    expect(tookMs).toBeGreaterThanOrEqual(245);
    expect(connectMs).toBeLessThan(tookMs - 200);
  });

  it('fails by its limit when every address is silent', async () => {
    await expect(dialled([silent.port, silent.port], 400)).rejects.toMatchObject({
      phase: 'connect',
      why: 'connect-timeout',
      code: 'ETIMEDOUT',
    });
  });

  it('fails when every address refuses', async () => {
    await expect(dialled([closedPort, closedPort])).rejects.toMatchObject({
      why: 'connect-refused',
      code: 'ECONNREFUSED',
    });
  });

  it('fails at once when there is no address', async () => {
    await expect(dial([], 1, timeless(), 5_000)).rejects.toMatchObject({
      phase: 'connect',
      message: 'no address to connect to',
    });
  });

  it('ends at once when it is cancelled, and leaves no socket', async () => {
    const cancel = new AbortController();
    const transfer = new Transfer();
    const dialling = dial([at(silent.port)], 1, deadline(cancel.signal, transfer), 5_000);
    cancel.abort();
    await expect(dialling).rejects.toBeInstanceOf(CancelledError);
    expect(transfer.bytes).toBe(0);
  });
});

describe('the order of addresses', () => {
  it('has every address once, IPv6 first, families alternating while there are both', () => {
    const family = fc.constantFrom<4 | 6>(4, 6);
    fc.assert(
      fc.property(fc.array(family, { maxLength: 12 }), (families) => {
        const addresses = families.map((one, i) => at(i, one));
        const order = interleave(addresses);
        expect(new Set(order)).toEqual(new Set(addresses));
        expect(order).toHaveLength(addresses.length);
        const both =
          2 * Math.min(families.filter((one) => one === 6).length, families.filter((one) => one === 4).length);
        const expected = Array.from({ length: both }, (_, i) => (i % 2 === 0 ? 6 : 4));
        expect(order.slice(0, both).map((one) => one.family)).toEqual(expected);
      }),
    );
  });
});
