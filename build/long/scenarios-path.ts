/** What happens between here and there: names, handshakes, sign-in pages, address families, forward proxies. */
import { createServer } from 'node:net';
import type { Fault } from '../../e2e/lab/fault.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import type { Scenario, World } from './scenario.ts';

const all = ({ proxies }: World, fault: Fault) => Promise.all(proxies.map((one) => one.setFault(fault)));

/** A listener on IPv6 that takes connections and never says a word, where the proxy has its port. */
function blackHole(world: World, { port }: GoproxyServer): Promise<void> {
  const server = createServer(() => {});
  world.atEnd(() => server.close());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '::1', resolve);
  });
}

export const PATH_SCENARIOS: readonly Scenario[] = [
  {
    name: 'every host redirects to a sign-in page',
    arrange: (world) => all(world, { type: 'redirect', to: 'login' }),
    verdict: 'captive-portal',
    severity: 'down',
    notifications: [0, 0],
  },
  {
    name: 'two hosts show a page, the third answers as itself',
    arrange: async ({ proxies }) => {
      const page: Fault = { type: 'answer', body: '<html>hello</html>', contentType: 'text/html' };
      await proxies[0].setFault(page);
      await proxies[1].setFault(page);
    },
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    nearMiss: true,
  },
  {
    name: 'one authority for two hosts of three',
    arrange: async ({ proxies }) => {
      await proxies[0].setFault({ type: 'certificate', kind: 'untrusted' });
      await proxies[1].setFault({ type: 'certificate', kind: 'untrusted' });
    },
    verdict: 'tls-intercepted',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'one authority for the hosts that go does not ask',
    arrange: async ({ proxies }) => {
      await proxies[1].setFault({ type: 'certificate', kind: 'untrusted' });
      await proxies[2].setFault({ type: 'certificate', kind: 'untrusted' });
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'a reset for the name of another proxy',
    arrange: ({ proxies }) => proxies[1].setFault({ type: 'reset-name', name: proxies[1].host }),
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'a reset for a name that nobody uses',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'reset-name', name: 'elsewhere.lab' }),
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'large handshakes to the first proxy are swallowed',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'swallow-large-hello', bytes: 1_400 }),
    verdict: 'large-hello-dropped',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'only handshakes larger than ours are swallowed',
    arrange: (world) => all(world, { type: 'swallow-large-hello', bytes: 9_000 }),
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'the resolver denies a name that another knows',
    arrange: (world) => {
      world.listControls();
      world.lab.dns.names.delete(world.proxies[0].host);
    },
    verdict: 'dns-tampered',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'the name is gone everywhere',
    arrange: (world) => {
      world.listControls();
      world.lab.dns.names.delete(world.proxies[0].host);
      world.resolver.names.delete(world.proxies[0].host);
    },
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    nearMiss: true,
  },
  {
    name: 'two of three names are gone',
    arrange: ({ lab, proxies }) => {
      lab.dns.names.delete(proxies[0].host);
      lab.dns.names.delete(proxies[1].host);
    },
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    nearMiss: true,
  },
  {
    name: 'the resolver answers late, but in time',
    arrange: ({ lab }) => {
      lab.dns.delayMs = 60;
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'the other resolver is dead, ours is well',
    arrange: async (world) => {
      world.listControls();
      world.resolver.fault = 'silence';
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'IPv6 leads into a black hole',
    arrange: async (world) => {
      const [first] = world.proxies;
      await blackHole(world, first);
      world.lab.dns.names.set(first.host, ['::1', '127.0.0.1']);
    },
    verdict: 'ipv6-broken',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'IPv6 refuses, IPv4 answers',
    arrange: ({ lab, proxies }) => {
      lab.dns.names.set(proxies[0].host, ['::1', '127.0.0.1']);
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'the forward proxy that go uses is dead',
    arrange: async (world) => {
      world.goThroughForwardProxy();
      world.forward.fault = { type: 'drop' };
    },
    verdict: 'forward-proxy-down',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'the forward proxy that go uses refuses',
    arrange: async (world) => {
      world.goThroughForwardProxy();
      world.forward.fault = { type: 'status', status: 407 };
    },
    verdict: 'forward-proxy-down',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'a forward proxy is dead that go does not use',
    arrange: (world) => {
      world.list({ kind: 'forward-proxy', url: world.forward.url, target: world.proxies[0].url });
      world.forward.fault = { type: 'drop' };
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
];
