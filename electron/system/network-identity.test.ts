import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import {
  gatewayFromIp,
  gatewayFromRoute,
  identityOf,
  macFromArp,
  macFromNeighbours,
  networkPart,
  readNetworkIdentity,
} from './network-identity.ts';
import { SystemProcessRunner } from './process-runner.ts';

const ROUTE = `   route to: default
destination: default
       mask: default
    gateway: 192.168.1.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
 recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
       0         0         0         0         0         0      1500         0
`;

describe('a network', () => {
  it('is read from what macOS prints', () => {
    expect(gatewayFromRoute(ROUTE)).toEqual({ address: '192.168.1.1', device: 'en0' });
    expect(gatewayFromRoute('route: writing to routing socket: not in table\n')).toBeNull();
    expect(macFromArp('? (192.168.1.1) at 0:1b:63:4:5:aa on en0 ifscope [ethernet]\n')).toBe('00:1b:63:04:05:aa');
    expect(macFromArp('192.168.1.1 (192.168.1.1) -- no entry\n')).toBe('');
  });

  it('is read from what Linux prints', () => {
    expect(gatewayFromIp('[{"dst":"default","gateway":"10.0.0.1","dev":"wlan0","flags":[]}]')).toEqual({
      address: '10.0.0.1',
      device: 'wlan0',
    });
    expect(gatewayFromIp('[]')).toBeNull();
    expect(gatewayFromIp('no json')).toBeNull();
    expect(macFromNeighbours('[{"dst":"10.0.0.1","dev":"wlan0","state":["FAILED"]}]')).toBe('');
    expect(macFromNeighbours('[{"dst":"10.0.0.1","lladdr":"02:00:00:00:00:01"}]')).toBe('02:00:00:00:00:01');
  });

  it('is the same at each visit, and different elsewhere', () => {
    const gateway = { address: '192.168.1.1', device: 'en0' };
    const home = identityOf(gateway, '00:1b:63:04:05:aa', '192.168.1.0/24', 'lan');
    expect(identityOf(gateway, '00:1b:63:04:05:aa', '192.168.1.0/24', 'lan')).toEqual(home);
    expect(identityOf(gateway, '00:1b:63:04:05:ab', '192.168.1.0/24', 'lan').id).not.toBe(home.id);
    expect(home).toMatchObject({ description: 'en0 · 192.168.1.0/24 · lan', isHotspot: false });
    expect(identityOf({ ...gateway, address: '172.20.10.1' }, '', '172.20.10.0/28', '').isHotspot).toBe(true);
  });

  it('has the prefix of an address given by its length', () => {
    expect(networkPart('192.0.2.77/24')).toBe('192.0.2.0/24');
    expect(networkPart('172.20.10.5/28')).toBe('172.20.10.0/28');
    expect(networkPart('10.1.2.3/0')).toBe('0.0.0.0/0');
    expect(networkPart('200.1.2.3/32')).toBe('200.1.2.3/32');
    expect(networkPart('fe80::1/64')).toBe('fe80::1/64');
  });

  it('is read with the tools of this machine, or is null', async () => {
    const identity = await readNetworkIdentity(new SystemProcessRunner(systemClock), process.env, 'linux');
    if (identity !== null) expect(identity.id).toMatch(/^[0-9a-f]{12}$/);
    expect(
      await readNetworkIdentity(new SystemProcessRunner(systemClock), { PATH: '/nonexistent' }, 'linux'),
    ).toBeNull();
  });
});
