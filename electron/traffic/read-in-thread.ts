/** Reading what a stranger wrote in a thread of its own: it can neither stop this process nor crash it, nor take forever. */
import { Worker } from 'node:worker_threads';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { Clock } from '../system/clock.ts';
import type {
  FromReader,
  ReadChange,
  ReaderAnswers,
  ReaderJobs,
  ReaderKind,
  ReaderWork,
  ToReader,
} from './reader-messages.ts';

/** How something is read in a thread. */
export interface ThreadOptions {
  /** Absolute path of reader-worker: the source or its bundle. */
  readonly workerFile: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onChange?: (change: ReadChange) => void;
  /** What is read when the work names no file: each piece is waited for before the next is taken. */
  readonly pieces?: AsyncIterable<Uint8Array>;
  /** Of one step, a piece of 256 KB or the end; only a test gives another, ms. */
  readonly stepMs?: number;
}

/** How the reading ended. `cancelled`: the thread did not hand over what it had. */
export type ThreadOutcome<Answer> =
  | { readonly ended: 'answered'; readonly answer: Answer }
  | { readonly ended: 'cancelled' }
  | { readonly ended: 'failed'; readonly problem: Problem };

/**
 * The slowest reader of `npm run long -- redos` needs a second for a piece; the last step of a capture of gigabytes
 * judges ten thousand connections. So the limit follows the number of steps, and a file of any size is read.
 */
const STEP_MS = 60_000;
/** A thread that was asked to end and reads a chunk ends after it; one that computes is ended, ms. */
const CANCEL_MS = 1_000;
/** Memory of a thread, MB: one that wants more is ended instead of this process. */
const MAX_HEAP_MB = 1_024;

/**
 * Does the work; `name` is what a problem calls it (a file). Resolves when the thread has ended. Rejects only with an error
 * of `pieces`.
 */
export async function readInThread<Kind extends ReaderKind>(
  kind: Kind,
  job: ReaderJobs[Kind],
  name: string,
  options: ThreadOptions,
): Promise<ThreadOutcome<ReaderAnswers[Kind]>> {
  const { workerFile, clock, signal, onChange, pieces, stepMs = STEP_MS } = options;
  const worker = new Worker(workerFile, {
    workerData: { kind, ...job } as ReaderWork,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const post = (message: ToReader) => worker.postMessage(message);
  const { promise, resolve, reject } = deferred<ThreadOutcome<ReaderAnswers[Kind]>>();
  const failed = (detail: string) =>
    resolve({ ended: 'failed', problem: { key: 'file-reader-failed', params: { file: name, detail } } });
  const tooSlow = () => {
    const params = { file: name, seconds: Math.round(stepMs / 1_000) };
    resolve({ ended: 'failed', problem: { key: 'file-too-slow', params } });
  };
  let stopLimit = () => {};
  const step = () => {
    stopLimit();
    stopLimit = clock.after(stepMs, tooSlow);
  };
  let taken = () => {};
  worker.on('message', (message: FromReader) => {
    step();
    if (message.type === 'done') resolve({ ended: 'answered', answer: message.answer as ReaderAnswers[Kind] });
    else if (message.type === 'taken') taken();
    else onChange?.(message.change);
  });
  worker.on('error', (error) => failed(error.message));
  worker.on('exit', () => failed('ended'));
  step();
  let stopCancel = () => {};
  const cancel = () => {
    post({ type: 'cancel' });
    stopCancel = clock.after(CANCEL_MS, () => resolve({ ended: 'cancelled' }));
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  if (pieces !== undefined) void feed(pieces).catch(reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', cancel);
    stopLimit();
    stopCancel();
    await worker.terminate();
  }

  /** Waiting for the next piece is no step of the thread: a person may be typing it. */
  async function feed(source: AsyncIterable<Uint8Array>): Promise<void> {
    stopLimit();
    for await (const bytes of source) {
      const read = new Promise<void>((done) => {
        taken = done;
      });
      post({ type: 'piece', bytes });
      step();
      await read;
      stopLimit();
    }
    post({ type: 'end' });
    step();
  }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
