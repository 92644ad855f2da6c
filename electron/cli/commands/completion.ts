/** `gopherbar completion SHELL`: the script that completes this command line by Tab. */
import type { CliIo } from '../cli-io.ts';
import type { Command } from '../command.ts';
import { completionScript, SHELLS } from '../completion/scripts.ts';
import { commandTree } from '../completion/tree.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../usage-error.ts';
import type { CompletionArguments } from './completion.command.ts';

/** The command over all commands, its own included. */
export function completionCommand(commands: readonly Command[]) {
  return async ({ shell: name }: CompletionArguments, io: CliIo): Promise<ExitCode> => {
    const shell = SHELLS.find((one) => one === name);
    if (shell === undefined) throw new UsageError(io.t('cli.unknown-shell', { name, known: SHELLS.join(', ') }));
    const tree = commandTree(
      commands.map(({ declaration }) => declaration),
      io.t,
    );
    io.out(completionScript(shell, tree));
    return EXIT.ok;
  };
}
