/** What went wrong, always in one form on standard error: `gopherbar: …`, and below it the next step if there is one. */
import type { Problem } from '../../shared/domain/snapshot.ts';
import { problemText } from '../../shared/messages/messages.ts';
import type { CliIo } from './cli-io.ts';

type ErrorOutput = Pick<CliIo, 'error' | 'style' | 't'>;

/** Prints an error; `next` is what to do about it. */
export function reportError({ error, style }: ErrorOutput, text: string, next?: string): void {
  error(`${style('red', 'gopherbar:')} ${text}\n`);
  if (next !== undefined) error(`${style('dim', next)}\n`);
}

/** Prints a problem; its text says what to do. */
export function reportProblem(io: ErrorOutput, problem: Problem): void {
  reportError(io, problemText(io.t, problem));
}
