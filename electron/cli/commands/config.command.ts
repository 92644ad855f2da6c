/** How `gopherbar config` and its subcommands are called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const configList = {
  name: 'config list',
  options: { json: {} },
  isDefault: true,
} as const satisfies Declaration;

export const configGet = {
  name: 'config get',
  positionals: { key: { shows: 'key' } },
  example: 'gopherbar config get intervals.visibleMs',
} as const satisfies Declaration;

export const configSet = {
  name: 'config set',
  positionals: { key: { shows: 'key' }, value: { shows: 'value' } },
  example: 'gopherbar config set preferences.quietHours 22:00-08:00',
} as const satisfies Declaration;

export const configUnset = {
  name: 'config unset',
  positionals: { key: { shows: 'key' } },
} as const satisfies Declaration;

export const configPath = { name: 'config path' } as const satisfies Declaration;

export const configEdit = {
  name: 'config edit',
} as const satisfies Declaration;

export const configCheck = {
  name: 'config check',
  positionals: { file: { shows: 'file', takes: 'optional' } },
} as const satisfies Declaration;

export const configExport = {
  name: 'config export',
  positionals: { file: { shows: 'file', takes: 'optional' } },
  example: 'gopherbar config export settings.json',
} as const satisfies Declaration;

export const configImport = {
  name: 'config import',
  positionals: { file: { shows: 'file' } },
  options: { yes: {} },
} as const satisfies Declaration;

export type ConfigListArguments = ArgumentsOf<typeof configList>;
export type ConfigGetArguments = ArgumentsOf<typeof configGet>;
export type ConfigSetArguments = ArgumentsOf<typeof configSet>;
export type ConfigUnsetArguments = ArgumentsOf<typeof configUnset>;
export type ConfigCheckArguments = ArgumentsOf<typeof configCheck>;
export type ConfigExportArguments = ArgumentsOf<typeof configExport>;
export type ConfigImportArguments = ArgumentsOf<typeof configImport>;
