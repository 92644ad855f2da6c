/** How `gopherbar explain` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const explain = {
  name: 'explain',
  positionals: { file: { shows: 'file', takes: 'optional' } },
  options: {
    json: {},
  },
  example: 'go mod download 2>&1 | gopherbar explain',
} as const satisfies Declaration;

export type ExplainArguments = ArgumentsOf<typeof explain>;
