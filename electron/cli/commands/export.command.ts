/** How `gopherbar export` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const exportLines = {
  name: 'export',
  options: {
    since: { value: 'duration' },
    follow: {},
    format: { value: 'format', default: 'ndjson' },
  },
  example: 'gopherbar export --follow --since 1h',
} as const satisfies Declaration;

export type ExportArguments = ArgumentsOf<typeof exportLines>;
