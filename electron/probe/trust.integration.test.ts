import { once } from 'node:events';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabAuthority } from '../../e2e/lab/certificates.ts';
import { trustSet } from './trust.ts';

let authority: LabAuthority;
let server: tls.Server;

beforeAll(async () => {
  authority = await LabAuthority.create();
  server = tls.createServer({ ...(await authority.leaf('good', ['good.lab'])), ALPNProtocols: ['h2'] }, () => {});
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** A finished handshake with the lab's server, whether or not its certificate is believed. */
async function handshake(extraCa: readonly string[], small = false) {
  const trust = trustSet(extraCa);
  const socket = tls.connect({
    host: '127.0.0.1',
    port: (server.address() as net.AddressInfo).port,
    servername: 'good.lab',
    ALPNProtocols: ['h2', 'http/1.1'],
    secureContext: small ? trust.smallHelloContext() : trust.context,
    rejectUnauthorized: false,
  });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  const { authorized } = socket;
  const captured = trust.capture(socket);
  socket.destroy();
  return { authorized, alpn: captured.alpn, facts: captured.facts() };
}

describe('a set of trusted roots', () => {
  it('believes a certificate of an extra root, and says that it is one', async () => {
    const { authorized, alpn, facts } = await handshake([authority.ca]);
    expect({ authorized, alpn }).toEqual({ authorized: true, alpn: 'h2' });
    expect(facts).toMatchObject({ version: 'TLSv1.3', alpn: 'h2', trust: 'extra' });
    expect(facts.cipher).toMatch(/^TLS_/);
    expect(facts.validTo).toBeGreaterThan(Date.now());
    expect(facts.issuer).not.toBe('');
  });

  it('does not believe it without that root, but still reads it', async () => {
    const { authorized, facts } = await handshake([]);
    expect(authorized).toBe(false);
    expect(facts.issuer).not.toBe('');
  });

  it('does not take another root for it', async () => {
    const other = await LabAuthority.create();
    expect((await handshake([other.ca])).authorized).toBe(false);
    const [publicRoot = ''] = tls.rootCertificates;
    expect((await handshake([`${publicRoot}\n${authority.ca}`])).authorized).toBe(true);
  });

  it('has a variant whose ClientHello fits into one packet', async () => {
    expect((await handshake([authority.ca], true)).authorized).toBe(true);
    const listener = net.createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as net.AddressInfo;
    const client = tls.connect({ host: '127.0.0.1', port, secureContext: trustSet([]).smallHelloContext() });
    client.on('error', () => {});
    const [socket] = await once(listener, 'connection');
    const [hello] = await once(socket, 'data');
    client.destroy();
    listener.close();
    expect(hello.length).toBeLessThan(1_400);
  });

  it('is made once for the same roots', () => {
    expect(trustSet([authority.ca])).toBe(trustSet([authority.ca]));
    expect(trustSet([authority.ca])).not.toBe(trustSet([]));
  });

  it.each(['', 'not a certificate', '-----BEGIN CERTIFICATE-----\n'])('refuses %j as a root', (text) => {
    expect(() => trustSet([text])).toThrow('not a PEM certificate');
  });
});
