/**
 * The worker thread that probes: away from the main thread, whose work would falsify the probes' clocks. A composition
 * root; ends with its port.
 */
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../system/clock.ts';
import { InlinePool } from './inline-pool.ts';
import type { HttpsLookUp } from './resolved-address.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');

/** Loaded when the settings name such a resolver: few do, and the HTTP client would double the time a worker starts in. */
const overHttps: HttpsLookUp = async (...asked) => {
  const { httpsLookUp } = await import('../composition/http-client.ts');
  return httpsLookUp(systemClock)(...asked);
};
const pool = new InlinePool(systemClock, overHttps);
const running = new Map<number, AbortController>();

function send(message: FromWorker): void {
  port?.postMessage(message);
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'cancel') {
    running.get(message.id)?.abort();
    return;
  }
  const { id, request } = message;
  const controller = new AbortController();
  running.set(id, controller);
  void pool
    .probe(request, controller.signal, () => send({ type: 'step', id }))
    .then((result) => {
      running.delete(id);
      send({ type: 'result', id, result });
    });
});
