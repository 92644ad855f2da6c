/** Runs a program whatever it exits with: for commands whose exit code is part of what is tested. */
import { type ExecFileOptions, execFile } from 'node:child_process';

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves when the program has exited; rejects when it could not be started or was killed. */
export function runToEnd(file: string, args: readonly string[], options: ExecFileOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      const { exitCode } = child;
      if (error !== null && (exitCode === null || exitCode < 0)) reject(error);
      else resolve({ exitCode: exitCode ?? 0, stdout, stderr });
    });
  });
}
