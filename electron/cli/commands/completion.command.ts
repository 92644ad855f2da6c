/** How `gopherbar completion` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const completion = {
  name: 'completion',
  positionals: { shell: { shows: 'shell' } },
  example: 'source <(gopherbar completion zsh)',
} as const satisfies Declaration;

export type CompletionArguments = ArgumentsOf<typeof completion>;
