/** `gopherbar shell`: one line after a failed `go`, when a running engine knows of an outage. */
import { basename } from 'node:path';
import { verdictText } from '../../../shared/messages/verdict-text.ts';
import { controlPath } from '../../control/control-socket.ts';
import type { Clock } from '../../system/clock.ts';
import { dataFolder } from '../../system/files.ts';
import { askVerdict } from '../ask-engine.ts';
import type { CliIo } from '../cli-io.ts';
import { SHELLS, type Shell } from '../completion/scripts.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportProblem } from '../report.ts';
import { withBlock, withoutBlock } from '../shell/block.ts';
import { hookScript } from '../shell/hook.ts';
import { editStartFile, startFile } from '../shell/start-files.ts';
import { UsageError } from '../usage-error.ts';
import type {
  ShellHintArguments,
  ShellInitArguments,
  ShellInstallArguments,
  ShellUninitArguments,
} from './shell.command.ts';

/** Prints the hook and changes nothing. */
export async function shellInitCommand({ shell }: ShellInitArguments, io: CliIo): Promise<ExitCode> {
  io.out(scriptOf(shellNamed(shell, io), io));
  return EXIT.ok;
}

/** Adds the hook to the start file of a shell: the named one, else that of $SHELL. A second time it is brought up to date. */
export async function shellInstallCommand({ shell }: ShellInstallArguments, io: CliIo): Promise<ExitCode> {
  const name = shellNamed(shell ?? basename(io.env.SHELL ?? ''), io);
  const file = fileOf(name, io);
  const edited = await editStartFile(file, (before) => withBlock(before, scriptOf(name, io)));
  if (!edited.ok) {
    reportProblem(io, edited.problem);
    return EXIT.finding;
  }
  io.out(`${io.t(edited.value ? 'cli.shell-installed' : 'cli.shell-unchanged', { file })}\n`);
  return EXIT.ok;
}

/** Removes the hook from the start file of the named shell, else of all. */
export async function shellUninitCommand({ shell }: ShellUninitArguments, io: CliIo): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  let removed = 0;
  for (const name of shell === undefined ? SHELLS : [shellNamed(shell, io)]) {
    const file = fileOf(name, io);
    const edited = await editStartFile(file, (before) => (before === null ? { text: '' } : withoutBlock(before)));
    if (!edited.ok) {
      reportProblem(io, edited.problem);
      code = EXIT.finding;
    } else if (edited.value) {
      removed += 1;
      io.out(`${io.t('cli.shell-removed', { file })}\n`);
    }
  }
  if (removed === 0 && code === EXIT.ok) io.out(`${io.t('cli.shell-none')}\n`);
  return code;
}

/**
 * What the hook calls. Only an engine that runs now is asked: what was stored an hour ago says nothing about this failure.
 * Healthy, paused or not known: no line, the failure is the code's own.
 */
export async function shellHintCommand(_: ShellHintArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const view = await askVerdict(io);
  if (view === null || !['degraded', 'down', 'offline'].includes(view.verdict.severity)) return EXIT.ok;
  const { title, detail } = verdictText(view, io.t, io.language, clock.now());
  const state = [title, detail].filter((one) => one !== '').join(' · ');
  io.error(`${io.style('dim', io.t('cli.shell-hint', { state, command: 'gopherbar doctor' }))}\n`);
  return EXIT.ok;
}

function scriptOf(shell: Shell, { env }: CliIo): string {
  return hookScript(shell, controlPath(dataFolder(process.platform, env)));
}

function fileOf(shell: Shell, { env, t }: CliIo): string {
  const { HOME: home = '' } = env;
  if (home === '') throw new UsageError(t('cli.shell-no-home'));
  return startFile(shell, process.platform, home, env);
}

function shellNamed(name: string, { t }: CliIo): Shell {
  const shell = SHELLS.find((one) => one === name);
  if (shell === undefined) throw new UsageError(t('cli.unknown-shell-hint', { name, known: SHELLS.join(', ') }));
  return shell;
}
