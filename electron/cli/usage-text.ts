/** Usage errors in the user's language; commander has English only. */
import type { CommanderError } from 'commander';
import type { MessageKey, Translate } from '../../shared/messages/messages.ts';

const KEYS: Readonly<Record<string, MessageKey>> = {
  'commander.unknownCommand': 'help.error-unknown-command',
  'commander.unknownOption': 'help.error-unknown-option',
  'commander.missingArgument': 'help.error-missing-argument',
  'commander.optionMissingArgument': 'help.error-missing-value',
  'commander.missingMandatoryOptionValue': 'help.error-missing-option',
  'commander.excessArguments': 'help.error-too-many',
  'commander.invalidArgument': 'help.error-invalid',
};

/** One line, with a suggestion where commander has one; null when it was not a usage error (--help, --version). */
export function usageText({ code, message }: CommanderError, t: Translate): string | null {
  const key = KEYS[code];
  if (key === undefined) return null;
  const [, name = ''] = /'([^']*)'/.exec(message) ?? [];
  const [, why = ''] = /is invalid\. (.*)$/s.exec(message) ?? [];
  const [, near] = /Did you mean (?:one of )?(.+?)\?/.exec(message) ?? [];
  const suggestion = near === undefined ? '' : `; ${t('help.error-did-you-mean', { name: near })}`;
  return `${t(key, { name, why })}${suggestion}`;
}
