/** Secrets of TLS connections as programs log them (SSLKEYLOGFILE, draft-ietf-tls-keylogfile): kept in memory, never shown. */

/** The labels that are used; others (exporter, early data) are passed over. */
const LABELS = [
  'CLIENT_RANDOM',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
] as const;
/** Label of a secret that is used. */
export type KeyLabel = (typeof LABELS)[number];

/** `LABEL <client random, 64 hex digits> <secret, hex>` */
const LINE = /^([A-Z][A-Z0-9_]*) ([0-9a-f]{64}) ((?:[0-9a-f]{2}){16,128})$/i;
const KNOWN: ReadonlySet<string> = new Set(LABELS);

/** More connections than a capture is read for. */
const MAX_SECRETS = 200_000;

/** What key logs hold, by client random. */
export class KeyLog {
  readonly #secrets = new Map<string, Buffer>();

  /** Takes a text of lines, from a file or from a capture's own block; other lines are ignored. */
  add(text: string): void {
    for (const line of text.split('\n')) {
      const [, label = '', random = '', secret = ''] = LINE.exec(line.trim()) ?? [];
      if (!KNOWN.has(label) || this.#secrets.size >= MAX_SECRETS) continue;
      this.#secrets.set(`${label} ${random.toLowerCase()}`, Buffer.from(secret, 'hex'));
    }
  }

  /** How many secrets it holds. */
  get size(): number {
    return this.#secrets.size;
  }

  /** A secret of the connection with this client random (hex, lower case). */
  find(label: KeyLabel, clientRandom: string): Buffer | undefined {
    return this.#secrets.get(`${label} ${clientRandom}`);
  }
}
