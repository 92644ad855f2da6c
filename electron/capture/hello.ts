/**
 * ClientHello and ServerHello. Sources: RFC 8446 §4.1 and §4.2, RFC 6066 §3 (server name), RFC 7301 (ALPN), RFC 8701 (GREASE),
 * draft-ietf-tls-ecdhe-mlkem (X25519MLKEM768). A message that ends early gives null or what was there; nothing throws.
 */
import { hex, latin1, u8, u16 } from './bytes.ts';

/** What a client offers in its first message. */
export interface ClientHello {
  /** Bytes on the wire, with the records' headers. Above about 1,400 it needs two packets. */
  readonly bytes: number;
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  /** `TLS 1.3` … as offered, best first. */
  readonly versions: readonly string[];
  /** Groups a key was sent for; `X25519MLKEM768` makes the message large. */
  readonly keyShares: readonly string[];
}

/** What a server chose. */
export interface ServerHello {
  readonly version: string;
  /** Group of the key it sent, or asks for. */
  readonly keyShare: string | null;
  /** TLS 1.2 only: later versions encrypt it. */
  readonly alpn: string | null;
  /** HelloRetryRequest: the client must try again with another key. */
  readonly retry: boolean;
}

const EXTENSION = { serverName: 0, alpn: 16, versions: 43, keyShare: 51 } as const;

const VERSIONS: Readonly<Record<number, string>> = {
  768: 'SSL 3.0',
  769: 'TLS 1.0',
  770: 'TLS 1.1',
  771: 'TLS 1.2',
  772: 'TLS 1.3',
};

/** IANA's registry "TLS Supported Groups". */
const GROUPS: Readonly<Record<number, string>> = {
  23: 'P-256',
  24: 'P-384',
  25: 'P-521',
  29: 'X25519',
  30: 'X448',
  4587: 'SecP256r1MLKEM768',
  4588: 'X25519MLKEM768',
  4589: 'SecP384r1MLKEM1024',
  25497: 'X25519Kyber768Draft00',
};

/** SHA-256 of "HelloRetryRequest": the random of a ServerHello that is one (RFC 8446 §4.1.3). */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** The body of a handshake message of type 1; `bytes` is what it took on the wire. */
export function parseClientHello(body: Uint8Array, bytes: number): ClientHello | null {
  let at = 34;
  at += 1 + u8(body, at); // session id
  at += 2 + u16(body, at); // cipher suites
  at += 1 + u8(body, at); // compression methods
  if (at > body.length) return null;
  const extensions = extensionsAt(body, at);
  const versions = listOf(extensions.get(EXTENSION.versions)?.subarray(1)).filter(notGrease);
  return {
    bytes,
    serverName: serverNameOf(extensions.get(EXTENSION.serverName)),
    alpn: protocolsOf(extensions.get(EXTENSION.alpn)),
    versions: (versions.length > 0 ? versions : [u16(body, 0)]).map(versionName),
    keyShares: keyShareGroups(extensions.get(EXTENSION.keyShare)).filter(notGrease).map(groupName),
  };
}

/** The body of a handshake message of type 2. */
export function parseServerHello(body: Uint8Array): ServerHello | null {
  const at = 35 + u8(body, 34) + 3; // session id, cipher suite, compression method
  if (at > body.length) return null;
  const extensions = extensionsAt(body, at);
  const chosen = extensions.get(EXTENSION.versions);
  const share = extensions.get(EXTENSION.keyShare);
  return {
    version: versionName(chosen !== undefined && chosen.length >= 2 ? u16(chosen, 0) : u16(body, 0)),
    keyShare: share !== undefined && share.length >= 2 ? groupName(u16(share, 0)) : null,
    alpn: protocolsOf(extensions.get(EXTENSION.alpn))[0] ?? null,
    retry: hex(body.subarray(2, 34)) === RETRY_RANDOM,
  };
}

function extensionsAt(body: Uint8Array, begin: number): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const end = Math.min(body.length, begin + 2 + u16(body, begin));
  for (let at = begin + 2; at + 4 <= end; ) {
    const length = u16(body, at + 2);
    if (at + 4 + length > end) break;
    found.set(u16(body, at), body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

function serverNameOf(data: Uint8Array | undefined): string | null {
  if (data === undefined || data.length < 5 || u8(data, 2) !== 0) return null;
  const name = latin1(data.subarray(5, 5 + u16(data, 3)));
  // Only what can be a host name is shown: the bytes are a stranger's.
  return /^[\w.:-]{1,255}$/.test(name) ? name : null;
}

function protocolsOf(data: Uint8Array | undefined): readonly string[] {
  const found: string[] = [];
  for (let at = 2; data !== undefined && at < data.length; at += 1 + u8(data, at)) {
    const name = latin1(data.subarray(at + 1, at + 1 + u8(data, at)));
    if (/^[\x21-\x7e]+$/.test(name)) found.push(name);
  }
  return found;
}

function keyShareGroups(data: Uint8Array | undefined): readonly number[] {
  const found: number[] = [];
  for (let at = 2; data !== undefined && at + 4 <= data.length; at += 4 + u16(data, at + 2)) found.push(u16(data, at));
  return found;
}

function listOf(data: Uint8Array | undefined): readonly number[] {
  const found: number[] = [];
  for (let at = 0; data !== undefined && at + 2 <= data.length; at += 2) found.push(u16(data, at));
  return found;
}

/** Values that clients offer only so that servers learn to ignore what they do not know. */
function notGrease(value: number): boolean {
  return (value & 0x0f_0f) !== 0x0a_0a || value >> 8 !== (value & 0xff);
}

/** `TLS 1.3`, or the number of an unknown one. */
function versionName(version: number): string {
  return VERSIONS[version] ?? `0x${version.toString(16).padStart(4, '0')}`;
}

function groupName(group: number): string {
  return GROUPS[group] ?? `0x${group.toString(16).padStart(4, '0')}`;
}
