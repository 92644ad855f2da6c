/** The parser and the help of `gopherbar`, made from the declarations of its commands. */
import { CommanderError, InvalidArgumentError, Option as ParserOption, Command as Program } from 'commander';
import { isMessageKey, type Translate } from '../../shared/messages/messages.ts';
import type { CliIo } from './cli-io.ts';
import type { Command, CommandGroup, Declaration, Option, Positional } from './command.ts';
import { flagOf } from './plain-arguments.ts';

// With the parser, so that its library is loaded with it alone.
export { CommanderError };

/** The commands in the groups of the help. */
export type Groups = readonly { readonly group: CommandGroup; readonly commands: readonly Command[] }[];

/** Called with the typed arguments. */
export type Start = (command: Command, args: unknown) => Promise<void>;

/**
 * The whole command line. Parsing rejects with commander's CommanderError for --help and --version (exit code 0) and
 * for
 * wrong usage; the latter has not been printed yet, see usageText.
 */
export function parserOf(groups: Groups, version: string, io: CliIo, start: Start): Program {
  const { t } = io;
  const program = new Program('gopherbar')
    .description(t('help.about'))
    .version(version, '-V, --version', t('help.version'));
  // Inherited by the commands created from this one.
  program
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.error,
      outputError: () => {},
      getOutHelpWidth: () => io.columns(),
      getErrHelpWidth: () => io.columns(),
    })
    .configureHelp({ styleTitle: (title) => titles(t).get(title) ?? title })
    .helpOption('-h, --help', t('help.help'))
    .addHelpText('afterAll', `\n${t('help.exit-codes')}`);
  withLanguage(program, t).helpCommand('help [command]', t('help.help'));
  for (const { group, commands } of groups) {
    program.commandsGroup(t(`help.group-${group}`));
    for (const command of commands) add(program, command, t, start);
  }
  return program;
}

function add(program: Program, command: Command, t: Translate, start: Start): void {
  const { name, isDefault } = command.declaration;
  const [group = name, word] = name.split(' ');
  const made = word === undefined ? program.command(name) : groupOf(program, group, t).command(word, { isDefault });
  describe(made, command.declaration, t).action((...given: unknown[]) => {
    // commander passes the positionals, then the options and itself.
    const names = Object.keys(command.declaration.positionals ?? {});
    return start(command, { ...Object.fromEntries(names.map((key, i) => [key, given[i]])), ...made.opts() });
  });
}

/** The keys of a command's texts: its summary, and one for each option, specific or shared. */
export function textKeys({ name, options = {} }: Declaration): {
  readonly summary: string;
  readonly options: readonly string[];
} {
  const section = `help.${name.replace(' ', '-')}`;
  const own = Object.keys(options).map((key) => `${section}.${flagOf(key)}`);
  return {
    summary: `${section}.summary`,
    options: own.map((key) => (isMessageKey(key) ? key : key.replace(section, 'help'))),
  };
}

function groupOf(program: Program, name: string, t: Translate): Program {
  const known = program.commands.find((one) => one.name() === name);
  return known ?? withLanguage(program.command(name).description(text(t, `help.${name}.summary`)), t);
}

/** Every level takes --lang; its value was read before parsing, see languageIn. */
function withLanguage(program: Program, t: Translate): Program {
  return program.option('--lang <language>', t('help.lang'));
}

function titles(t: Translate): ReadonlyMap<string, string> {
  return new Map([
    ['Usage:', t('help.usage')],
    ['Arguments:', t('help.arguments')],
    ['Options:', t('help.options')],
    ['Commands:', t('help.commands')],
  ]);
}

function describe(program: Program, declaration: Declaration, t: Translate): Program {
  const { positionals = {}, options = {}, example } = declaration;
  const keys = textKeys(declaration);
  program.description(text(t, keys.summary));
  for (const positional of Object.values(positionals)) program.argument(shown(positional));
  for (const [i, [key, option]] of Object.entries(options).entries()) {
    program.addOption(parserOption(flagOf(key), option, text(t, keys.options[i] ?? key), t));
  }
  if (example !== undefined) program.addHelpText('after', `\n${t('help.example', { example })}`);
  return withLanguage(program, t);
}

function shown({ shows, takes }: Positional): string {
  if (takes === 'optional') return `[${shows}]`;
  if (takes === 'any') return `[${shows}...]`;
  return takes === 'many' ? `<${shows}...>` : `<${shows}>`;
}

function parserOption(flag: string, option: Option, words: string, t: Translate): ParserOption {
  const made = new ParserOption(option.value === undefined ? `--${flag}` : `--${flag} <${option.value}>`, words);
  if (option.default !== undefined) made.default(option.default);
  if (option.required === true) made.makeOptionMandatory();
  if (option.as === 'list') made.argParser((value: string, before: readonly string[] = []) => [...before, value]);
  else if (option.as !== undefined) made.argParser((value: string) => positive(value, t));
  return made;
}

function positive(value: string, t: Translate): number {
  const number = Number(value);
  if (!(number > 0) || number === Number.POSITIVE_INFINITY) throw new InvalidArgumentError(t('help.not-positive'));
  return number;
}

/** A test checks that every declaration has texts in both languages. */
function text(t: Translate, key: string): string {
  return isMessageKey(key) ? t(key) : key;
}
