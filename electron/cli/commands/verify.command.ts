/** How `gopherbar verify` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const verify = {
  name: 'verify',
  positionals: { module: { shows: 'module@version' } },
  options: {
    goSum: { value: 'file' },
    direct: {},
    evenPrivate: {},
    json: {},
  },
  example: 'gopherbar verify golang.org/x/text@v0.3.0',
} as const satisfies Declaration;

export type VerifyArguments = ArgumentsOf<typeof verify>;
