/** TLS records of one direction, read as they arrive, until the rest is encrypted. Sources: RFC 8446 §5.1, RFC 5246 §6.2. */
import { ByteQueue, u8, u16, u24 } from './bytes.ts';

/** What one side said, as far as it can be seen. */
export type TlsMessage =
  | { readonly kind: 'handshake'; readonly type: number; readonly body: Uint8Array; readonly wireBytes: number }
  | { readonly kind: 'alert'; readonly level: number; readonly code: number }
  /** The first encrypted record; `length` without its header. All after it is not read. */
  | { readonly kind: 'encrypted'; readonly length: number; readonly recordType: number }
  | { readonly kind: 'not-tls' };

/** Types of handshake messages that are read (RFC 8446 §4). */
export const HANDSHAKE = { clientHello: 1, serverHello: 2, certificate: 11 } as const;
const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;
const HEADER_BYTES = 5;
/** RFC 5246 allows 2^14 + 2048. */
const MAX_RECORD_BYTES = 16_384 + 2_048;
const MAX_HANDSHAKE_BYTES = 64 * 1024;

/** Whether bytes can be the beginning of TLS: a handshake or alert record of any version. */
export function looksLikeTls(first: Uint8Array): boolean {
  const type = u8(first, 0);
  return (type === RECORD.handshake || type === RECORD.alert) && u8(first, 1) === 3 && u8(first, 2) <= 4;
}

/** Turns the bytes of one direction into messages. */
export class TlsReader {
  #queue = new ByteQueue();
  #handshake: Uint8Array = new Uint8Array(0);
  /** Bytes of records the handshake message at hand has taken so far. */
  #wireBytes = 0;
  #isEncrypted = false;
  #done = false;

  /** Nothing more can be learnt from this direction. */
  get done(): boolean {
    return this.#done;
  }

  /** The handshake message that has begun and is not whole yet. */
  get begun(): { readonly type: number; readonly length: number } | null {
    const inQueue = this.#queue.peek(HEADER_BYTES + 4);
    const head = this.#handshake.length >= 4 ? this.#handshake : inQueue?.subarray(HEADER_BYTES);
    return head === undefined ? null : { type: u8(head, 0), length: u24(head, 1) };
  }

  push(bytes: Uint8Array): readonly TlsMessage[] {
    if (this.#done) return [];
    this.#queue.push(bytes);
    const messages: TlsMessage[] = [];
    while (!this.#done) {
      const head = this.#queue.peek(HEADER_BYTES);
      if (head === undefined) break;
      const [type, length] = [u8(head, 0), u16(head, 3)];
      if (type < RECORD.changeCipherSpec || type > RECORD.data || u8(head, 1) !== 3 || length > MAX_RECORD_BYTES) {
        messages.push(this.#end({ kind: 'not-tls' }));
        break;
      }
      // The length of an encrypted record is all that it tells.
      // (An alert of 2 bytes is not encrypted: in TLS 1.3 a meaningless ChangeCipherSpec may precede it.)
      const isHidden =
        this.#isEncrypted && type !== RECORD.changeCipherSpec && !(type === RECORD.alert && length === 2);
      if (type === RECORD.data || isHidden) {
        messages.push(this.#end({ kind: 'encrypted', length, recordType: type }));
        break;
      }
      if (this.#queue.peek(HEADER_BYTES + length) === undefined) break;
      messages.push(...this.#read(type, this.#queue.take(HEADER_BYTES + length).subarray(HEADER_BYTES)));
    }
    return messages;
  }

  #end(last: TlsMessage): TlsMessage {
    this.#done = true;
    this.#queue = new ByteQueue();
    this.#handshake = new Uint8Array(0);
    return last;
  }

  #read(type: number, fragment: Uint8Array): readonly TlsMessage[] {
    if (type === RECORD.changeCipherSpec) {
      this.#isEncrypted = true;
      return [];
    }
    if (type === RECORD.alert) {
      if (fragment.length !== 2) return [];
      return [this.#end({ kind: 'alert', level: u8(fragment, 0), code: u8(fragment, 1) })];
    }
    this.#handshake = this.#handshake.length === 0 ? fragment : Buffer.concat([this.#handshake, fragment]);
    this.#wireBytes += HEADER_BYTES + fragment.length;
    return this.#wholeMessages();
  }

  #wholeMessages(): readonly TlsMessage[] {
    const messages: TlsMessage[] = [];
    while (this.#handshake.length >= 4) {
      const length = u24(this.#handshake, 1);
      if (length > MAX_HANDSHAKE_BYTES) return [...messages, this.#end({ kind: 'not-tls' })];
      if (this.#handshake.length < 4 + length) break;
      const body = this.#handshake.subarray(4, 4 + length);
      messages.push({ kind: 'handshake', type: u8(this.#handshake, 0), body, wireBytes: this.#wireBytes });
      this.#handshake = this.#handshake.subarray(4 + length);
      this.#wireBytes = 0;
    }
    return messages;
  }
}
