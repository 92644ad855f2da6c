/** Parses what one side of a connection sends: plain HTTP, a CONNECT or SOCKS and then TLS, or TLS from the first byte. */
import { latin1, printable } from './bytes.ts';
import { parseCertificates } from './certificate.ts';
import { parseClientHello, parseServerHello } from './hello.ts';
import type { ParsedMessage, Side } from './message.ts';
import { socksMessage } from './socks.ts';
import { HANDSHAKE, looksLikeTls, type TlsMessage, TlsReader } from './tls-reader.ts';

/** What the other side has said so far, as far as it changes how these bytes are read. */
export interface Context {
  readonly serverName: string | null;
  /** A CONNECT was sent: after its answer both sides start over. */
  readonly isTunnel: boolean;
}

/** Longer heads of requests are not read to their end. */
const MAX_HTTP_HEAD = 8 * 1024;
/** An alert's 2 bytes, the type byte and 16 bytes of tag (RFC 8446 §5.2). A Finished has at least 53. */
const ENCRYPTED_ALERT_BYTES = 19;

const REQUEST_LINE = /^([A-Z]{3,10}) (\S{1,2048}) HTTP\/1\.[01]\r\n/;
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})[^\r\n]{0,512}\r\n/;

/** Whoever reads on inside TLS: is given all bytes of it, in order. */
export interface TlsSink {
  /** Wants no more. */
  readonly over: boolean;
  push(side: Side, bytes: Uint8Array): void;
}

/** Reads one side's ordered bytes. */
export class StreamParser {
  readonly #side: Side;
  readonly #sink: TlsSink | null;
  #tls: TlsReader | null = null;
  #head = '';
  #isHeadTold = false;
  #hasGreetedSocks = false;
  #done = false;
  #abandoned: { readonly type: number; readonly length: number } | null = null;

  constructor(side: Side, sink: TlsSink | null) {
    this.#side = side;
    this.#sink = sink;
  }

  /** No more bytes are wanted. */
  get done(): boolean {
    return this.#done || (this.#tls?.done === true && this.#sink?.over !== false);
  }

  /** The first handshake message when it never became whole; `length` is what it announces, in bytes. */
  get begun(): { readonly type: number; readonly length: number } | null {
    return this.#abandoned ?? this.#tls?.begun ?? null;
  }

  /** No more bytes will come: lets go of those that wait for the rest of a message. */
  abandon(): void {
    if (this.done) return;
    this.#abandoned = this.begun;
    this.#tls = null;
    this.#head = '';
    this.#done = true;
  }

  push(bytes: Uint8Array, context: Context): readonly ParsedMessage[] {
    if (this.done) return [];
    if (this.#tls !== null) return this.#pushTls(bytes, context);
    this.#head += latin1(bytes);
    const socks = socksMessage(this.#side, Buffer.from(this.#head, 'latin1'), this.#hasGreetedSocks);
    if (socks === 'more') return [];
    if (socks !== null) return this.#afterSocks(socks, context);
    if (this.#head.length < 3) return [];
    if (looksLikeTls(Buffer.from(this.#head.slice(0, 3), 'latin1'))) return this.#beginTls(context);
    return this.#pushHttp(context);
  }

  /** After a message of SOCKS comes another, or what goes through the tunnel. */
  #afterSocks(
    { length, message }: { readonly length: number; readonly message: ParsedMessage | null },
    context: Context,
  ): readonly ParsedMessage[] {
    const rest = Buffer.from(this.#head.slice(length), 'latin1');
    this.#head = '';
    this.#hasGreetedSocks = message === null;
    return [...(message === null ? [] : [message]), ...(rest.length === 0 ? [] : this.push(rest, context))];
  }

  #beginTls(context: Context): readonly ParsedMessage[] {
    this.#tls = new TlsReader();
    const bytes = Buffer.from(this.#head, 'latin1');
    this.#head = '';
    return this.#pushTls(bytes, context);
  }

  #pushTls(bytes: Uint8Array, context: Context): readonly ParsedMessage[] {
    if (this.#sink?.over === false) this.#sink.push(this.#side, bytes);
    return (this.#tls?.push(bytes) ?? []).flatMap((message) => toMessage(message, this.#side, context) ?? []);
  }

  #pushHttp(context: Context): readonly ParsedMessage[] {
    const messages: ParsedMessage[] = [];
    if (!this.#isHeadTold && this.#head.includes('\r\n')) {
      const first = this.#side === 'client' ? requestIn(this.#head) : answerIn(this.#head);
      messages.push(first ?? { kind: 'other' });
      this.#isHeadTold = true;
      const opensTunnel = context.isTunnel || (first?.kind === 'http-request' && first.method === 'CONNECT');
      const isRefused = first?.kind === 'http-answer' && (first.status < 200 || first.status > 299);
      if (first === null || !opensTunnel || isRefused) this.#done = true;
    } else if (!this.#isHeadTold && !/^[A-Z][A-Z/\d. ]*/.test(this.#head)) {
      this.#done = true;
      return [{ kind: 'other' }];
    }
    const end = this.#head.indexOf('\r\n\r\n');
    if (this.#done || this.#head.length > MAX_HTTP_HEAD) this.#done = true;
    else if (end !== -1) {
      const rest = Buffer.from(this.#head.slice(end + 4), 'latin1');
      this.#head = '';
      this.#isHeadTold = false;
      return [...messages, ...(rest.length === 0 ? [] : this.push(rest, { ...context, isTunnel: false }))];
    }
    return messages;
  }
}

/** The request line with its Host; null for anything else. */
export function requestIn(head: string): ParsedMessage | null {
  const line = REQUEST_LINE.exec(head);
  if (line === null) return null;
  const host = /\r\nhost:[ \t]*([\w.:[\]-]{1,255})/i.exec(head)?.[1] ?? null;
  return { kind: 'http-request', method: line[1] ?? '', target: withoutSecrets(line[2] ?? ''), host };
}

/** A URL's credentials and query may be secrets; the rest is what one needs to recognise the request. */
function withoutSecrets(target: string): string {
  return printable(target.replace(/\?.*$/s, '?...').replace(/\/\/[^/@]*@/, '//'));
}

/** The status line; null for anything else. */
export function answerIn(head: string): ParsedMessage | null {
  const line = STATUS_LINE.exec(head);
  return line === null ? null : { kind: 'http-answer', status: Number(line[1]) };
}

function toMessage(message: TlsMessage, side: Side, { serverName }: Context): ParsedMessage | null {
  switch (message.kind) {
    case 'alert':
      return { kind: 'alert', code: message.code };
    case 'encrypted':
      return message.recordType === 23 && message.length === ENCRYPTED_ALERT_BYTES
        ? { kind: 'hidden-alert' }
        : { kind: 'encrypted' };
    case 'not-tls':
      return { kind: 'other' };
    case 'handshake':
      return handshake(message.type, message.body, message.wireBytes, side, serverName);
  }
}

function handshake(
  type: number,
  body: Uint8Array,
  bytes: number,
  side: Side,
  serverName: string | null,
): ParsedMessage | null {
  if (side === 'client') {
    const hello = type === HANDSHAKE.clientHello ? parseClientHello(body, bytes) : null;
    return hello === null ? null : { kind: 'client-hello', hello };
  }
  if (type === HANDSHAKE.serverHello) {
    const hello = parseServerHello(body);
    return hello === null ? null : { kind: 'server-hello', hello };
  }
  const certificate = type === HANDSHAKE.certificate ? parseCertificates(body, serverName) : null;
  return certificate === null ? null : { kind: 'certificate', certificate };
}
