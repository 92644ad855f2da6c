/** A frame as an entry of a time line. */
import type { TimelineEventKind } from '../connection-facts.ts';
import type { Http2Frame } from './http2-frames.ts';

/** Which entry it is: ends have their own kind, so that other frames cannot crowd them out. */
export function eventKindOf({ type }: Http2Frame): TimelineEventKind {
  return type === 'GOAWAY' ? 'http2-goaway' : type === 'RST_STREAM' ? 'http2-reset' : 'http2-frame';
}

/** In the protocol's own words: `HEADERS 200 stream=1`, `GOAWAY NO_ERROR last=3`. */
export function frameDetail({ type, stream, length, status, code, lastStream, debug }: Http2Frame): string {
  const parts = [
    type,
    ...(status === null ? [] : [String(status)]),
    ...(code === null ? [] : [code]),
    ...(stream === 0 ? [] : [`stream=${stream}`]),
    ...(lastStream === null ? [] : [`last=${lastStream}`]),
    ...(type === 'DATA' ? [`${length} B`] : []),
    ...(debug === null || debug === '' ? [] : [debug]),
  ];
  return parts.join(' ');
}
