/** How `gopherbar watch` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const watch = {
  name: 'watch',
  options: {
    for: { value: 'seconds', as: 'seconds' },
    metrics: { value: 'address' },
    otlp: { value: 'url' },
  },
} as const satisfies Declaration;

export type WatchArguments = ArgumentsOf<typeof watch>;
