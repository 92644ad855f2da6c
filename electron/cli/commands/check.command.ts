/** How `gopherbar check` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const check = {
  name: 'check',
  positionals: { targets: { shows: 'dir|module@version', takes: 'any' } },
  options: {
    file: { value: 'file' },
    timeout: { value: 'seconds', as: 'seconds', default: '60' },
    expect: { value: 'seconds', as: 'seconds', default: '10' },
    parallel: { value: 'count', as: 'count', default: '4' },
    strict: {},
    junit: { value: 'file' },
    codeQuality: { value: 'file' },
    json: {},
  },
  example: 'gopherbar check --file modules.txt --junit report.xml',
} as const satisfies Declaration;

export type CheckArguments = ArgumentsOf<typeof check>;
