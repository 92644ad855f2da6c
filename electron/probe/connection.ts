/**
 * One fresh connection: resolve → TCP (Happy Eyeballs) → TLS, each instant stamped by us. Nothing is pooled or resumed,
 * so that every probe meets what a new `go` would meet.
 */
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { Limits } from '../../shared/domain/endpoint.ts';
import type { PhaseTimings, RemoteAddress, TlsFacts } from '../../shared/domain/result.ts';
import {
  classifyCertificate,
  classifyConnect,
  classifyHandshake,
  type ErrorFacts,
  factsOf,
  phaseError,
} from './classify.ts';
import { type Bounds, PhaseError, within } from './phase-error.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import { type ResolvedAddress, resolveHost } from './resolver.ts';
import { type TrustSet, tlsFacts } from './trust.ts';

/** Where to connect. */
export interface Origin {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** What the connecting found out; filled as it goes, so that a failure keeps what came before it. */
export interface ConnectionRecord {
  phases: { -readonly [P in keyof PhaseTimings]: PhaseTimings[P] };
  addresses?: readonly string[];
  remote?: RemoteAddress;
  tls?: TlsFacts;
}

export interface ConnectionOptions {
  readonly network: ProbeNetwork;
  readonly trust: TrustSet;
  readonly limits: Limits;
  readonly bounds: Bounds;
}

/** RFC 8305 §5: the next address is tried this long after the previous one began. */
const ATTEMPT_DELAY_MS = 250;

/** Opens a connection and notes its phases in `record`. Rejects with PhaseError or CancelledError. */
export async function openConnection(
  origin: Origin,
  options: ConnectionOptions,
  record: ConnectionRecord,
): Promise<net.Socket> {
  const { bounds, limits, network } = options;
  const { clock } = bounds;
  const began = clock.monotonic();
  const addresses = await resolveHost(origin.host, origin.port, network, bounds, limits.hard.dialMs);
  const resolved = clock.monotonic();
  record.phases.dns = resolved - began;
  record.addresses = addresses.map(({ address }) => address);
  const socket = await connectAny(addresses, origin.port, bounds, limits.hard.dialMs - record.phases.dns);
  const connected = clock.monotonic();
  record.phases.connect = connected - resolved;
  record.remote = {
    address: socket.remoteAddress ?? '',
    port: origin.port,
    family: net.isIP(socket.remoteAddress ?? '') === 6 ? 6 : 4,
  };
  if (!origin.secure) return socket;
  const secured = await handshake(socket, origin, options, record);
  record.phases.tls = clock.monotonic() - connected;
  return secured;
}

/** IPv6 first and families alternating (RFC 8305 §4); the first that connects wins, the others are dropped. */
function connectAny(
  addresses: readonly ResolvedAddress[],
  port: number,
  bounds: Bounds,
  limitMs: number,
): Promise<net.Socket> {
  const waiting = interleave(addresses);
  const late = () =>
    new PhaseError('connect', 'connect-timeout', `no TCP connection within ${Math.round(limitMs)} ms`, 'ETIMEDOUT');
  return within(bounds, limitMs, late, (resolve, reject) => {
    const open = new Set<net.Socket>();
    let firstError: ErrorFacts | null = null;
    let stopTimer = () => {};
    const dropAll = () => {
      stopTimer();
      for (const socket of open) socket.destroy();
    };
    const tryNext = () => {
      stopTimer();
      const next = waiting.shift();
      if (next === undefined) return;
      const socket = net.connect({ host: next.address, port, family: next.family, noDelay: true });
      open.add(socket);
      const onError = (error: Error) => {
        open.delete(socket);
        firstError ??= factsOf(error);
        if (waiting.length > 0) tryNext();
        else if (open.size === 0) reject(phaseError('connect', classifyConnect(firstError), firstError));
      };
      socket.once('error', onError);
      socket.once('connect', () => {
        open.delete(socket);
        dropAll();
        socket.off('error', onError);
        resolve(socket);
      });
      if (waiting.length > 0) stopTimer = bounds.clock.after(ATTEMPT_DELAY_MS, tryNext);
    };
    tryNext();
    return dropAll;
  });
}

function interleave(addresses: readonly ResolvedAddress[]): ResolvedAddress[] {
  const six = addresses.filter(({ family }) => family === 6);
  const four = addresses.filter(({ family }) => family === 4);
  return Array.from({ length: Math.max(six.length, four.length) }, (_, i) => [six[i], four[i]])
    .flat()
    .filter((one) => one !== undefined);
}

function handshake(
  socket: net.Socket,
  origin: Origin,
  options: ConnectionOptions,
  record: ConnectionRecord,
): Promise<tls.TLSSocket> {
  const { bounds, limits, trust } = options;
  const late = () => new PhaseError('tls', 'tls-handshake-timeout', `no TLS within ${limits.hard.tlsMs} ms`);
  return within(bounds, limits.hard.tlsMs, late, (resolve, reject) => {
    const secured = tls.connect({
      socket,
      host: origin.host,
      ...(net.isIP(origin.host) === 0 ? { servername: origin.host } : {}),
      ALPNProtocols: ['h2', 'http/1.1'],
      secureContext: trust.context,
      // Judged below: so that a refused certificate can still be shown. Nothing is sent over it.
      rejectUnauthorized: false,
    });
    const giveUp = () => {
      secured.destroy();
      socket.destroy();
    };
    const fail = (error: PhaseError) => {
      giveUp();
      reject(error);
    };
    const onError = (error: Error) => {
      const facts = factsOf(error);
      fail(phaseError('tls', classifyHandshake(facts), facts));
    };
    secured.once('error', onError);
    secured.once('secureConnect', () => {
      record.tls = tlsFacts(secured, trust);
      if (!secured.authorized) {
        const { code, message } = certificateError(secured);
        fail(new PhaseError('tls', classifyCertificate(code), message, code));
        return;
      }
      secured.off('error', onError);
      resolve(secured);
    });
    return giveUp;
  });
}

/** `authorizationError` is an Error or, in some runtimes, its code. */
function certificateError(socket: tls.TLSSocket): { code: string; message: string } {
  const reason: unknown = socket.authorizationError;
  if (reason instanceof Error) return { code: factsOf(reason).code ?? reason.message, message: reason.message };
  return { code: String(reason), message: String(reason) };
}
