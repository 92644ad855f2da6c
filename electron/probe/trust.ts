/**
 * Whose certificates are believed: the bundled roots, the system's, and extra ones from the settings. One SecureContext
 * a set, made once: a new one a probe costs a fifth more CPU, a new root list four times as much.
 */
import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';
import type { TlsFacts, TrustSource } from '../../shared/domain/result.ts';

export interface TrustSet {
  readonly context: tls.SecureContext;
  /** The same roots without a post-quantum key share: a ClientHello of one packet. Made when first needed. */
  smallHelloContext(): tls.SecureContext;
  /** Takes from a finished handshake what it tells (the socket may close afterwards); whether or not it was accepted. */
  capture(socket: tls.TLSSocket): Handshake;
}

/** A finished handshake. */
export interface Handshake {
  readonly alpn: string | null;
  /** Reads the chain: may take tens of milliseconds for a leaf not seen before, so not while something is timed. */
  facts(): TlsFacts;
}

/** What depends on the leaf alone; reading a chain costs a quarter of a probe, so it is read once a leaf. */
type LeafFacts = Pick<TlsFacts, 'issuer' | 'subject' | 'validTo' | 'trust'>;

const NO_LEAF: LeafFacts = { issuer: '', subject: '', validTo: 0, trust: 'bundled' };

/** More sets or leaves than anyone has; the oldest goes first. */
const MAX_SETS = 8;
const MAX_LEAVES = 200;

const sets = new Map<string, TrustSet>();

/** The trust set with these extra roots (PEM texts). Throws on a text that is not a certificate. */
export function trustSet(extraCa: readonly string[]): TrustSet {
  const key = JSON.stringify(extraCa);
  const known = sets.get(key);
  if (known !== undefined) return known;
  const made = makeTrustSet(extraCa);
  remember(sets, key, made, MAX_SETS);
  return made;
}

function makeTrustSet(extraCa: readonly string[]): TrustSet {
  const extra = extraCa.flatMap(splitPem);
  const system = systemRoots();
  // As `go` since 1.18.
  const options: tls.SecureContextOptions = {
    ca: [...tls.rootCertificates, ...system, ...extra],
    minVersion: 'TLSv1.2',
  };
  const context = tls.createSecureContext(options);
  let small: tls.SecureContext | null = null;
  const anchors: readonly Anchors[] = [
    bundled,
    { source: 'system', roots: parsedOnce(system) },
    { source: 'extra', roots: parsedOnce(extra) },
  ];
  const leaves = new Map<string, LeafFacts>();
  return {
    context,
    smallHelloContext() {
      small ??= tls.createSecureContext({ ...options, ecdhCurve: 'X25519:P-256:P-384' });
      return small;
    },
    capture(socket) {
      const cipher = socket.getCipher();
      const alpn = socket.alpnProtocol || null;
      const version = socket.getProtocol() ?? '';
      const { authorized } = socket;
      const leaf = socket.getPeerX509Certificate();
      const facts = () => ({
        version,
        cipher: cipher?.standardName ?? cipher?.name ?? '',
        alpn,
        ...(leaf === undefined ? NO_LEAF : leafFacts(leaf, authorized, anchors, leaves)),
      });
      return { alpn, facts };
    },
  };
}

/** Roots of one source, parsed when first needed: 150 of them take tens of milliseconds. */
interface Anchors {
  readonly source: TrustSource;
  readonly roots: () => readonly X509Certificate[];
}

const bundled: Anchors = { source: 'bundled', roots: parsedOnce(tls.rootCertificates) };

function parsedOnce(pems: readonly string[]): () => readonly X509Certificate[] {
  let parsed: readonly X509Certificate[] | null = null;
  return () => {
    parsed ??= pems.map((pem) => new X509Certificate(pem));
    return parsed;
  };
}

/** The roots of the system's store; none where the runtime cannot read it. */
function systemRoots(): readonly string[] {
  try {
    return tls.getCACertificates?.('system') ?? [];
  } catch {
    return [];
  }
}

function leafFacts(
  leaf: X509Certificate,
  authorized: boolean,
  anchors: readonly Anchors[],
  leaves: Map<string, LeafFacts>,
): LeafFacts {
  const key = `${authorized} ${leaf.raw.toString('latin1')}`;
  const known = leaves.get(key);
  if (known !== undefined) return known;
  const facts: LeafFacts = {
    issuer: shownName(leaf.issuer),
    subject: shownName(leaf.subject),
    validTo: Date.parse(leaf.validTo) || 0,
    trust: authorized ? sourceOf(leaf, anchors) : 'bundled',
  };
  remember(leaves, key, facts, MAX_LEAVES);
  return facts;
}

/**
 * Where the chain's anchor comes from. Looked for by signature at every link, not at the chain's end: servers send
 * cross-signed intermediates, and leave the root out.
 */
function sourceOf(leaf: X509Certificate, anchors: readonly Anchors[]): TrustSource {
  const chain: X509Certificate[] = [];
  for (let at: X509Certificate | undefined = leaf; at !== undefined && chain.length < 10; at = at.issuerCertificate) {
    chain.push(at);
  }
  const anchored = anchors.find(({ roots }) =>
    roots().some((root) => chain.some((link) => link.checkIssued(root) && link.verify(root.publicKey))),
  );
  return anchored?.source ?? 'bundled';
}

/** Common name, else organisation, of a distinguished name as node:crypto writes it: one `KEY=value` a line. */
function shownName(distinguishedName: string | undefined): string {
  const lines = distinguishedName?.split('\n') ?? [];
  const name = lines.find((line) => line.startsWith('CN=')) ?? lines.find((line) => line.startsWith('O=')) ?? '';
  return name.slice(name.indexOf('=') + 1).slice(0, 200);
}

function splitPem(text: string): readonly string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  if (blocks === null) throw new Error('an extra CA is not a PEM certificate');
  return blocks;
}

function remember<T>(map: Map<string, T>, key: string, value: T, max: number): void {
  map.set(key, value);
  const oldest = map.size > max ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
