/** Reading a capture or trace in a thread of its own, with a limit: what it holds can neither stop the app nor crash it. */
import { Worker } from 'node:worker_threads';
import type { Clock } from '../system/clock.ts';
import type { FromReader, ReadChange, ReaderWork, ToReader } from './reader-messages.ts';

/** How a file is read in a thread. */
export interface ThreadOptions {
  /** Absolute path of reader-worker: the source or its bundle. */
  readonly workerFile: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onChange: (change: ReadChange) => void;
  /** Longer than a capture of gigabytes takes; only a test gives another, ms. */
  readonly limitMs?: number;
}

const LIMIT_MS = 120_000;
/** A thread that was asked to end and reads a chunk ends after it; one that computes is ended, ms. */
const CANCEL_MS = 1_000;
/** Memory of a thread, MB: one that wants more is ended instead of the app. */
const MAX_HEAP_MB = 1_024;

/** What was read, or the problem. Resolves when the thread has ended. Never rejects. */
export async function readInThread(file: string, options: ThreadOptions): Promise<ReadChange> {
  const { workerFile, clock, signal, onChange, limitMs = LIMIT_MS } = options;
  const worker = new Worker(workerFile, {
    workerData: { file } satisfies ReaderWork,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  let resolve: (change: ReadChange) => void = () => {};
  const read = new Promise<ReadChange>((done) => {
    resolve = done;
  });
  const failed = (detail: string) => resolve({ problem: { key: 'file-reader-failed', params: { file, detail } } });
  worker.on('message', (message: FromReader) => {
    if (message.type === 'done') resolve(message.change);
    else onChange(message.change);
  });
  worker.on('error', (error) => failed(error.message));
  worker.on('exit', () => failed('ended'));
  const seconds = Math.round(limitMs / 1_000);
  const stopLimit = clock.after(limitMs, () =>
    resolve({ problem: { key: 'file-too-slow', params: { file, seconds } } }),
  );
  let stopCancel = () => {};
  const cancel = () => {
    worker.postMessage('cancel' satisfies ToReader);
    stopCancel = clock.after(CANCEL_MS, () => resolve({}));
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await read;
  } finally {
    signal.removeEventListener('abort', cancel);
    stopLimit();
    stopCancel();
    await worker.terminate();
  }
}
