/** A question in the terminal that is answered by y and Enter. */
import type { CliIo } from './cli-io.ts';

/** Longer answers are none. */
const MAX_ANSWER = 100;

/** Whether the person says yes; false without a terminal, at the end of the input and when interrupted. */
export function askYes(io: Pick<CliIo, 'input' | 'signal' | 'error' | 't'>, question: string): Promise<boolean> {
  const { signal } = io;
  const input = io.input();
  if (input.isTTY !== true || signal.aborted) return Promise.resolve(false);
  io.error(`${question} ${io.t('cli.yes-or-no')} `);
  return new Promise((resolve) => {
    let typed = '';
    const end = (isYes: boolean) => {
      input.off('data', onData);
      input.off('end', onEnd);
      signal.removeEventListener('abort', onEnd);
      input.pause();
      resolve(isYes);
    };
    const onData = (data: Buffer) => {
      typed += data.toString('utf8');
      if (typed.includes('\n') || typed.length > MAX_ANSWER) end(/^\s*(?:y|yes)\s*$/i.test(typed));
    };
    const onEnd = () => end(false);
    input.on('data', onData);
    input.on('end', onEnd);
    signal.addEventListener('abort', onEnd, { once: true });
    input.resume();
  });
}
