/** This machine and its settings: no network at all, a GOPROXY that cannot work, a checksum database that cannot be reached. */
import { FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import type { Scenario } from './scenario.ts';

export const MACHINE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'no name exists any more, with a path',
    arrange: ({ lab }) => {
      lab.dns.fault = 'nxdomain';
    },
    verdict: 'local-offline',
    severity: 'offline',
    notifications: [0, 0],
  },
  {
    name: 'the resolver refuses to answer',
    arrange: ({ lab }) => {
      lab.dns.fault = 'refused';
    },
    verdict: 'local-offline',
    severity: 'offline',
    notifications: [0, 0],
  },
  {
    name: 'no path, but everything answers',
    arrange: ({ setHasNetworkPath }) => setHasNetworkPath(false),
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'GOPROXY=off',
    arrange: ({ setGoproxy }) => setGoproxy('off'),
    verdict: 'misconfigured',
    severity: 'down',
    notifications: [0, 0],
  },
  {
    name: 'a typo in the scheme of the first entry',
    arrange: ({ setGoproxy, proxies }) => setGoproxy(`htps://${proxies[0].host},${proxies[1].url}`),
    verdict: 'misconfigured',
    severity: 'down',
    notifications: [0, 0],
  },
  {
    name: 'off after an entry that answers',
    arrange: ({ setGoproxy, proxies }) => setGoproxy(`${proxies[0].url},off`),
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
  {
    name: 'GOPROXY=direct',
    arrange: ({ setGoproxy }) => setGoproxy('direct'),
    verdict: 'cannot-tell',
    severity: 'unknown',
    notifications: [0, 0],
  },
  {
    name: 'a proxy that nobody probes',
    arrange: ({ setGoproxy }) => setGoproxy('https://unlisted.lab,direct'),
    verdict: 'cannot-tell',
    severity: 'unknown',
    notifications: [0, 0],
  },
  {
    name: 'the checksum database is away, the proxy relays it',
    arrange: async (world) => {
      const database = await world.lab.proxy({ host: 'sum.lab', transport: 'h2' });
      world.list({ kind: 'sumdb', url: `${database.url}/sumdb/sum.example.test`, key: FIXTURE_SUMDB });
      await database.setFault({ type: 'drop-request', how: 'fin' });
    },
    verdict: 'healthy',
    severity: 'healthy',
    notifications: [0, 0],
    nearMiss: true,
  },
];
