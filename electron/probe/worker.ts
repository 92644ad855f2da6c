/**
 * The worker thread that probes: away from the main thread, whose work would falsify the probes' clocks. A composition
 * root; ends with its port.
 */
import { parentPort } from 'node:worker_threads';
import { httpsLookUp } from '../composition/http-client.ts';
import { systemClock } from '../system/clock.ts';
import { InlinePool } from './inline-pool.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');

const pool = new InlinePool(systemClock, httpsLookUp(systemClock));
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
