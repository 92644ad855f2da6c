/** Mornings: what changed, what broke, and which difference must be first. */
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import type { Morning, MorningWorld } from './morning.ts';

const nothing = () => {};
const fault = (one: Parameters<MorningWorld['proxy']['setFault']>[0]) => (world: MorningWorld) =>
  world.proxy.setFault(one);
/** The name leads to these addresses; the first is the lab's, so that no packet leaves loopback. */
const resolvesTo =
  (...more: string[]) =>
  ({ lab, proxy }: MorningWorld) =>
    void lab.dns.names.set(proxy.host, ['127.0.0.1', ...more]);
const VPN = 'utun4 · 10.8.0.0/24';

export const MORNINGS: readonly Morning[] = [
  {
    name: 'a VPN is on, hosts hang',
    watches: 'host',
    change: ({ moveTo }) => moveTo(VPN),
    breaks: fault({ type: 'silent-at-accept' }),
    first: ['network-changed'],
  },
  {
    name: 'a VPN is on, hosts refuse',
    watches: 'host',
    change: ({ moveTo }) => moveTo(VPN),
    breaks: fault({ type: 'refuse' }),
    first: ['network-changed'],
  },
  {
    name: 'a VPN is on, hosts reset',
    watches: 'host',
    change: ({ moveTo }) => moveTo(VPN),
    breaks: fault({ type: 'drop-at-accept', how: 'reset' }),
    first: ['network-changed'],
  },
  {
    name: 'a hotel with a login page',
    watches: 'host',
    change: ({ moveTo }) => moveTo('en0 · 172.16.0.0/16'),
    breaks: fault({ type: 'redirect', to: 'login' }),
    first: ['network-changed'],
  },
  {
    name: 'an office that closes connections',
    watches: 'host',
    change: ({ moveTo }) => moveTo('en0 · 10.1.0.0/16 · corp.example'),
    breaks: fault({ type: 'drop-request', how: 'fin' }),
    first: ['network-changed'],
  },
  {
    name: 'a VPN that inspects TLS',
    watches: 'host',
    change: ({ moveTo }) => moveTo(VPN),
    breaks: fault({ type: 'certificate', kind: 'untrusted' }),
    first: ['network-changed', 'issuer-changed'],
  },
  {
    name: 'TUN with fake IPs, its node resets',
    watches: 'host',
    change: resolvesTo('198.18.0.7'),
    breaks: fault({ type: 'drop-at-accept', how: 'reset' }),
    first: ['addresses-changed'],
  },
  {
    name: 'TUN with fake IPs, its node hangs',
    watches: 'host',
    change: resolvesTo('198.18.0.7'),
    breaks: fault({ type: 'silent-at-accept' }),
    first: ['addresses-changed'],
  },
  {
    name: 'another resolver, the wrong host',
    watches: 'host',
    change: resolvesTo('203.0.113.9'),
    breaks: fault({ type: 'certificate', kind: 'wrong-host' }),
    first: ['addresses-changed'],
  },
  {
    name: 'another resolver, no TLS there',
    watches: 'host',
    change: resolvesTo('203.0.113.9'),
    breaks: fault({ type: 'say-at-accept', bytes: 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n' }),
    first: ['addresses-changed'],
  },
  {
    name: 'an issuer that is not trusted',
    watches: 'host',
    change: nothing,
    breaks: fault({ type: 'certificate', kind: 'untrusted' }),
    first: ['issuer-changed'],
  },
  {
    name: 'a typo in the port of the settings',
    watches: 'host',
    change: ({ writeSettings }) => writeSettings(1),
    breaks: nothing,
    first: ['settings-changed'],
  },
  {
    name: 'GOPROXY=off by another program',
    watches: 'download',
    change: ({ writeGoEnv }) => writeGoEnv('GOPROXY=off\nGOSUMDB=off\n'),
    breaks: nothing,
    first: ['go-settings-changed'],
  },
  {
    name: 'GOPROXY to a port where nothing listens',
    watches: 'download',
    change: ({ writeGoEnv }) => writeGoEnv('GOPROXY=http://127.0.0.1:1\nGOSUMDB=off\n'),
    breaks: nothing,
    first: ['go-settings-changed'],
  },
  {
    name: 'a switch to the wrong profile',
    watches: 'download',
    change: ({ engine }) => engine.profiles.use('off'),
    breaks: nothing,
    first: ['switched'],
  },
  {
    name: 'a mirror that fell behind',
    watches: 'download',
    change: ({ compareMirrors }) => compareMirrors(),
    breaks: fault({ type: 'refuse-module', path: FIXTURE_MODULE.path }),
    first: ['mirror-stale'],
  },
  {
    name: 'a local proxy that has ended',
    watches: 'host',
    change: ({ setMachine }) => setMachine({ 'local-proxy': '' }),
    breaks: fault({ type: 'refuse' }),
    first: ['local-proxy-changed'],
  },
  {
    name: 'TUN of a local proxy, in the same network',
    watches: 'host',
    change: ({ setMachine }) => setMachine({ tunnels: 'utun6' }),
    breaks: fault({ type: 'silent-at-accept' }),
    first: ['tunnels-changed'],
  },
  {
    name: 'a resolver that knows no such name',
    watches: 'host',
    change: ({ setMachine }) => setMachine({ resolvers: '10.8.0.53', tunnels: 'utun6' }),
    breaks: ({ lab, proxy }) => void lab.dns.names.delete(proxy.host),
    first: ['resolvers-changed', 'tunnels-changed'],
  },
  {
    name: 'a resolver that leads elsewhere',
    watches: 'host',
    change: ({ setMachine }) => setMachine({ resolvers: '10.8.0.53' }),
    breaks: fault({ type: 'certificate', kind: 'wrong-host' }),
    first: ['resolvers-changed'],
  },
  {
    name: 'a system proxy that a program set',
    watches: 'host',
    change: ({ setMachine }) => setMachine({ 'system-proxy': '127.0.0.1:8888' }),
    breaks: fault({ type: 'drop-at-accept', how: 'reset' }),
    first: ['system-proxy-changed'],
  },
  {
    name: 'a packet filter that a company turned on',
    watches: 'host',
    change: ({ setMachine }) => setMachine({ policies: 'pf on (9)' }),
    breaks: fault({ type: 'silent-at-accept' }),
    first: ['policies-changed'],
  },
  {
    name: 'awake again, and the host hangs',
    watches: 'host',
    change: ({ sleep }) => sleep(),
    breaks: fault({ type: 'silent-at-accept' }),
    first: ['woke'],
    hasGap: true,
  },
  {
    name: 'nothing, the server fails',
    watches: 'host',
    change: nothing,
    breaks: fault({ type: 'status', status: 503 }),
    first: null,
  },
  {
    name: 'nothing, the host hangs',
    watches: 'host',
    change: nothing,
    breaks: fault({ type: 'silent-at-accept' }),
    first: null,
  },
  {
    name: 'nothing, the certificate has expired',
    watches: 'host',
    change: nothing,
    breaks: fault({ type: 'certificate', kind: 'expired' }),
    first: null,
  },
  {
    name: 'nothing, another public address',
    watches: 'host',
    change: resolvesTo('127.0.0.2'),
    breaks: fault({ type: 'drop-at-accept', how: 'fin' }),
    first: null,
  },
];
