/** Reading what a stranger wrote, for a command: Ctrl-C ends it, whatever the text does to its reader. */
import { problemText } from '../../shared/messages/messages.ts';
import type { Clock } from '../system/clock.ts';
import { workerFile } from '../system/worker-files.ts';
import { readInThread, type ThreadOptions } from '../traffic/read-in-thread.ts';
import type { ReaderAnswers, ReaderJobs, ReaderKind } from '../traffic/reader-messages.ts';
import type { CliIo } from './cli-io.ts';
import { CLEAR_LINE } from './terminal-text.ts';
import { UsageError } from './usage-error.ts';

/**
 * The answer of the thread; null when the command was interrupted before there was one. `name` stands in errors, a file or
 * `-`. A long file shows at a terminal how far it is. Throws UsageError when it cannot be read to its end.
 */
export async function readApart<Kind extends ReaderKind>(
  kind: Kind,
  job: ReaderJobs[Kind],
  name: string,
  io: CliIo,
  clock: Clock,
  pieces?: ThreadOptions['pieces'],
): Promise<ReaderAnswers[Kind] | null> {
  const progress = progressOf(io);
  const read = await readInThread(kind, job, name, {
    workerFile: workerFile('traffic'),
    clock,
    signal: io.signal,
    onChange: (change) => progress.show(change.progress ?? 0),
    ...(pieces === undefined ? {} : { pieces }),
  });
  progress.end();
  if (read.ended === 'failed') throw new UsageError(problemText(io.t, read.problem));
  return read.ended === 'answered' ? read.answer : null;
}

/** Percent by percent, on one line. */
function progressOf({ showsProgress, error, t }: CliIo) {
  let shown = 0;
  return {
    show(share: number) {
      const percent = Math.floor(100 * share);
      if (!showsProgress || percent === shown || percent >= 100) return;
      shown = percent;
      error(`${CLEAR_LINE}${t('capture.reading', { percent })}`);
    },
    end() {
      if (shown !== 0) error(CLEAR_LINE);
    },
  };
}
