/**
 * The thread in which files of strangers are read, so that the app answers and a command can be interrupted whatever they
 * hold. A composition root; ends with its port.
 */
import { StringDecoder } from 'node:string_decoder';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { analyseCapture } from '../capture/capture.ts';
import { KeyLog } from '../capture/decrypt/key-log.ts';
import { LogReader } from '../explain/explain-log.ts';
import { parseOutput } from '../macos/parse-command.ts';
import { readChunks } from '../system/read-file.ts';
import { diagnose } from '../trace/diagnose.ts';
import { readSavedTrace } from '../trace/read-saved-trace.ts';
import { readTrafficFile } from './read-traffic-file.ts';
import type { FromReader, ReadChange, ReaderAnswers, ReaderKind, ReaderWork, ToReader } from './reader-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');
void work(port, workerData);

async function work(to: MessagePort, job: ReaderWork): Promise<void> {
  const cancelled = new AbortController();
  const send = (message: FromReader) => to.postMessage(message);
  const log = new LogReader();
  const decoder = new StringDecoder('utf8');
  const ended = new Promise<void>((resolve) => {
    to.on('message', (message: ToReader) => {
      if (message.type === 'cancel') cancelled.abort();
      if (message.type === 'piece') {
        log.add(decoder.write(Buffer.from(message.bytes)));
        send({ type: 'taken' });
      }
      if (message.type !== 'piece') resolve();
    });
  });
  const { signal } = cancelled;
  const onChange = (change: ReadChange) => send({ type: 'change', change });
  const onProgress = (progress: number) => onChange({ progress });
  const options = { signal, onProgress };
  send({ type: 'done', answer: await answerOf() });
  to.close();

  async function answerOf(): Promise<ReaderAnswers[ReaderKind]> {
    switch (job.kind) {
      case 'traffic':
        return readTrafficFile(job.file, signal, onChange);
      case 'trace': {
        const saved = await readSavedTrace(job.file, options);
        return saved.ok ? { ...saved, diagnosis: diagnose(saved.trace) } : saved;
      }
      case 'capture': {
        const keys = job.keyLog === null ? null : new KeyLog();
        keys?.add(job.keyLog ?? '');
        return analyseCapture(job.file, { keys, ...options });
      }
      case 'explain': {
        const take = (chunk: Buffer) => {
          log.add(decoder.write(chunk));
          return true;
        };
        const unread = job.file === null ? await ended : await readChunks(job.file, take, options);
        return unread ?? { ok: true, findings: log.end() };
      }
      case 'policy':
        return parseOutput(job.command, job.text);
    }
  }
}
