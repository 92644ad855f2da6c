/** What a certificate on the wire says of itself (TLS 1.2 and older; TLS 1.3 encrypts it). */
import { X509Certificate } from 'node:crypto';
import type { EpochMs } from '../../shared/domain/units.ts';
import { printable, u24 } from './bytes.ts';

/** The server's own certificate, without its chain; times are UTC epoch ms. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
  /** Names it is for, comma-separated as OpenSSL writes them; empty when it has none. */
  readonly names: string;
  readonly selfSigned: boolean;
  /** How many certificates the server sent. */
  readonly chainLength: number;
  /** Whether it is for the name the client asked for; null when it asked for none. */
  readonly fitsName: boolean | null;
}

/** The body of a TLS 1.2 Certificate message (RFC 5246 §7.4.2); null when its first certificate cannot be read. */
export function parseCertificates(body: Uint8Array, serverName: string | null): CertificateFacts | null {
  const chain: Uint8Array[] = [];
  for (let at = 3; at + 3 <= body.length; at += 3 + u24(body, at)) {
    chain.push(body.subarray(at + 3, at + 3 + u24(body, at)));
  }
  const leaf = chain[0];
  if (leaf === undefined) return null;
  try {
    const certificate = new X509Certificate(leaf);
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      notBefore: Date.parse(certificate.validFrom),
      notAfter: Date.parse(certificate.validTo),
      names: oneLine(certificate.subjectAltName),
      selfSigned: certificate.subject === certificate.issuer,
      chainLength: chain.length,
      fitsName: serverName === null ? null : certificate.checkHost(serverName) !== undefined,
    };
  } catch {
    return null;
  }
}

function oneLine(name: string | undefined): string {
  return printable((name ?? '').replaceAll('\n', ', '));
}
