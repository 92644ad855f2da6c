/** `gopherbar config edit`: the settings file in the person's editor, checked before it takes effect. */

import type { Problem } from '../../../shared/domain/snapshot.ts';
import { readSettings, tooLarge } from '../../settings/read-settings.ts';
import type { Clock } from '../../system/clock.ts';
import { unreadDetail } from '../../system/read-file.ts';
import { askYes } from '../ask-yes.ts';
import type { CliIo } from '../cli-io.ts';
import { EditedCopy } from '../editor.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportError, reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';

/**
 * Edits a private copy; what is valid replaces the file at once and as a whole. A mistake is named with its line and
 * field, and can be corrected. If it is not, the file is left as it was, and the copy is kept.
 */
export async function configEditCommand(_: object, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { core } = await openStores({ ...io, error: () => {} }, clock);
  const { file } = core;
  const before = file.text;
  const copy = await EditedCopy.of(file.path, before === '' ? EMPTY : before, io.env);
  for (;;) {
    const edited = await copy.edit(core.runner, io.env);
    if (!edited.ok) {
      await copy.remove();
      reportError(io, io.t('cli.config-no-editor', { detail: edited.detail }));
      return EXIT.finding;
    }
    const read = await textOf(copy, file.path);
    if (typeof read === 'string' && (read === before || (before === '' && read === EMPTY))) {
      await copy.remove();
      io.out(`${io.t('cli.config-unedited', { file: file.path })}\n`);
      return EXIT.ok;
    }
    const problem = typeof read === 'string' ? mistakeIn(read, file.path) : read;
    if (problem === null && typeof read === 'string') {
      const done = await file.replaceOver(before, read);
      if (!done.ok) {
        reportProblem(io, done.problem);
        reportError(io, io.t('cli.config-copy', { file: copy.path }));
        return EXIT.finding;
      }
      await copy.remove();
      io.out(`${io.style('green', '✓')} ${io.t('cli.config-edited', { file: file.path })}\n`);
      // The file is the person's: a managed value may stand in it, without any effect.
      if (file.managedNotice !== null) reportProblem(io, file.managedNotice);
      return EXIT.ok;
    }
    if (problem !== null) reportProblem(io, problem);
    if (await askYes(io, io.t('cli.config-again'))) continue;
    reportError(io, io.t('cli.config-copy', { file: copy.path }));
    return EXIT.finding;
  }
}

/** The initial text when there is no settings file yet. */
const EMPTY = '{}\n';

/** The text of the copy, or why it cannot be used. */
async function textOf(copy: EditedCopy, file: string): Promise<string | Problem> {
  const found = await copy.read();
  if (found.ok) return found.bytes.toString('utf8');
  if (found.why === 'too-large') return tooLarge(file, found.size);
  return { key: 'file-not-read', params: { file: copy.path, detail: unreadDetail(found) } };
}

function mistakeIn(text: string, file: string): Problem | null {
  const read = readSettings(Buffer.from(text), file);
  if (read.ok) return null;
  return read.problem.key === 'settings-newer'
    ? read.problem
    : { key: 'settings-edit', params: { line: 1, detail: '', ...read.problem.params, file } };
}
