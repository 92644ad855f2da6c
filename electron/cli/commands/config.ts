/** `gopherbar config`: the settings file in a terminal. A running app follows each change at once. */
import { resolve } from 'node:path';
import { MAX_SETTINGS_BYTES, type SettingsFileContent } from '../../../shared/contract/settings-schema.ts';
import { failed, type Outcome, problemOf, succeeded } from '../../../shared/domain/outcome.ts';
import { redactDeep } from '../../../shared/domain/secrets.ts';
import type { Core } from '../../composition/core.ts';
import { sourceOf } from '../../settings/managed.ts';
import { checkSettings, readSettings, tooLarge } from '../../settings/read-settings.ts';
import {
  flatSettings,
  readValue,
  type SettingValue,
  settingsInUse,
  unknownName,
  valueAt,
  withValue,
} from '../../settings/setting-path.ts';
import type { Clock } from '../../system/clock.ts';
import { readRegularFile } from '../../system/read-file.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportError, reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';
import { unreadText } from '../unread-text.ts';
import { UsageError } from '../usage-error.ts';
import type {
  ConfigCheckArguments,
  ConfigGetArguments,
  ConfigListArguments,
  ConfigSetArguments,
  ConfigUnsetArguments,
} from './config.command.ts';

/** Every setting in use, passwords hidden; bold where the file sets it. */
export async function configListCommand({ json }: ConfigListArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { content, inForce, managed, path } = await settingsFile(io, clock);
  const inUse = redactDeep(settingsInUse(inForce));
  const all = flatSettings(inUse).map(([key, value]) => ({
    key,
    value,
    source: sourceOf(key.split('.'), content, managed),
  }));
  if (json === true) {
    const sources = Object.fromEntries(all.map(({ key, source }) => [key, source]));
    io.out(`${JSON.stringify({ schema: 1, file: path, settings: inUse, sources }, null, 2)}\n`);
    return EXIT.ok;
  }
  for (const { key, value, source } of all) {
    const line = `${key} = ${JSON.stringify(value)}`;
    const mark = source === 'managed' ? `  ${io.style('dim', io.t('cli.config-managed'))}` : '';
    io.out(`${source === 'default' ? line : io.style('bold', line)}${mark}\n`);
  }
  return EXIT.ok;
}

/** One setting as JSON, and on standard error where it comes from; exit 1 when it has no value. */
export async function configGetCommand({ key }: ConfigGetArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const path = pathOf(key, io);
  const { content, inForce, managed } = await settingsFile(io, clock);
  const value = valueAt(redactDeep(settingsInUse(inForce)), path);
  if (value === undefined) {
    reportError(io, io.t('cli.config-unset', { key }));
    return EXIT.finding;
  }
  io.out(`${JSON.stringify(value)}\n`);
  io.error(`${io.style('dim', io.t(`cli.config-from-${sourceOf(path, content, managed)}`))}\n`);
  return EXIT.ok;
}

export function configSetCommand({ key, value }: ConfigSetArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  return change(key, readValue(value), io, clock);
}

/** The default again. */
export function configUnsetCommand({ key }: ConfigUnsetArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  return change(key, undefined, io, clock);
}

export async function configPathCommand(_: object, io: CliIo, clock: Clock): Promise<ExitCode> {
  io.out(`${(await settingsFile(io, clock)).path}\n`);
  return EXIT.ok;
}

/** Checks the settings file, or another one; exit 1 with the line and the field of its first mistake. */
export async function configCheckCommand({ file }: ConfigCheckArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const path = file === undefined ? (await settingsFile(io, clock, false)).path : resolve(io.folder, file);
  const found = await readRegularFile(path, MAX_SETTINGS_BYTES);
  if (!found.ok && found.why !== 'too-large') {
    reportError(io, unreadText(path, found, io.t));
    return EXIT.finding;
  }
  const read = found.ok ? readSettings(found.bytes, path) : refused(tooLarge(path, found.size));
  if (!read.ok) {
    reportProblem(io, read.problem);
    return EXIT.finding;
  }
  io.out(`${io.style('green', '✓')} ${io.t('cli.config-valid', { file: path })}\n`);
  return EXIT.ok;
}

function refused(problem: ReturnType<typeof tooLarge>): Outcome<never> {
  return { ok: false, problem };
}

async function change(key: string, value: SettingValue, io: CliIo, clock: Clock): Promise<ExitCode> {
  const path = pathOf(key, io);
  const file = await settingsFile(io, clock);
  if (sourceOf(path, file.content, file.managed) === 'managed' && !isManagedValue(value, path, file.managed)) {
    reportProblem(io, problemOf('setting-managed', { field: key }));
    return EXIT.finding;
  }
  const before = valueAt(file.content, path);
  if (value === undefined && before === undefined) {
    io.out(`${io.t('cli.config-default', { key })}\n`);
    return EXIT.ok;
  }
  const done = await file.change((content) => {
    const [section = ''] = path;
    const inUse = valueAt(settingsInUse(content), [section]);
    // An entry of a list that the file does not have yet is one of the defaults.
    const whole =
      valueAt(content, [section]) === undefined && Array.isArray(inUse) ? { ...content, [section]: inUse } : content;
    const next = withValue(whole, path, value);
    const checked = checkSettings(next, '', file.path);
    if (checked.ok) return succeeded(next as SettingsFileContent);
    return failed('setting-invalid', checked.problem.params);
  });
  if (!done.ok) {
    reportProblem(io, done.problem);
    return EXIT.finding;
  }
  const now = JSON.stringify(valueAt(redactDeep(settingsInUse(file.inForce)), path) ?? null);
  io.out(`${io.style('green', '✓')} ${key} = ${now}\n`);
  return EXIT.ok;
}

/** To set what is managed anyway is no change, and no mistake. */
function isManagedValue(value: SettingValue, path: readonly string[], managed: SettingsFileContent): boolean {
  return JSON.stringify(value) === JSON.stringify(valueAt(managed, path));
}

/** Refuses unknown settings: they would be stored without any effect. */
function pathOf(key: string, io: CliIo): readonly string[] {
  const path = key.split('.');
  const unknown = unknownName(path);
  if (unknown !== null) throw new UsageError(io.t('cli.config-unknown', { key, known: unknown.known.join(', ') }));
  return path;
}

async function settingsFile(io: CliIo, clock: Clock, reports = true): Promise<Core['file']> {
  const stores = await openStores(reports ? io : { ...io, error: () => {} }, clock);
  return stores.core.file;
}
