/** HTTP/2 frames of one direction. Source: RFC 9113 §4.1, §6, §7. Field values are left out, but for a status that stands in clear. */
import { ByteQueue, latin1, printable, u8, u16, u24, u32 } from '../bytes.ts';
import type { Side } from '../message.ts';
import { statusOf } from './hpack-status.ts';

/** One frame, without the values of its fields. */
export interface Http2Frame {
  /** `DATA`, `HEADERS` …; `0x1f` for one that is not known. */
  readonly type: string;
  /** 0 = the connection. */
  readonly stream: number;
  /** Of its payload, bytes. */
  readonly length: number;
  /** Ends its side of the stream. */
  readonly endsStream: boolean;
  /** Of a response; null when it depends on earlier header blocks. */
  readonly status: number | null;
  /** Of RST_STREAM and GOAWAY, by name. */
  readonly code: string | null;
  /** Of GOAWAY. */
  readonly lastStream: number | null;
  /** Of GOAWAY, printable. */
  readonly debug: string | null;
}

const TYPES = ['DATA', 'HEADERS', 'PRIORITY', 'RST_STREAM', 'SETTINGS', 'PUSH_PROMISE', 'PING', 'GOAWAY'] as const;
const MORE_TYPES: Readonly<Record<number, string>> = { 8: 'WINDOW_UPDATE', 9: 'CONTINUATION' };

const CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

const HEADER_BYTES = 9;
const MAX_DEBUG = 200;
/** Of a payload, what is looked at: the rest of a DATA frame is passed over as it comes. */
const LOOKED_AT = 16 * 1024;
const END_STREAM = 1;
const PADDED = 8;
const PRIORITY = 0x20;

/** What a client sends first (RFC 9113 §3.4). */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Takes a direction's bytes, after the client's preface. */
export class Http2FrameReader {
  readonly #side: Side;
  readonly #queue = new ByteQueue();

  constructor(side: Side) {
    this.#side = side;
  }

  push(bytes: Uint8Array): readonly Http2Frame[] {
    this.#queue.push(bytes);
    const frames: Http2Frame[] = [];
    for (;;) {
      const header = this.#queue.peek(HEADER_BYTES);
      if (header === undefined) break;
      const [length, type] = [u24(header, 0), u8(header, 3)];
      const looked = type === 0 ? 0 : Math.min(length, LOOKED_AT);
      if (this.#queue.peek(HEADER_BYTES + looked) === undefined) break;
      const frame = this.#queue.take(HEADER_BYTES + looked);
      this.#queue.skip(length - looked);
      frames.push(frameOf(frame, length, this.#side));
    }
    return frames;
  }
}

function frameOf(frame: Uint8Array, length: number, side: Side): Http2Frame {
  const [type, flags, stream] = [u8(frame, 3), u8(frame, 4), u32(frame, 5) & 0x7f_ff_ff_ff];
  const payload = frame.subarray(HEADER_BYTES);
  const isHeaders = type === 1;
  const isGoaway = type === 7;
  const code = type === 3 ? u32(payload, 0) : isGoaway ? u32(payload, 4) : null;
  return {
    type: TYPES[type] ?? MORE_TYPES[type] ?? `0x${type.toString(16)}`,
    stream,
    length,
    endsStream: (type === 0 || isHeaders) && (flags & END_STREAM) !== 0,
    status: isHeaders && side === 'server' ? statusOf(headerBlock(payload, flags)) : null,
    code: code === null ? null : (CODES[code] ?? `0x${code.toString(16)}`),
    lastStream: isGoaway ? u32(payload, 0) & 0x7f_ff_ff_ff : null,
    debug: isGoaway ? printable(latin1(payload.subarray(8, 8 + MAX_DEBUG))) : null,
  };
}

/** A HEADERS frame without padding and priority (§6.2). */
function headerBlock(payload: Uint8Array, flags: number): Uint8Array {
  const padded = (flags & PADDED) !== 0;
  const begin = (padded ? 1 : 0) + ((flags & PRIORITY) !== 0 ? 5 : 0);
  return payload.subarray(begin, payload.length - (padded ? u8(payload, 0) : 0));
}

/** Whether bytes are the beginning of HTTP/2 as a server sends it: a SETTINGS frame of stream 0. */
export function beginsWithSettings(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES && u8(bytes, 3) === 4 && u32(bytes, 5) === 0 && u16(bytes, 0) === 0;
}
