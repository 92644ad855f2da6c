/**
 * Requests of one probe: the first opens a fresh connection, later ones may use it (as `go` would), redirects are
 * followed as `go` follows them (net/http: ten at most; https to http refused by cmd/go).
 */

import type { Limits } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import { originOf } from '../../shared/domain/host.ts';
import type { Credential } from '../toolchain/go-credentials.ts';
import { openConnection } from './connection.ts';
import { authorization } from './credentials.ts';
import type { Deadline } from './deadline.ts';
import { judgeAddress } from './dns-message.ts';
import type { ExchangeAnswer, ExchangeRecord, HttpSession } from './exchange.ts';
import { http1Session } from './http1.ts';
import { http2Session } from './http2.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import type { Handshake, TrustSet } from './trust.ts';

export interface RequesterOptions {
  readonly network: ProbeNetwork;
  readonly trust: TrustSet;
  readonly limits: Limits;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is asked for. */
export interface Wanted {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly maxBytes: number;
  readonly enoughBytes?: number | undefined;
  /** Fails instead of opening a connection, or another one when the kept one is lost. */
  readonly onOpenConnection?: boolean | undefined;
}

/** Everything one request (with its redirects) found out; filled as it goes. */
export interface RequestRecord {
  /** Of the first hop: the one whose phases are shown. */
  first: ExchangeRecord;
  /** Of the last hop. */
  last: ExchangeRecord;
  /** Where it went, redacted; the first is the URL asked for. */
  readonly hops: string[];
  protocol?: 'http/1.1' | 'h2';
}

const MAX_REDIRECTS = 10;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

interface Open {
  readonly origin: string;
  readonly session: HttpSession;
  readonly handshake: Handshake | null;
  readonly protocol: 'http/1.1' | 'h2';
  /** Put before the path: the origin, when the request goes through a forward proxy without a tunnel (RFC 9112 §3.2.2). */
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A new record for one request. */
export function requestRecord(): RequestRecord {
  const first: ExchangeRecord = { phases: {} };
  return { first, last: first, hops: [] };
}

export class Requester {
  readonly #options: RequesterOptions;
  #open: Open | null = null;
  /** Whether the first connection of the probe went to an address inside; such a host may stay there. */
  #startedInside: boolean | null = null;

  constructor(options: RequesterOptions) {
    this.#options = options;
  }

  /** Gets a URL (credentials in it are sent as Basic authentication). Rejects with PhaseError or CancelledError. */
  async get(wanted: Wanted, deadline: Deadline, record: RequestRecord): Promise<ExchangeAnswer> {
    let { credential } = this.#options.network;
    for (let at = wanted.url; ; ) {
      record.hops.push(redactUrl(at.href));
      if (record.hops.length > 1) record.last = { phases: {} };
      const answer = await this.#hop(at, wanted, this.#signIn(at, wanted.url, credential), deadline, record);
      const location = answer.headers.location;
      if (!REDIRECTS.has(answer.status) || location === undefined) return answer;
      if (record.hops.length > MAX_REDIRECTS) {
        throw new PhaseError('response', 'redirect-loop', `stopped after ${MAX_REDIRECTS} redirects`);
      }
      at = nextUrl(at, location);
      // Once elsewhere, always elsewhere: a way back must not fetch the credential again (net/http since Go 1.24).
      if (at.hostname !== wanted.url.hostname) credential = undefined;
    }
  }

  close(): void {
    this.#open?.session.close();
    this.#open = null;
  }

  /** The header that signs in; none for a connection whose certificate is not judged. */
  #signIn(url: URL, first: URL, credential: Credential | undefined): Readonly<Record<string, string>> {
    return this.#options.network.changed?.serverName === undefined ? authorization(url, first, credential) : {};
  }

  async #hop(
    url: URL,
    wanted: Wanted,
    signIn: Readonly<Record<string, string>>,
    deadline: Deadline,
    whole: RequestRecord,
  ): Promise<ExchangeAnswer> {
    const record = whole.last;
    const reused = this.#open?.origin === url.origin;
    if (wanted.onOpenConnection === true && !reused) {
      throw new PhaseError('response', 'http2-connection-lost', 'the connection had ended');
    }
    const open = this.#open !== null && reused ? this.#open : await this.#connect(url, deadline, record);
    whole.protocol ??= open.protocol;
    const request = {
      path: `${open.prefix}${url.pathname}${url.search}`,
      authority: url.host,
      headers: { ...this.#options.headers, ...wanted.headers, ...open.headers, ...signIn },
      maxBodyBytes: wanted.maxBytes,
      enoughBytes: wanted.enoughBytes,
      headerMs: this.#options.limits.hard.headerMs,
    };
    try {
      const answer = await open.session.send(request, deadline, record);
      if (open.protocol === 'http/1.1' && /\bclose\b/i.test(answer.headers.connection ?? '')) this.close();
      return answer;
    } catch (error) {
      this.close();
      // A kept connection that died unused says nothing about the server: net/http tries again, and so do we.
      const mayReopen = reused && wanted.onOpenConnection !== true;
      if (mayReopen && error instanceof PhaseError && error.phase === 'response' && isLost(error)) {
        return this.#hop(url, wanted, signIn, deadline, whole);
      }
      throw error;
    } finally {
      const facts = reused ? undefined : open.handshake?.facts();
      if (facts !== undefined) record.tls = facts;
    }
  }

  async #connect(url: URL, deadline: Deadline, record: ExchangeRecord): Promise<Open> {
    this.close();
    // A public host must not redirect us to what only this machine or its network can reach.
    const outsideOnly = this.#startedInside === false && this.#options.network.forwardProxy === undefined;
    const options = { ...this.#options, deadline, outsideOnly };
    const { socket, handshake, relay } = await openConnection(originOf(url), options, record);
    this.#startedInside ??= judgeAddress(record.remote?.address ?? '') === 'bogus';
    const agreed = handshake?.alpn === 'h2';
    const session = agreed ? http2Session(socket, url.origin) : http1Session(socket);
    const protocol = agreed ? 'h2' : 'http/1.1';
    const prefix = relay === null ? '' : url.origin;
    this.#open = { origin: url.origin, session, handshake, protocol, prefix, headers: relay ?? {} };
    return this.#open;
  }
}

function isLost(error: PhaseError): boolean {
  return error.why === 'eof-no-response' || error.why === 'http2-connection-lost' || error.why === 'connection-reset';
}

function nextUrl(from: URL, location: string): URL {
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    throw new PhaseError('response', 'http-malformed', 'redirect to something that is not a URL');
  }
  if (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')) return to;
  throw new PhaseError('response', 'redirect-insecure', `redirect from ${from.protocol}// to ${to.protocol}//`);
}
