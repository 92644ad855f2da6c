import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DnsServer } from '../../../e2e/lab/dns-server.ts';
import { DEFAULT_LIMITS } from '../../../shared/domain/endpoint.ts';
import { noteText } from '../../../shared/messages/doctor-texts.ts';
import { translator } from '../../../shared/messages/messages.ts';
import { lookUpIn } from '../../composition/http-client.ts';
import { InlinePool } from '../../probe/inline-pool.ts';
import { systemClock } from '../../system/clock.ts';
import { consult } from '../consult.ts';
import { readTarget } from '../target.ts';

let dns: DnsServer;
beforeAll(async () => {
  dns = await DnsServer.start();
});
afterAll(() => dns.close());

/** The notes of the DNS check about a host that the lab's resolver is asked for. */
async function notesOf(host: string) {
  const target = readTarget(`https://${host}`, []);
  if (target === null) throw new Error('no target');
  const network = { resolver: dns.address };
  const { checks } = await consult(
    target,
    {
      clock: systemClock,
      pool: new InlinePool(systemClock),
      env: {},
      platform: 'linux',
      hasNetworkPath: () => true,
      readGo: async () => ({ state: 'missing', problem: { key: 'go-missing', params: {} } }),
      settings: {
        endpoints: [],
        limits: DEFAULT_LIMITS,
        network,
        controls: {},
        profiles: [],
        resolvers: [],
        gateway: { address: null, upstreams: [] },
        statusFeeds: false,
      },
      lintEnvironment: async () => ({ goflags: '', proxies: [] }),
      lookUp: lookUpIn(network, systemClock),
      readFeed: async () => null,
      policy: async () => null,
    },
    () => {},
    new AbortController().signal,
  );
  return checks.find(({ id }) => id === 'dns')?.notes ?? [];
}

describe('the DNS check of a host', () => {
  it('says that a name does not exist when the resolver says so', async () => {
    const notes = await notesOf('missing.lab');
    expect(notes).toMatchObject([{ key: 'cause', severity: 'error', params: { cause: 'dns-no-such-host' } }]);
    expect(notes.map((one) => noteText(translator('en'), one)).join()).not.toMatch(/not answer|time/i);
  });

  it('says that the resolver fails when it does', async () => {
    dns.fault = 'servfail';
    const notes = await notesOf('missing.lab');
    dns.fault = null;
    expect(notes).toMatchObject([{ key: 'cause', severity: 'error', params: { cause: 'dns-server-misbehaving' } }]);
  });

  it('shows the addresses of a name that exists', async () => {
    dns.names.set('known.lab', ['127.0.0.1']);
    expect(await notesOf('known.lab')).toContainEqual(
      expect.objectContaining({ key: 'dns-system', params: { host: 'known.lab', addresses: '127.0.0.1' } }),
    );
  });
});
