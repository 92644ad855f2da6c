/** Running other programs as a port: argv arrays only, never a shell; every outcome is a value. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock } from './clock.ts';
import { errorFacts } from './error-facts.ts';
import { programPath } from './program-path.ts';

export type OutputStream = 'stdout' | 'stderr';

export interface Command {
  /** Absolute path, or a name looked up in the absolute folders of `env.PATH`. */
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment of the child; nothing is inherited implicitly. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string | undefined;
  readonly input?: string | undefined;
  /**
   * Hands the terminal over, as for an editor: the child reads and draws itself, nothing is collected, and it stays in
   * this process group, without which it could not use the terminal. When it is to end, it gets SIGTERM alone.
   */
  readonly terminal?: boolean | undefined;
  /** The process group is killed (SIGKILL) after this. */
  readonly timeoutMs: DurationMs;
  /** Kills the process group when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Called with its output as it arrives. */
  readonly onOutput?: ((bytes: Buffer, stream: OutputStream) => void) | undefined;
  /** Called with the process id as soon as it exists. */
  readonly onStart?: ((pid: number) => void) | undefined;
  /** Output beyond this many bytes per stream is dropped; the child continues. Default 4 MiB. */
  readonly maxOutputBytes?: number | undefined;
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

export type CommandOutcome =
  | (Output & { readonly ended: 'exited'; readonly exitCode: number })
  | (Output & {
      readonly ended: 'killed';
      readonly by: 'timeout' | 'cancel' | 'signal';
      readonly signalName: string | null;
    })
  | { readonly ended: 'not-started'; readonly code: string; readonly message: string };

export interface ProcessRunner {
  run(command: Command): Promise<CommandOutcome>;
}

const DEFAULT_MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Runs real programs, each in its own process group so that its children end with it. */
export class SystemProcessRunner implements ProcessRunner {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  run(command: Command): Promise<CommandOutcome> {
    return new Promise((resolve) => {
      if (command.signal?.aborted) {
        resolve({ ended: 'killed', by: 'cancel', signalName: null, stdout: '', stderr: '' });
        return;
      }
      const child = start(command);
      if ('ended' in child) {
        resolve(child);
        return;
      }
      if (child.pid !== undefined) command.onStart?.(child.pid);
      const limit = command.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
      const stdout = collect(child, 'stdout', limit, command.onOutput);
      const stderr = collect(child, 'stderr', limit, command.onOutput);
      let killedBy: 'timeout' | 'cancel' | null = null;
      const kill = (by: 'timeout' | 'cancel') => {
        killedBy = by;
        if (command.terminal === true) child.kill('SIGTERM');
        else if (child.pid !== undefined) killGroup(child.pid);
      };
      const onAbort = () => kill('cancel');
      const stopTimer = this.#clock.after(command.timeoutMs, () => kill('timeout'));
      command.signal?.addEventListener('abort', onAbort, { once: true });
      const finish = (outcome: CommandOutcome) => {
        stopTimer();
        command.signal?.removeEventListener('abort', onAbort);
        resolve(outcome);
      };
      child.on('error', (error) => {
        finish({ ended: 'not-started', code: errorFacts(error).code ?? 'UNKNOWN', message: error.message });
      });
      child.on('close', (exitCode, signalName) => {
        const output = { stdout: stdout(), stderr: stderr() };
        if (killedBy !== null) finish({ ended: 'killed', by: killedBy, signalName, ...output });
        else if (exitCode === null) finish({ ended: 'killed', by: 'signal', signalName, ...output });
        else finish({ ended: 'exited', exitCode, ...output });
      });
      // A child that exits without reading its input closes the pipe: EPIPE is expected.
      child.stdin?.on('error', () => {});
      child.stdin?.end(command.input ?? '');
    });
  }
}

/** Node throws for an argument or variable that cannot be passed to a process (containing NUL). */
function start(command: Command): ChildProcess | (CommandOutcome & { readonly ended: 'not-started' }) {
  try {
    const { args, cwd, env } = command;
    const file = programPath(command.file, env.PATH);
    if (file === null) return { ended: 'not-started', code: 'ENOENT', message: `${command.file} is not in PATH` };
    const isOwn = command.terminal !== true;
    return spawn(file, args, { cwd, env: { ...env }, detached: isOwn, stdio: isOwn ? 'pipe' : 'inherit' });
  } catch (error) {
    const { code, message } = errorFacts(error);
    return { ended: 'not-started', code: code ?? 'UNKNOWN', message };
  }
}

function collect(child: ChildProcess, name: OutputStream, limit: number, onOutput: Command['onOutput']): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  child[name]?.on('data', (chunk: Buffer) => {
    onOutput?.(chunk, name);
    if (size < limit) chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
