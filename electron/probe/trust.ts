/**
 * Whose certificates are believed: the bundled roots, the system's, and extra ones from the settings. One SecureContext
 * a set, made once: a new one a probe costs a fifth more CPU, a new root list four times as much.
 */
import { createHash, X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';
import type { TlsFacts, TrustSource } from '../../shared/domain/result.ts';

export interface TrustSet {
  readonly context: tls.SecureContext;
  /** Where the root that a chain ends at comes from. */
  sourceOf(socket: tls.TLSSocket): TrustSource;
}

const sets = new Map<string, TrustSet>();
let bundledFingerprints: ReadonlySet<string> | null = null;

/** The trust set with these extra roots (PEM texts). Throws on a text that is not a certificate. */
export function trustSet(extraCa: readonly string[]): TrustSet {
  const key = createHash('sha256').update(extraCa.join('\n')).digest('hex');
  const known = sets.get(key);
  if (known !== undefined) return known;
  const made = makeTrustSet(extraCa);
  sets.set(key, made);
  return made;
}

/** What a finished handshake tells; `authorized` has been checked by the caller. */
export function tlsFacts(socket: tls.TLSSocket, trust: TrustSet): TlsFacts {
  const leaf = socket.getPeerCertificate();
  const name = (entity: tls.PeerCertificate['subject'] | undefined) => one(entity?.CN) || one(entity?.O) || '';
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName ?? socket.getCipher().name,
    alpn: socket.alpnProtocol === false ? null : socket.alpnProtocol,
    issuer: name(leaf.issuer),
    subject: name(leaf.subject),
    validTo: Date.parse(leaf.valid_to) || 0,
    trust: socket.authorized ? trust.sourceOf(socket) : 'bundled',
  };
}

function makeTrustSet(extraCa: readonly string[]): TrustSet {
  const extra = new Set(extraCa.flatMap(splitPem).map((pem) => new X509Certificate(pem).fingerprint256));
  // Absent in older runtimes; without it the system's store is not consulted.
  const system = tls.getCACertificates?.('system') ?? [];
  const context = tls.createSecureContext({
    ca: [...tls.rootCertificates, ...system, ...extraCa],
    minVersion: 'TLSv1.2',
  });
  return {
    context,
    sourceOf(socket) {
      const root = rootFingerprint(socket);
      if (root === null || isBundled(root)) return 'bundled';
      return extra.has(root) ? 'extra' : 'system';
    },
  };
}

/** Parsing 150 roots takes tens of ms: done at the first chain, not at the start. */
function isBundled(fingerprint: string): boolean {
  bundledFingerprints ??= new Set(tls.rootCertificates.map((pem) => new X509Certificate(pem).fingerprint256));
  return bundledFingerprints.has(fingerprint);
}

/** SHA-256 fingerprint of the last certificate of the verified chain; null when the runtime shows none. */
function rootFingerprint(socket: tls.TLSSocket): string | null {
  let at: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  let last: string | null = null;
  for (let depth = 0; at?.fingerprint256 !== undefined && depth < 20; depth += 1) {
    if (at.fingerprint256 === last) break;
    last = at.fingerprint256;
    at = at.issuerCertificate;
  }
  return last;
}

function splitPem(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

/** A distinguished name may hold an attribute twice: the first is shown. */
function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
