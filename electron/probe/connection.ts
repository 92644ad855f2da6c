/**
 * One fresh connection: resolve → TCP (Happy Eyeballs) → TLS, each instant stamped by us. Nothing is pooled or resumed,
 * so that every probe meets what a new `go` would meet.
 */
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { Limits } from '../../shared/domain/endpoint.ts';
import type { Origin } from '../../shared/domain/host.ts';
import type { Phase, PhaseTimings } from '../../shared/domain/result.ts';
import { errorFacts } from '../system/error-facts.ts';
import { classifyCertificate, classifyHandshake, phaseError } from './classify.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { dial } from './dial.ts';
import { judgeAddress } from './dns-message.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import type { ResolvedAddress } from './resolved-address.ts';
import { knownAddresses, resolveHost } from './resolver.ts';
import type { Handshake, TrustSet } from './trust.ts';
import { isSocks, negotiate, proxyAuthorization, proxyCause, proxyOrigin } from './tunnel.ts';

export interface ConnectionOptions {
  readonly network: ProbeNetwork;
  readonly trust: TrustSet;
  readonly limits: Limits;
  readonly deadline: Deadline;
  /** Refuses addresses inside this machine or its network before anything is opened: a public host has redirected. */
  readonly outsideOnly?: boolean | undefined;
}

/** An open connection, and the handshake that made it secure. */
export interface Connection {
  readonly socket: net.Socket;
  readonly handshake: Handshake | null;
  /** Headers for a forward proxy that is asked in place of the target (plain http); null = no proxy in between. */
  readonly relay: Readonly<Record<string, string>> | null;
}

/**
 * Opens a connection and notes its phases in `record`, the failed one too: straight, or through the forward proxy that
 * the network names (its tunnel is then part of `connect`). Rejects with PhaseError or CancelledError.
 */
export async function openConnection(
  origin: Origin,
  options: ConnectionOptions,
  record: ConnectionRecord,
): Promise<Connection> {
  const { forwardProxy } = options.network;
  if (forwardProxy === undefined) return openDirect(origin, options, record);
  const proxy = new URL(forwardProxy);
  if (!origin.secure && !isSocks(proxy)) {
    const { socket } = await openToProxy(proxy, options, record);
    return { socket, handshake: null, relay: proxyAuthorization(proxy) };
  }
  const { clock } = options.deadline;
  const began = clock.monotonic();
  const { socket } = await openTunnel(proxy, origin, options, record);
  record.phases.connect = clock.monotonic() - began - (record.phases.dns ?? 0);
  record.phases = withoutProxyPhases(record.phases);
  if (!origin.secure) {
    // A plain-HTTP endpoint through SOCKS.
    record.readyAt = clock.monotonic();
    return { socket, handshake: null, relay: null };
  }
  return secure(socket, origin, options, record);
}

/** A tunnel through a forward proxy; `response` is the time until the proxy agreed. */
export async function openTunnel(
  proxy: URL,
  origin: Origin,
  options: ConnectionOptions,
  record: ConnectionRecord,
): Promise<Connection> {
  const { deadline, limits } = options;
  const connection = await openToProxy(proxy, options, record);
  try {
    await timed(record, 'response', deadline.clock, () =>
      negotiate(connection.socket, proxy, origin, deadline, limits.hard.headerMs),
    );
  } catch (error) {
    connection.socket.destroy();
    throw error;
  }
  record.readyAt = deadline.clock.monotonic();
  return connection;
}

async function openToProxy(proxy: URL, options: ConnectionOptions, record: ConnectionRecord): Promise<Connection> {
  try {
    const network = { ...options.network, forwardProxy: undefined, changed: undefined };
    const own = { ...options, network, outsideOnly: false };
    return await openDirect(proxyOrigin(proxy), own, record, ['http/1.1']);
  } catch (error) {
    if (!(error instanceof PhaseError)) throw error;
    throw new PhaseError(error.phase, proxyCause(error.why), error.message, error.code);
  }
}

/** Name and TCP of the proxy stay; its own TLS and answer are within `connect`, the target's own phases follow. */
function withoutProxyPhases({ dns, connect }: PhaseTimings): ConnectionRecord['phases'] {
  return { ...(dns === undefined ? {} : { dns }), ...(connect === undefined ? {} : { connect }) };
}

async function openDirect(
  origin: Origin,
  options: ConnectionOptions,
  record: ConnectionRecord,
  alpn?: readonly string[],
): Promise<Connection> {
  const { deadline, limits, network } = options;
  const { clock } = deadline;
  const began = clock.monotonic();
  // A literal or pinned address is not looked up: no phase, rather than one of 0 ms.
  const found =
    knownAddresses(origin.host, origin.port, network) ??
    (await timed(record, 'dns', clock, () => resolveHost(origin.host, network, deadline, limits.hard.dialMs)));
  record.addresses = found.map(({ address }) => address);
  const reachable = options.outsideOnly === true ? outside(found, origin) : found;
  const addresses = ofFamily(reachable, network.changed?.family);
  const left = limits.hard.dialMs - (clock.monotonic() - began);
  const dialled = await timed(record, 'connect', clock, () => dial(addresses, origin.port, deadline, left));
  record.phases.connect = dialled.connectMs;
  record.dialMs = clock.monotonic() - began;
  const { address, family } = dialled;
  record.remote = { address, port: origin.port, family };
  record.readyAt = clock.monotonic();
  if (!origin.secure) return { socket: dialled.socket, handshake: null, relay: null };
  return secure(dialled.socket, origin, options, record, alpn);
}

/** Rejects when every address is inside. */
function outside(found: readonly ResolvedAddress[], { host, port }: Origin): readonly ResolvedAddress[] {
  const left = found.filter(({ address }) => judgeAddress(address) !== 'bogus');
  if (left.length > 0 || found.length === 0) return left;
  throw new PhaseError('response', 'redirect-private', `redirected to ${host}:${port} at ${found[0]?.address}`);
}

function ofFamily(addresses: readonly ResolvedAddress[], family: 4 | 6 | undefined): readonly ResolvedAddress[] {
  if (family === undefined) return addresses;
  const left = addresses.filter((one) => one.family === family);
  if (left.length > 0) return left;
  throw new PhaseError('connect', 'connect-unreachable', `the name has no IPv${family} address`);
}

async function secure(
  plain: net.Socket,
  origin: Origin,
  options: ConnectionOptions,
  record: ConnectionRecord,
  alpn?: readonly string[],
): Promise<Connection> {
  const { clock } = options.deadline;
  const socket = await timed(record, 'tls', clock, () => handshake(plain, origin, options, record, alpn));
  if (options.network.changed?.serverName !== undefined) {
    // Whoever answers to another name has proven nothing: no request, still less a credential, may reach it.
    socket.destroy();
    throw new PhaseError('request', 'unknown', 'the handshake under another name was all that was asked for');
  }
  record.readyAt = clock.monotonic();
  return { socket, handshake: options.trust.capture(socket), relay: null };
}

/** Does it and notes how long it took, however it ended. */
async function timed<T>(
  record: ConnectionRecord,
  phase: Phase,
  clock: Deadline['clock'],
  work: () => Promise<T>,
): Promise<T> {
  const began = clock.monotonic();
  try {
    return await work();
  } finally {
    record.phases[phase] = clock.monotonic() - began;
  }
}

function handshake(
  socket: net.Socket,
  origin: Origin,
  options: ConnectionOptions,
  record: ConnectionRecord,
  alpn: readonly string[] | undefined,
): Promise<tls.TLSSocket> {
  const { deadline, limits, trust, network } = options;
  const { serverName, http1, smallHello } = network.changed ?? {};
  // RFC 6066 §3: neither an IP address nor a trailing dot is a server name.
  const ownName = net.isIP(origin.host) === 0 ? origin.host.replace(/\.$/, '') : undefined;
  const servername = serverName ?? ownName;
  const onTimeout = () => new PhaseError('tls', 'tls-handshake-timeout', `no TLS within ${limits.hard.tlsMs} ms`);
  return withDeadline(deadline, limits.hard.tlsMs, onTimeout, (resolve, reject) => {
    const before = socket.bytesWritten;
    const secured = tls.connect({
      socket,
      host: origin.host,
      ...(servername === undefined ? {} : { servername }),
      ALPNProtocols: [...(alpn ?? (http1 === true ? ['http/1.1'] : ['h2', 'http/1.1']))],
      secureContext: smallHello === true ? trust.smallHelloContext() : trust.context,
      // Judged below, so that a refused certificate can be named.
      rejectUnauthorized: false,
    });
    // The ClientHello is written at once, and nothing else before the server's part.
    record.helloBytes = socket.bytesWritten - before;
    const giveUp = () => {
      secured.destroy();
      socket.destroy();
    };
    const fail = (error: PhaseError) => {
      giveUp();
      reject(error);
    };
    const onError = (error: Error) => {
      const facts = errorFacts(error);
      fail(phaseError('tls', classifyHandshake(facts), facts));
    };
    secured.once('error', onError);
    secured.once('secureConnect', () => {
      // Under another name any certificate is another's: that it came at all is the answer.
      if (!secured.authorized && serverName === undefined) return fail(certificateError(secured, trust, record));
      secured.off('error', onError);
      resolve(secured);
    });
    return giveUp;
  });
}

/** Who is refused and why; `authorizationError` is an Error or, in some runtimes, its code. */
function certificateError(socket: tls.TLSSocket, trust: TrustSet, record: ConnectionRecord): PhaseError {
  const reason: unknown = socket.authorizationError;
  const { message, code = typeof reason === 'string' ? reason : undefined } = errorFacts(reason);
  const { subject, issuer, validTo } = trust.capture(socket).facts();
  if (issuer !== '') record.refusedIssuer = issuer;
  const until = validTo === 0 ? '' : ` until ${new Date(validTo).toISOString()}`;
  const who = `certificate of "${subject}" by "${issuer}"${until}`;
  return new PhaseError('tls', classifyCertificate(code ?? message), `${message} (${who})`, code);
}
