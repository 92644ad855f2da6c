import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DnsFault, DnsServer } from '../../e2e/lab/dns-server.ts';
import { httpsLookUp } from '../composition/http-client.ts';
import { systemClock } from '../system/clock.ts';
import { lookUpWith } from './look-up.ts';

let dns: DnsServer;

beforeAll(async () => {
  dns = await DnsServer.start();
  dns.names.set('both.lab', ['127.0.0.1', '::1']);
  dns.names.set('old.lab', ['127.0.0.1']);
  dns.names.set('empty.lab', []);
});
afterEach(() => {
  dns.fault = null;
});
afterAll(() => dns.close());

const lookUp = (signal?: AbortSignal) =>
  lookUpWith({ resolver: dns.address }, systemClock, httpsLookUp(systemClock), signal);

describe('looking up a name', () => {
  it('gives the addresses of both families', async () => {
    expect(new Set(await lookUp()('both.lab'))).toEqual(new Set(['127.0.0.1', '::1']));
    expect(await lookUp()('old.lab')).toEqual(['127.0.0.1']);
  });

  it('asks no one for an address', async () => {
    const before = dns.queries;
    expect([await lookUp()('192.0.2.7'), await lookUp()('::1')]).toEqual([['192.0.2.7'], ['::1']]);
    expect(dns.queries).toBe(before);
  });

  it('gives no address for a name that does not exist, and for one without addresses', async () => {
    expect(await lookUp()('missing.lab')).toEqual([]);
    expect(await lookUp()('empty.lab')).toEqual([]);
    dns.fault = 'nxdomain';
    expect(await lookUp()('both.lab')).toEqual([]);
  });

  it.each<DnsFault>(['servfail', 'refused', 'garbage'])('gives null when the server fails: %s', async (fault) => {
    dns.fault = fault;
    expect(await lookUp()('both.lab')).toBeNull();
  });

  it('gives null when nothing listens there, and when it is cancelled', async () => {
    const closed = await DnsServer.start();
    const { address } = closed;
    await closed.close();
    expect(await lookUpWith({ resolver: address }, systemClock, httpsLookUp(systemClock))('both.lab')).toBeNull();
    dns.fault = 'silence';
    const cancel = new AbortController();
    const asked = lookUp(cancel.signal)('both.lab');
    await expect.poll(() => dns.queries).toBeGreaterThan(0);
    cancel.abort();
    expect(await asked).toBeNull();
  });
});
