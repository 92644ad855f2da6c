/**
 * HTTP/2 through node:http2 over a connection of our own: unlike a generic client it tells GOAWAY from RST_STREAM from
 * a lost connection, with their codes (RFC 9113 §6.4, §6.8, §7).
 */
import * as http2 from 'node:http2';
import type { Socket } from 'node:net';
import { errorFacts } from '../system/error-facts.ts';
import { classifyHttp2, type Reason } from './classify.ts';
import { Exchange, type ExchangeRequest, type HttpSession, tooLarge } from './exchange.ts';
import { MAX_HEADER_BYTES } from './limits.ts';
import { PhaseError } from './phase-error.ts';

/** What was seen on the connection beside our stream. */
interface SessionTrace {
  goaway: number | null;
  error: Reason | null;
}

/** Wraps a connected TLS socket that agreed on `h2`. */
export function http2Session(socket: Socket, origin: string): HttpSession {
  const trace: SessionTrace = { goaway: null, error: null };
  const session = http2.connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, maxHeaderListSize: MAX_HEADER_BYTES },
    maxSessionMemory: 10,
  });
  session.on('goaway', (code) => {
    trace.goaway = code;
  });
  session.on('error', (error) => {
    trace.error ??= errorFacts(error);
  });
  const close = () => {
    session.destroy();
    socket.destroy();
  };
  return {
    send(request, deadline, record) {
      const exchange = new Exchange(deadline.clock, request, record);
      if (session.closed || session.destroyed) exchange.fail(brokenOff(trace, 0, 'response'));
      else start(session, trace, request, exchange);
      return exchange.answer(deadline, close);
    },
    close,
  };
}

function start(
  session: http2.ClientHttp2Session,
  trace: SessionTrace,
  { path, authority, headers }: ExchangeRequest,
  exchange: Exchange,
): void {
  const stream = session.request({ ':path': path, ':authority': authority, ...headers }, { endStream: true });
  let expected: number | null = null;
  let got = 0;
  // The session writes its frames at the end of the turn in which the stream gets its number.
  const onReady = () => setImmediate(() => exchange.written());
  if (stream.pending) stream.on('ready', onReady);
  else onReady();
  stream.on('response', (answer) => {
    const flat = flatten(answer);
    if (listSize(flat) > MAX_HEADER_BYTES) {
      exchange.fail(tooLarge());
      stream.close(http2.constants.NGHTTP2_CANCEL);
      return;
    }
    const length = flat['content-length'];
    expected = length === undefined ? null : Number(length);
    exchange.answered(Number(flat[':status'] ?? 0), flat);
  });
  stream.on('data', (chunk: Buffer) => {
    got += chunk.length;
    if (!exchange.add(chunk)) stream.close(http2.constants.NGHTTP2_CANCEL);
  });
  stream.on('end', () => {
    const { rstCode = 0 } = stream;
    // A peer that ends a stream early without an error is caught by its own Content-Length.
    if (!stream.aborted && rstCode === 0 && (expected === null || expected === got)) exchange.finish();
  });
  stream.on('error', (error) => {
    trace.error ??= errorFacts(error);
  });
  stream.on('close', () => {
    const { rstCode = 0 } = stream;
    // A session's error may arrive in the turn after the stream's end: let it speak first.
    if (!exchange.ended) setImmediate(() => exchange.fail(brokenOff(trace, rstCode, exchange.phase)));
  });
}

function brokenOff(trace: SessionTrace, rstCode: number, phase: 'response' | 'body'): PhaseError {
  const why = classifyHttp2({ goaway: trace.goaway, rstCode, error: trace.error }, phase);
  const goaway = trace.goaway === null ? '' : `GOAWAY code ${trace.goaway}`;
  const reset = rstCode === 0 ? '' : `RST_STREAM code ${rstCode}`;
  const words = [goaway, reset, trace.error?.message ?? ''].filter((one) => one !== '').join('; ');
  return new PhaseError(phase, why, words || 'the connection ended', trace.error?.code);
}

/** Size of a header list as RFC 9113 §10.5.1 counts it; what we announce there is only advice to the server. */
function listSize(headers: Record<string, string>): number {
  return Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
}

function flatten(headers: http2.IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return flat;
}
