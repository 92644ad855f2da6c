/**
 * HTTP/2 through node:http2 over a connection of our own: unlike a generic client it tells GOAWAY from RST_STREAM from
 * a lost connection, with their codes (RFC 9113 §6.4, §6.8, §7).
 */
import * as http2 from 'node:http2';
import type { Socket } from 'node:net';
import { classifyHttp2, type ErrorFacts, factsOf } from './classify.ts';
import {
  type Answer,
  BodyCollector,
  type ExchangeRecord,
  type ExchangeRequest,
  type HttpSession,
  lateError,
  MAX_HEADER_BYTES,
} from './exchange.ts';
import { type Bounds, PhaseError, within } from './phase-error.ts';

/** What the connection has told beside our stream. */
interface SessionTrace {
  goaway: number | null;
  error: ErrorFacts | null;
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
    trace.error ??= factsOf(error);
  });
  return {
    send: (request, bounds, record) => send(session, trace, request, bounds, record),
    close: () => {
      session.destroy();
      socket.destroy();
    },
  };
}

async function send(
  session: http2.ClientHttp2Session,
  trace: SessionTrace,
  request: ExchangeRequest,
  bounds: Bounds,
  record: ExchangeRecord,
): Promise<Answer> {
  const { clock } = bounds;
  const began = clock.monotonic();
  let phase: 'response' | 'body' = 'response';
  if (session.closed || session.destroyed) throw brokenOff(trace, 0, phase);
  const stream = session.request(
    { ':path': request.path, ':authority': request.authority, ...request.headers },
    { endStream: true },
  );
  let written = began;
  setImmediate(() => {
    if (phase === 'response') written = clock.monotonic();
  });
  const body = new BodyCollector(request.maxBodyBytes, record);
  let failure: PhaseError | null = null;
  let complete = false;
  let answer: http2.IncomingHttpHeaders | null = null;
  let onAnswer: () => void = () => {};
  let onClose: () => void = () => {};
  stream.on('response', (headers) => {
    answer = headers;
    onAnswer();
  });
  stream.on('data', (chunk: Buffer) => {
    if (body.add(chunk)) return;
    failure = body.tooLarge();
    stream.close(http2.constants.NGHTTP2_CANCEL);
  });
  stream.on('end', () => {
    complete = !stream.aborted && stream.rstCode === 0;
  });
  stream.on('error', (error) => {
    trace.error ??= factsOf(error);
  });
  stream.on('close', () => {
    onClose();
  });
  const drop = () => stream.destroy();
  const broken = () => failure ?? brokenOff(trace, stream.rstCode ?? 0, phase);

  await within<void>(
    bounds,
    request.headerMs,
    () => lateError('response', request.headerMs),
    (resolve, reject) => {
      onAnswer = resolve;
      // A session error may arrive in the turn after the stream's end: let it speak first.
      onClose = () => setImmediate(() => (answer === null ? reject(broken()) : resolve()));
      return drop;
    },
  );
  const answered = clock.monotonic();
  phase = 'body';
  const headers = flatten(answer ?? {});
  const status = Number(headers[':status'] ?? 0);
  if (written > answered) written = answered;
  record.phases.request = written - began;
  record.phases.response = answered - written;
  record.status = status;
  if (headers['content-type'] !== undefined) record.contentType = headers['content-type'];
  const left = bounds.endsAt - clock.monotonic();
  await within<void>(
    bounds,
    left,
    () => lateError('body', left),
    (resolve, reject) => {
      const settle = () =>
        failure === null && complete && hasWholeBody(headers, record) ? resolve() : reject(broken());
      onClose = () => setImmediate(settle);
      if (stream.closed && stream.destroyed) setImmediate(settle);
      return drop;
    },
  );
  record.phases.body = clock.monotonic() - answered;
  return { status, headers, body: body.bytes() };
}

function brokenOff(trace: SessionTrace, rstCode: number, phase: 'response' | 'body'): PhaseError {
  const why = classifyHttp2({ goaway: trace.goaway, rstCode, error: trace.error }, phase);
  const goaway = trace.goaway === null ? '' : `GOAWAY code ${trace.goaway}`;
  const reset = rstCode === 0 ? '' : `RST_STREAM code ${rstCode}`;
  const words = [goaway, reset, trace.error?.message ?? ''].filter((one) => one !== '').join('; ');
  return new PhaseError(phase, why, words || 'the connection ended', trace.error?.code);
}

/** A peer that ends a stream early without an error is caught by its own Content-Length. */
function hasWholeBody(headers: Record<string, string>, record: ExchangeRecord): boolean {
  const length = headers['content-length'];
  return length === undefined || Number(length) === (record.bodyBytes ?? 0);
}

function flatten(headers: http2.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : String(value)]],
    ),
  );
}
