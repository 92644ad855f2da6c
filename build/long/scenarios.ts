/**
 * Simulated networks: what the network does, the verdict it deserves, and how many notifications it causes. Near misses
 * stand beside what they resemble.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../../e2e/lab/fault.ts';
import type { Scenario, World } from './scenario.ts';
import { MACHINE_SCENARIOS } from './scenarios-machine.ts';
import { PATH_SCENARIOS } from './scenarios-path.ts';
import { UPSTREAM_SCENARIOS } from './scenarios-upstream.ts';

const PAGE: Fault = { type: 'answer', body: '<!doctype html><p>Sign in</p>', contentType: 'text/html' };
const EOF: Fault = { type: 'drop-request', how: 'fin' };
const RESET: Fault = { type: 'drop-at-accept', how: 'reset' };

const all = ({ proxies }: World, fault: Fault) => Promise.all(proxies.map((one) => one.setFault(fault)));

export const FIRST_SCENARIOS: readonly Scenario[] = [
  { name: 'everything is well', arrange: () => {}, verdict: 'healthy', severity: 'healthy', notifications: [0, 0] },
  {
    name: 'the second proxy is down, which go does not ask',
    arrange: ({ proxies }) => proxies[1].setFault(EOF),
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'the first proxy closes every connection',
    arrange: ({ proxies }) => proxies[0].setFault(EOF),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'the first proxy refuses',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'refuse' }),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'the first proxy is silent',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'drop-request', how: 'hang' }),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'the first proxy answers 503',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'status', status: 503 }),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'the first proxy answers 403',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'status', status: 403 }),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'the first proxy has an expired certificate',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'certificate', kind: 'expired' }),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'the first proxy is down, the list has pipes',
    separator: '|',
    arrange: ({ proxies }) => proxies[0].setFault(EOF),
    verdict: 'upstream-outage',
    severity: 'degraded',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'one lost connection in between',
    arrange: async ({ proxies }) => {
      await proxies[0].setFault(EOF);
      await delay(250);
      await proxies[0].setFault(null);
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'all three proxies are down, each in its own way',
    arrange: async ({ proxies }) => {
      await proxies[0].setFault(EOF);
      await proxies[1].setFault({ type: 'status', status: 500 });
      await proxies[2].setFault({ type: 'refuse' });
    },
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
  },

  {
    name: 'a sign-in page for every host',
    arrange: (world) => all(world, PAGE),
    verdict: 'captive-portal',
    severity: 'down',
    notifications: [0, 1],
  },
  {
    name: 'a sign-in page of one proxy only',
    arrange: ({ proxies }) => proxies[0].setFault(PAGE),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    nearMiss: true,
  },
  {
    name: 'a portal by status 511 for every host',
    arrange: (world) => all(world, { type: 'status', status: 511 }),
    verdict: 'captive-portal',
    severity: 'down',
    notifications: [0, 1],
  },

  {
    name: 'one authority for every host',
    arrange: (world) => all(world, { type: 'certificate', kind: 'untrusted' }),
    verdict: 'tls-intercepted',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'an unknown authority for one host',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'certificate', kind: 'untrusted' }),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    nearMiss: true,
  },

  {
    name: 'a reset for one server name',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'reset-name', name: proxies[0].host }),
    verdict: 'sni-blocked',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'a reset whatever the name',
    arrange: ({ proxies }) => proxies[0].setFault(RESET),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    nearMiss: true,
  },
  {
    name: 'a reset for every server name of ours',
    arrange: (world) => Promise.all(world.proxies.map((one) => one.setFault({ type: 'reset-name', name: one.host }))),
    verdict: 'sni-blocked',
    severity: 'down',
    notifications: [1, 1],
  },

  {
    name: 'large handshakes are swallowed',
    arrange: (world) => all(world, { type: 'swallow-large-hello', bytes: 1_400 }),
    verdict: 'large-hello-dropped',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'every handshake is swallowed',
    arrange: (world) => all(world, { type: 'silent-at-accept' }),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    nearMiss: true,
  },

  {
    name: 'the resolver lies about one host, another tells the truth',
    arrange: (world) => {
      world.listControls();
      world.lab.dns.names.set(world.proxies[0].host, ['127.0.0.9']);
    },
    verdict: 'dns-tampered',
    severity: 'down',
    notifications: [1, 1],
  },
  {
    name: 'the host has moved to a dead address, both resolvers agree',
    arrange: (world) => {
      world.listControls();
      world.lab.dns.names.set(world.proxies[0].host, ['127.0.0.9']);
      world.resolver.names.set(world.proxies[0].host, ['127.0.0.9']);
    },
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    nearMiss: true,
  },
  {
    name: 'the name of the first proxy is gone',
    arrange: ({ lab, proxies }) => lab.dns.names.delete(proxies[0].host),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
    nearMiss: true,
  },
  {
    name: 'no name can be looked up at all',
    arrange: ({ lab }) => {
      lab.dns.fault = 'servfail';
    },
    verdict: 'local-offline',
    severity: 'offline',
    notifications: [0, 0],
  },
  {
    name: 'the resolver is gone',
    arrange: ({ lab }) => {
      lab.dns.fault = 'silence';
    },
    verdict: 'local-offline',
    severity: 'offline',
    notifications: [0, 0],
  },
  {
    name: 'the cable is out',
    arrange: (world) => {
      world.setHasNetworkPath(false);
      world.lab.dns.fault = 'nxdomain';
    },
    verdict: 'local-offline',
    severity: 'offline',
    notifications: [0, 0],
  },

  {
    name: 'the first proxy is slow',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'delay-headers', ms: 250 }),
    verdict: 'upstream-outage',
    severity: 'degraded',
    notifications: [0, 0],
  },
  {
    name: 'HTTP/2 of the first proxy sends everybody away',
    arrange: ({ proxies }) => proxies[0].setFault({ type: 'goaway', code: 11 }),
    verdict: 'upstream-outage',
    severity: 'down',
    notifications: [1, 1],
  },
];

export const SCENARIOS: readonly Scenario[] = [
  ...FIRST_SCENARIOS,
  ...UPSTREAM_SCENARIOS,
  ...PATH_SCENARIOS,
  ...MACHINE_SCENARIOS,
];
