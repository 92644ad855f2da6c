/** What one side of a captured connection says, message by message. */
import type { CertificateFacts } from './certificate.ts';
import type { ClientHello, ServerHello } from './hello.ts';

/** Who sent it: the side that opened the connection is the client. */
export type Side = 'client' | 'server';

/** One message that could be read, or the point from which nothing can. */
export type ParsedMessage =
  | { readonly kind: 'client-hello'; readonly hello: ClientHello }
  | { readonly kind: 'server-hello'; readonly hello: ServerHello }
  | { readonly kind: 'certificate'; readonly certificate: CertificateFacts }
  | { readonly kind: 'alert'; readonly code: number }
  /** An encrypted record that only an alert can be: shorter than every other message of a TLS 1.3 handshake. */
  | { readonly kind: 'hidden-alert' }
  /** From here on nothing can be read. */
  | { readonly kind: 'encrypted' }
  /** Also what SOCKS asks for: method SOCKS; the status of its answer is 0 when all is well. */
  | { readonly kind: 'http-request'; readonly method: string; readonly target: string; readonly host: string | null }
  | { readonly kind: 'http-answer'; readonly status: number }
  /** Neither TLS nor HTTP. */
  | { readonly kind: 'other' };
