/** How `gopherbar shell` and its subcommands are called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const shellInit = {
  name: 'shell init',
  positionals: { shell: { shows: 'shell' } },
  example: 'source <(gopherbar shell init zsh)',
} as const satisfies Declaration;

export const shellInstall = {
  name: 'shell install',
  positionals: { shell: { shows: 'shell', takes: 'optional' } },
  example: 'gopherbar shell install fish',
} as const satisfies Declaration;

export const shellUninit = {
  name: 'shell uninit',
  positionals: { shell: { shows: 'shell', takes: 'optional' } },
} as const satisfies Declaration;

export const shellHint = { name: 'shell hint' } as const satisfies Declaration;

export type ShellInitArguments = ArgumentsOf<typeof shellInit>;
export type ShellInstallArguments = ArgumentsOf<typeof shellInstall>;
export type ShellUninitArguments = ArgumentsOf<typeof shellUninit>;
export type ShellHintArguments = ArgumentsOf<typeof shellHint>;
