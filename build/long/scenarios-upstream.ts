/** One proxy, or all of them, with problems of their own: the most common case, and the one that every other verdict can be mistaken for. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../../e2e/lab/fault.ts';
import type { Scenario, World } from './scenario.ts';

function down(name: string, fault: Fault, change: Partial<Scenario> = {}): Scenario {
  return {
    name,
    arrange: ({ proxies }) => proxies[0].setFault(fault),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    ...change,
  };
}

const all = ({ proxies }: World, fault: Fault) => Promise.all(proxies.map((one) => one.setFault(fault)));

/** Switches a fault on and off again and again, until the scenario ends. */
function blink(world: World, fault: Fault, onMs: number, offMs: number): void {
  let on = true;
  world.atEnd(() => {
    on = false;
  });
  const [first] = world.proxies;
  void (async () => {
    while (on) {
      await first.setFault(fault);
      await delay(onMs);
      await first.setFault(null);
      await delay(offMs);
    }
  })();
}

const EOF: Fault = { type: 'drop-request', how: 'fin' };

export const UPSTREAM_SCENARIOS: readonly Scenario[] = [
  down('the first proxy says 429', { type: 'status', status: 429 }),
  down('the first proxy wants credentials', { type: 'status', status: 401 }),
  down('the first proxy refuses for legal reasons', { type: 'status', status: 451 }),
  down('the first proxy answers half of each body', { type: 'drop-body', how: 'fin' }),
  down('the first proxy sends bodies without end', { type: 'endless-body' }),
  down('the first proxy leads in a circle', { type: 'redirect', to: 'self' }),
  down('the first proxy resets each stream', { type: 'rst-stream', code: 2 }),
  down('the first proxy ends handshakes with an alert', { type: 'tls-alert' }),
  down('the first proxy speaks an old TLS only', { type: 'old-tls' }),
  down('the first proxy speaks no TLS', { type: 'say-at-accept', bytes: 'HTTP/1.1 400 Bad Request\r\n\r\n' }),
  down('the first proxy has a certificate of the future', { type: 'certificate', kind: 'not-yet-valid' }),
  down('the first proxy answers JSON that is no version', {
    type: 'answer',
    body: '{"status":"ok"}',
    contentType: 'application/json',
  }),
  down('the first proxy accepts and says nothing', { type: 'silent-at-accept' }, { nearMiss: true }),
  down(
    'the first proxy has a certificate for another host',
    { type: 'certificate', kind: 'wrong-host' },
    { nearMiss: true },
  ),
  down('the certificates of all three have expired', EOF, {
    arrange: (world) => all(world, { type: 'certificate', kind: 'expired' }),
    nearMiss: true,
  }),
  down('all three refuse connections', EOF, { arrange: (world) => all(world, { type: 'refuse' }), nearMiss: true }),
  down('all three answer 503, the list has pipes', EOF, {
    separator: '|',
    arrange: (world) => all(world, { type: 'status', status: 503 }),
  }),
  down(
    'the first redirects to a sign-in page, the others answer as themselves',
    { type: 'redirect', to: 'login' },
    {
      nearMiss: true,
    },
  ),
  down(
    'the first proxy does not know the module, a comma goes on',
    { type: 'status', status: 404 },
    {
      severity: 'degraded',
      notifications: [0, 0],
      nearMiss: true,
    },
  ),
  down(
    'the first proxy says 410, a comma goes on',
    { type: 'status', status: 410 },
    {
      severity: 'degraded',
      notifications: [0, 0],
      nearMiss: true,
    },
  ),
  down(
    'the first proxy sends bodies slowly, within the limits',
    { type: 'delay-body', ms: 250 },
    { verdict: 'healthy', severity: 'healthy', notifications: [0, 0], nearMiss: true },
  ),
  down(
    'the first proxy is slow in its handshake',
    { type: 'delay-tls', ms: 250 },
    { severity: 'degraded', notifications: [0, 0] },
  ),
  down(
    'one request in eight of the first proxy fails',
    { type: 'random-status', share: 0.13, status: 504, seed: 11 },
    {
      severity: 'degraded',
      // Three in a row are an outage as well.
      notifications: [1, 2],
    },
  ),
  {
    name: 'the others fail now and then, which go does not ask',
    arrange: async ({ proxies }) => {
      await proxies[1].setFault({ type: 'random-status', share: 0.3, status: 504, seed: 3 });
      await proxies[2].setFault({ type: 'delay-headers', ms: 300 });
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'two failures in a row, then all is well',
    arrange: async ({ proxies, atEnd }) => {
      const [first] = proxies;
      await first.setFault(EOF);
      // Counted rather than timed: a busy machine must not turn two failures into three or one.
      const heal = setInterval(() => {
        if (first.requests.length < 2) return;
        clearInterval(heal);
        void first.setFault(null);
      }, 10);
      atEnd(() => clearInterval(heal));
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'the first proxy goes down and comes back again and again',
    arrange: (world) => blink(world, EOF, 1_400, 1_100),
    verdict: 'upstream-outage',
    severity: 'degraded',
    // Two outages count as two; from the third on it is flapping, which is one.
    notifications: [1, 3],
  },
  {
    name: 'an outage that is over',
    arrange: ({ proxies, atEnd }) => {
      const timer = setTimeout(() => void proxies[0].setFault(null), 3_000);
      atEnd(() => clearTimeout(timer));
      return proxies[0].setFault(EOF);
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [1, 1],
    nearMiss: true,
  },
];
