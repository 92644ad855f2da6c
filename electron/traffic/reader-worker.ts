/**
 * The thread in which files of strangers are read, so that the app answers whatever they hold. A composition root; ends
 * with its port.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { readTrafficFile } from './read-traffic-file.ts';
import type { FromReader, ReaderWork, ToReader } from './reader-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');

const { file }: ReaderWork = workerData;
const cancelled = new AbortController();
const send = (message: FromReader) => port.postMessage(message);

port.on('message', (message: ToReader) => {
  if (message === 'cancel') cancelled.abort();
});
void readTrafficFile(file, cancelled.signal, (change) => send({ type: 'change', change })).then((change) => {
  send({ type: 'done', change });
  port.close();
});
