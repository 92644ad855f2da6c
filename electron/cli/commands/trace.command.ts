/** How `gopherbar trace` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const trace = {
  name: 'trace',
  positionals: { module: { shows: 'module@version', takes: 'optional' } },
  options: {
    file: { value: 'file' },
    save: { value: 'file' },
    frames: {},
    timeout: { value: 'seconds', as: 'seconds' },
    json: {},
  },
  example: 'gopherbar trace golang.org/x/text@v0.3.0',
} as const satisfies Declaration;

export type TraceArguments = ArgumentsOf<typeof trace>;
