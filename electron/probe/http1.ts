/** HTTP/1.1 through undici, over a connection of our own; its parser is the one Node trusts. */
import type { Socket } from 'node:net';
import { Client } from 'undici';
import { classifyHttp1, factsOf, phaseError } from './classify.ts';
import {
  type Answer,
  BodyCollector,
  type ExchangeRecord,
  type ExchangeRequest,
  type HttpSession,
  lateError,
  MAX_HEADER_BYTES,
} from './exchange.ts';
import { type Bounds, within } from './phase-error.ts';

/** Wraps a connected socket. One Client a probe: nothing outlives it. */
export function http1Session(socket: Socket, origin: string): HttpSession {
  let handedOver = false;
  const client = new Client(origin, {
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Our own limits apply: two clocks for one wait would disagree.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_, callback) => {
      // In a later turn: undici has not finished asking when it calls this.
      queueMicrotask(() => {
        if (handedOver) return callback(closedError(), null);
        handedOver = true;
        callback(null, socket);
      });
    },
  });
  return {
    send: (request, bounds, record) => send(client, request, bounds, record),
    close: () => {
      void client.destroy().catch(() => {});
      socket.destroy();
    },
  };
}

/** A second connection would be another measurement: the server closed ours between two steps. */
function closedError(): Error {
  return Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
}

async function send(client: Client, request: ExchangeRequest, bounds: Bounds, record: ExchangeRecord): Promise<Answer> {
  const { clock } = bounds;
  const began = clock.monotonic();
  let written = began;
  let answered = began;
  let status = 0;
  let headers: Record<string, string> = {};
  const body = new BodyCollector(request.maxBodyBytes, record);
  let phase: 'response' | 'body' = 'response';
  let onEnd: () => void = () => {};
  let onError: (error: Error) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    onEnd = resolve;
    onError = reject;
  });
  ended.catch(() => {});

  await within<void>(
    bounds,
    request.headerMs,
    () => lateError('response', request.headerMs),
    (resolve, reject) => {
      client.dispatch(
        { method: 'GET', path: request.path, headers: { ...request.headers, host: request.authority } },
        {
          onRequestStart() {
            // undici writes the head of a bodiless request in the same turn, right after this.
            setImmediate(() => {
              if (phase === 'response') written = clock.monotonic();
            });
          },
          onResponseStart(_, statusCode, responseHeaders) {
            answered = clock.monotonic();
            status = statusCode;
            headers = flatten(responseHeaders);
            phase = 'body';
            resolve();
          },
          onResponseData(controller, chunk) {
            if (!body.add(chunk)) controller.abort(body.tooLarge());
          },
          onResponseEnd: () => onEnd(),
          onResponseError(_, error) {
            const known = error.message === body.tooLarge().message ? body.tooLarge() : null;
            const facts = factsOf(error);
            const failure = known ?? phaseError(phase, classifyHttp1(facts, phase), facts);
            if (phase === 'response') reject(failure);
            else onError(failure);
          },
        },
      );
      return () => void client.destroy().catch(() => {});
    },
  );
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
      ended.then(resolve, reject);
      return () => void client.destroy().catch(() => {});
    },
  );
  record.phases.body = clock.monotonic() - answered;
  return { status, headers, body: body.bytes() };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
