/** The port through which probes are run: in a worker thread for the app and `watch`, inline for one-shot commands. */
import type { Endpoint, Limits } from '../../shared/domain/endpoint.ts';
import type { ProbeDepth, ProbeResult } from '../../shared/domain/result.ts';
import type { Credential } from '../toolchain/go-credentials.ts';

/** How names are resolved and which roots are trusted; part of every request so that a worker holds no settings. */
export interface ProbeNetwork {
  /** Asked instead of the system's resolver: `ip:port` of a DNS server, or the `https:` URL of one (RFC 8484). */
  readonly resolver?: string | undefined;
  /** Fixed answers, as curl's --resolve: wins over any resolver. */
  readonly pinned?: readonly Pin[] | undefined;
  /** PEM texts of extra root certificates. */
  readonly extraCa?: readonly string[] | undefined;
  /** `http://`, `https://` or `socks5://` proxy that every connection goes through. */
  readonly forwardProxy?: string | undefined;
  /** What `go` would sign in with at the endpoint; secret. Added by CredentialPool, absent in settings. */
  readonly credential?: Credential | undefined;
  /** What control experiments change; absent = as `go` does it. */
  readonly changed?: ConnectionChange | undefined;
}

/** Where a host and port lead. */
export interface Pin {
  readonly host: string;
  readonly port: number;
  readonly address: string;
  /** Another port than the one asked for. */
  readonly toPort?: number | undefined;
}

/** One thing done otherwise than `go` does it. */
export interface ConnectionChange {
  /** Only addresses of this family. */
  readonly family?: 4 | 6 | undefined;
  /** Another server name (SNI); the certificate is then not judged. */
  readonly serverName?: string | undefined;
  /** HTTP/2 is not offered. */
  readonly http1?: boolean | undefined;
  /** No post-quantum key share: a ClientHello of one packet. */
  readonly smallHello?: boolean | undefined;
}

/** Plain data: it crosses a thread border. */
export interface ProbeRequest {
  readonly endpoint: Endpoint;
  readonly depth: ProbeDepth;
  readonly limits: Limits;
  readonly network: ProbeNetwork;
  /** sumdb: the signed tree head seen last. */
  readonly treeHead?: string | undefined;
}

export interface ProbePool {
  /** Runs one probe. Never rejects: a failure of the pool itself is a result with cause `probe-worker-lost`. */
  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult>;
  /** Cancels what runs and frees the pool's thread. */
  close(): Promise<void>;
}
