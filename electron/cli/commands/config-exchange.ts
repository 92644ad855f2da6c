/** `gopherbar config export` and `config import`: all settings as a file, without passwords. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { succeeded } from '../../../shared/domain/outcome.ts';
import { weakeningText } from '../../../shared/messages/weakening-text.ts';
import { exportSettings, type ImportOffer, offerImport } from '../../settings/exchange.ts';
import { readImport } from '../../settings/read-import.ts';
import type { Clock } from '../../system/clock.ts';
import { errorDetail } from '../../system/error-facts.ts';
import { askYes } from '../ask-yes.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportError, reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';
import type { ConfigExportArguments, ConfigImportArguments } from './config.command.ts';

/** Writes to a file, or to standard output; names the fields whose passwords are left out. */
export async function configExportCommand({ file }: ConfigExportArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { core } = await openStores(io, clock);
  // What is wrong with the file was reported; its last good state is not what was asked for.
  if (core.file.problem !== null) return EXIT.finding;
  const { text, hidden } = exportSettings(core.file.content);
  if (file === undefined) io.out(text);
  else {
    try {
      await writeFile(resolve(io.folder, file), text, { mode: 0o600 });
    } catch (error) {
      reportProblem(io, { key: 'file-not-written', params: { file, detail: errorDetail(error) } });
      return EXIT.finding;
    }
    io.error(`${io.style('green', '✓')} ${io.t('cli.config-exported', { file })}\n`);
  }
  if (hidden.length > 0) io.error(`${io.t('cli.config-hidden', { fields: hidden.join(', ') })}\n`);
  return EXIT.ok;
}

/** Shows what a file changes and weakens, and takes it over after a yes; exit 1 when it was not taken. */
export async function configImportCommand(args: ConfigImportArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { file, yes } = args;
  const { core } = await openStores(io, clock);
  if (core.file.problem !== null) return EXIT.finding;
  const read = await readImport(resolve(io.folder, file));
  if (!read.ok) {
    reportProblem(io, read.problem);
    return EXIT.finding;
  }
  const offer = offerImport(core.file.content, read.value, core.file.managed);
  io.out(shown(offer, io));
  if (offer.sections.length === 0) {
    io.out(`${io.style('green', '✓')} ${io.t('cli.config-same', { file })}\n`);
    return EXIT.ok;
  }
  if (yes !== true && !(await askYes(io, io.t('cli.config-take')))) {
    if (!io.signal.aborted) reportError(io, io.t('cli.config-not-taken'));
    return EXIT.finding;
  }
  // What another program wrote meanwhile is kept, unless the file itself replaces it.
  const done = await core.file.change((content) => succeeded(offerImport(content, read.value, core.file.managed).next));
  if (!done.ok) {
    reportProblem(io, done.problem);
    return EXIT.finding;
  }
  io.out(`${io.style('green', '✓')} ${io.t('cli.config-imported', { file })}\n`);
  return EXIT.ok;
}

function shown({ changes, weakenings, leftOut, locked, missing }: ImportOffer, { t, style }: CliIo): string {
  const value = (text: string | null) => text ?? t('settings.import-not-set');
  const lines = [
    ...(changes.length === 0 ? [] : [t('cli.config-changes')]),
    ...changes.map(({ key, before, after }) => `  ${style('bold', key)}  ${value(before)} → ${value(after)}`),
    ...(weakenings.length === 0 ? [] : [style('red', t('cli.config-weakens'))]),
    ...weakenings.map((one) => `  ${style('red', '▲')} ${weakeningText(t, one.key)} ${one.value}`),
    ...(leftOut.length === 0 ? [] : [t('settings.import-left-out', { programs: leftOut.join(', ') })]),
    ...(locked.length === 0 ? [] : [t('settings.import-locked', { fields: locked.join(', ') })]),
    ...(missing.length === 0 ? [] : [t('settings.import-missing', { fields: missing.join(', ') })]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
