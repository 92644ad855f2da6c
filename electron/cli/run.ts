/** From arguments to an exit code: parses, runs the command, and prints what went wrong. */
import { problemText } from '../../shared/messages/messages.ts';
import type { Clock } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import { ForeignFolderError } from '../system/private-files.ts';
import { type CliIo, inSession, type Terminal } from './cli-io.ts';
import { COMMAND_GROUPS, COMMANDS } from './commands/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { plainArguments } from './plain-arguments.ts';
import { reportError } from './report.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

/** Runs one command line to completion; nothing of it is left then. `terminal` uses the language of languageIn. */
export async function runCli(args: readonly string[], terminal: Terminal, clock: Clock): Promise<ExitCode> {
  return inSession(terminal, (io) => run(args, io, clock));
}

async function run(args: readonly string[], io: CliIo, clock: Clock): Promise<ExitCode> {
  if (isBare(args)) return overview(io, clock);
  try {
    const plain = plainArguments(args, COMMANDS);
    const code = plain === null ? await parsed(args, io, clock) : await plain.command.run(plain.values, io, clock);
    // What failed because it was interrupted was not found wrong.
    return io.signal.aborted && code === EXIT.finding ? EXIT.interrupted : code;
  } catch (error) {
    const text = error instanceof ForeignFolderError ? problemText(io.t, error.problem) : errorMessage(error);
    reportError(io, text, error instanceof UsageError ? seeHelp(args, io) : undefined);
    return error instanceof UsageError ? EXIT.usage : EXIT.finding;
  }
}

/** Help, the version, wrong usage and whatever else is not plain. */
async function parsed(args: readonly string[], io: CliIo, clock: Clock): Promise<ExitCode> {
  const [{ CommanderError, parserOf }, { usageText }] = await Promise.all([
    import('./parser.ts'),
    import('./usage-text.ts'),
  ]);
  const ended: { code: ExitCode } = { code: EXIT.ok };
  const parser = parserOf(COMMAND_GROUPS, VERSION, io, async (command, values) => {
    ended.code = await command.run(values, io, clock);
  });
  try {
    await parser.parseAsync(args, { from: 'user' });
    return ended.code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const text = usageText(error, io.t);
    if (text !== null) reportError(io, text, seeHelp(args, io));
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

/** Where the usage of the command stands, or the list of all commands. */
function seeHelp(args: readonly string[], { t }: CliIo): string {
  const line = `${args.filter((one) => !one.startsWith('-')).join(' ')} `;
  const typed = COMMANDS.map(({ declaration }) => declaration.name).filter((name) => line.startsWith(`${name} `));
  const [command] = typed.sort((a, b) => b.length - a.length);
  return t('cli.see-help', { command: ['gopherbar', ...(command === undefined ? [] : [command]), '--help'].join(' ') });
}

/** `gopherbar` alone. */
function isBare(args: readonly string[]): boolean {
  const [first = '', ...others] = args;
  return (
    args.length === 0 || (first === '--lang' ? others.length === 1 : first.startsWith('--lang=') && others.length === 0)
  );
}

/** How things stand, and what to do next. */
async function overview(io: CliIo, clock: Clock): Promise<ExitCode> {
  const { statusCommand } = await import('./commands/status.ts');
  const code = await statusCommand({}, io, clock);
  const hints = [
    ['gopherbar doctor', io.t('cli.hint-doctor')],
    ['gopherbar use NAME', io.t('cli.hint-use')],
    ['gopherbar --help', io.t('cli.hint-help')],
  ] as const;
  const width = Math.max(...hints.map(([command]) => command.length));
  io.out(`\n${hints.map(([command, what]) => `  ${io.style('bold', command.padEnd(width))}  ${what}\n`).join('')}`);
  return code;
}

/** The value of --lang before anything is parsed: help and usage errors use that language, too. */
export function languageIn(args: readonly string[]): string | undefined {
  const at = args.findIndex((one) => one === '--lang' || one.startsWith('--lang='));
  const found = args[at];
  return found === '--lang' ? args[at + 1] : found?.slice('--lang='.length);
}
