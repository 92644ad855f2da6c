/** Resolvers, proxies and tunnels: from recorded outputs of macOS, and from sockets of this machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installTools, type Tools } from '../../e2e/lab/mac-tools.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { policiesText, readMachineFacts, resolversIn, tunnelsIn } from './machine-facts.ts';

const runner = new SystemProcessRunner(systemClock);
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gopherbar-machine-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const core = (env: Record<string, string> = {}) => ({ runner, toolRoot: root, env, lastPolicy: async () => null });

it('reads the resolvers and proxies of macOS', async () => {
  const tools: Tools = {
    '/usr/sbin/scutil': [
      { when: '--dns', file: 'scutil-dns.home.txt' },
      { when: '--proxy', file: 'scutil-proxy.http-scoped.txt' },
    ],
  };
  installTools(root, tools);
  const facts = await readMachineFacts(core());
  expect(facts.resolvers).toBe('2001:db8::1, 192.168.1.1');
  expect(facts['system-proxy']).toBe('127.0.0.1:7890, 127.0.0.1:7891');
  expect(facts).not.toHaveProperty('policies');
});

it('leaves out what a tool does not print', async () => {
  installTools(root, { '/usr/sbin/scutil': [{ when: '*', text: '', exitCode: 1 }] });
  const facts = await readMachineFacts(core());
  expect(facts).not.toHaveProperty('resolvers');
  expect(facts).not.toHaveProperty('system-proxy');
});

it('sees a local proxy begin and end to listen, and never its password', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const from = core({ HTTPS_PROXY: `http://me:secret@${place}/`, HTTP_PROXY: `http://${place}` });
  const file = join(root, 'resolv.conf');
  writeFileSync(file, '# nameserver 192.0.2.9\nnameserver 192.0.2.1\n');
  const before = await readMachineFacts(from, file);
  await new Promise((resolve) => server.close(resolve));
  const after = await readMachineFacts(from, file);
  expect(before).toMatchObject({ resolvers: '192.0.2.1', 'local-proxy': place });
  expect(after['local-proxy']).toBe('');
  expect(JSON.stringify([before, after])).not.toContain('secret');
});

it('reads every resolver of resolv.conf in its order, and nothing else', () => {
  const line = fc.constantFrom('', '# x', 'search corp.example', 'options ndots:1', '; nameserver 192.0.2.8');
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), line)), (lines) => {
      const addresses = lines.filter((one) => /^[\da-f:.]+$/.test(one));
      const text = lines.map((one) => (addresses.includes(one) ? `nameserver ${one}` : one)).join('\n');
      expect(resolversIn(text)).toEqual(addresses);
    }),
  );
});

it('passes over idle tunnels of macOS and other interfaces', () => {
  const address = (value: string) => [{ address: value } as never];
  const interfaces = {
    lo0: address('127.0.0.1'),
    en0: address('192.168.1.7'),
    utun0: address('fe80::1'),
    utun6: address('198.18.0.1'),
    wg0: address('10.8.0.2'),
  };
  expect(tunnelsIn(interfaces)).toEqual(['utun6', 'wg0']);
});

it('names what a reading of the policies found', () => {
  const reading = { pfEnabled: true, rules: [{}, {}], extensions: ['Little Snitch'], vpns: ['Work'], firewall: null };
  expect(policiesText(reading as never)).toBe('pf on (2), Little Snitch, Work');
});
