/** How `gopherbar init ci` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const initCi = {
  name: 'init ci',
  positionals: { target: { shows: 'target' } },
  example: 'gopherbar init ci github > .github/workflows/go.yml',
} as const satisfies Declaration;

export type InitCiArguments = ArgumentsOf<typeof initCi>;
