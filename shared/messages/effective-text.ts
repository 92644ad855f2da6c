/** Texts of contexts beyond the terminal, for the command line and the window. */
import type { BuildValue, ContextId, ContextRemedy } from '../domain/effective.ts';
import { redactUrls } from '../domain/goproxy-list.ts';
import type { Translate } from './messages.ts';

/** What to do with the lines or commands of a remedy. */
export function adoptText(t: Translate, id: ContextId, { commands, file }: ContextRemedy): string {
  if (id === 'goland' || id === 'cron' || id === 'sudo') return t(`effective.adopt-${id}`);
  return file === null || commands.length > 0 ? t('effective.adopt') : t('effective.adopt-file', { file });
}

/** Whether a variable of the terminal arrives in an image build, and what arrives instead. */
export function buildValueText(t: Translate, { value, wanted, by }: BuildValue): string {
  if (value === wanted) return t('effective.build-same');
  if (by === 'undeclared') return t('effective.build-undeclared');
  if (value === null) return t('effective.build-no-value');
  return t('effective.build-other', { value: redactUrls(value), wanted: redactUrls(wanted), by });
}
