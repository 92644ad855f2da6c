/**
 * One fresh connection: resolve → TCP (Happy Eyeballs) → TLS, each instant stamped by us. Nothing is pooled or resumed,
 * so that every probe meets what a new `go` would meet.
 */
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { Limits } from '../../shared/domain/endpoint.ts';
import type { Phase, PhaseTimings, RemoteAddress, TlsFacts } from '../../shared/domain/result.ts';
import { classifyCertificate, classifyHandshake, factsOf, phaseError } from './classify.ts';
import { dial } from './dial.ts';
import { type Bounds, PhaseError, within } from './phase-error.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import { knownAddresses, resolveHost } from './resolver.ts';
import type { Handshake, TrustSet } from './trust.ts';

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
  /** From the first look at the name until TCP stood, with every attempt that was lost on the way. */
  dialMs?: number;
  remote?: RemoteAddress;
  tls?: TlsFacts;
  /** Monotonic instant at which the connection stood: the request begins here. */
  readyAt?: number;
}

export interface ConnectionOptions {
  readonly network: ProbeNetwork;
  readonly trust: TrustSet;
  readonly limits: Limits;
  readonly bounds: Bounds;
}

/** An open connection, and the handshake that made it secure. */
export interface Connection {
  readonly socket: net.Socket;
  readonly handshake: Handshake | null;
}

/** Opens a connection and notes its phases in `record`, the failed one too. Rejects with PhaseError or CancelledError. */
export async function openConnection(
  origin: Origin,
  options: ConnectionOptions,
  record: ConnectionRecord,
): Promise<Connection> {
  const { bounds, limits, network } = options;
  const { clock } = bounds;
  const began = clock.monotonic();
  // A literal or pinned address is not looked up: no phase, rather than one of 0 ms.
  const addresses =
    knownAddresses(origin.host, origin.port, network) ??
    (await timed(record, 'dns', clock, () => resolveHost(origin.host, network, bounds, limits.hard.dialMs)));
  record.addresses = addresses.map(({ address }) => address);
  const left = limits.hard.dialMs - (clock.monotonic() - began);
  const dialled = await timed(record, 'connect', clock, () => dial(addresses, origin.port, bounds, left));
  record.phases.connect = dialled.connectMs;
  record.dialMs = clock.monotonic() - began;
  const { address, family } = dialled;
  record.remote = { address, port: origin.port, family };
  record.readyAt = clock.monotonic();
  if (!origin.secure) return { socket: dialled.socket, handshake: null };
  const socket = await timed(record, 'tls', clock, () => handshake(dialled.socket, origin, options));
  record.readyAt = clock.monotonic();
  return { socket, handshake: options.trust.capture(socket) };
}

/** Does it and notes how long it took, however it ended. */
async function timed<T>(
  record: ConnectionRecord,
  phase: Phase,
  clock: Bounds['clock'],
  work: () => Promise<T>,
): Promise<T> {
  const began = clock.monotonic();
  try {
    return await work();
  } finally {
    record.phases[phase] = clock.monotonic() - began;
  }
}

function handshake(socket: net.Socket, origin: Origin, options: ConnectionOptions): Promise<tls.TLSSocket> {
  const { bounds, limits, trust } = options;
  const late = () => new PhaseError('tls', 'tls-handshake-timeout', `no TLS within ${limits.hard.tlsMs} ms`);
  return within(bounds, limits.hard.tlsMs, late, (resolve, reject) => {
    const secured = tls.connect({
      socket,
      host: origin.host,
      // RFC 6066 §3: neither an IP address nor a trailing dot is a server name.
      ...(net.isIP(origin.host) === 0 ? { servername: origin.host.replace(/\.$/, '') } : {}),
      ALPNProtocols: ['h2', 'http/1.1'],
      secureContext: trust.context,
      // Judged below, so that a refused certificate can be named. Nothing is ever sent over it.
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
      if (!secured.authorized) return fail(certificateError(secured, trust));
      secured.off('error', onError);
      resolve(secured);
    });
    return giveUp;
  });
}

/** Who is refused and why; `authorizationError` is an Error or, in some runtimes, its code. */
function certificateError(socket: tls.TLSSocket, trust: TrustSet): PhaseError {
  const reason: unknown = socket.authorizationError;
  const { code, message } =
    reason instanceof Error ? factsOf(reason) : { code: String(reason), message: String(reason) };
  const { subject, issuer, validTo } = trust.capture(socket).facts();
  const until = validTo === 0 ? '' : ` until ${new Date(validTo).toISOString()}`;
  const who = `certificate of "${subject}" by "${issuer}"${until}`;
  return new PhaseError('tls', classifyCertificate(code ?? message), `${message} (${who})`, code);
}
