import { expect, it } from 'vitest';
import { forwardProxyIn } from './system-proxy.ts';

it.each([
  ['DIRECT', null],
  ['PROXY 127.0.0.1:7890; DIRECT', 'http://127.0.0.1:7890'],
  ['SOCKS5 [::1]:1080;PROXY 127.0.0.1:7890', 'socks5://[::1]:1080'],
  ['HTTPS proxy.test:443', 'https://proxy.test:443'],
  // SOCKS version 4 cannot name a host.
  ['SOCKS 127.0.0.1:1080; DIRECT', null],
  ['', null],
])('%j is the forward proxy %j', (list, proxy) => {
  expect(forwardProxyIn(list)).toBe(proxy);
});
