/**
 * `npm run bench -- shim`: what the hook of `gopherbar shell` adds before each prompt: after a success, and after a failed
 * `go` while no engine runs. Many calls in one shell, less the same loop over an empty function.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHELLS, type Shell } from '../../electron/cli/completion/scripts.ts';
import { hookScript } from '../../electron/cli/shell/hook.ts';
import type { BenchOptions } from './bench-options.ts';
import { median } from './rounds.ts';

const CALLS = 500;
const AFTER = { success: 'true', 'a failed go': 'false' } as const;
const CALLED: Readonly<Record<Shell, string>> = {
  bash: '_gopherbar_hint',
  zsh: '_gopherbar_precmd',
  fish: '__gopherbar_hint "go build"',
};
const START: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['--norc', '--noprofile', '-i'],
  zsh: ['-f', '-i'],
  fish: ['--no-config', '-i'],
};

/** Prints the milliseconds of one prompt; writes them unless quick. */
export async function benchShim({ quick }: BenchOptions): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'gopherbar-bench-shim-'));
  const rounds = quick ? 3 : 20;
  try {
    const rows = SHELLS.flatMap((shell) => {
      const hook = join(work, shell);
      writeFileSync(hook, hookScript(shell, join(work, 'control.sock')));
      const took = (called: string, before: string) => {
        const began = performance.now();
        execFileSync(shell, [...START[shell], '-c', script(shell, hook, called, before)], {
          stdio: 'ignore',
          env: { PATH: process.env.PATH, HOME: work, TERM: 'dumb' },
        });
        return performance.now() - began;
      };
      return Object.entries(AFTER).map(([after, before]) => {
        const one = Array.from({ length: rounds }, () => took(CALLED[shell], before) - took('nothing', before));
        return {
          what: `hook in ${shell}, after ${after}`,
          ms: Math.max(0, Math.round((median(one) / CALLS) * 1_000) / 1_000),
        };
      });
    });
    console.log(`shim: ${rows.map(({ what, ms }) => `${what} ${ms} ms`).join('; ')}`);
    if (quick) return;
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    const record = { date: new Date().toISOString().slice(0, 10), commit, rounds, calls: CALLS, rows };
    const file = join(import.meta.dirname, '..', '..', 'docs', 'figures', 'shim.json');
    writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Calls a function after a command with a known code, many times. */
function script(shell: Shell, hook: string, called: string, before: string): string {
  if (shell === 'fish') {
    return `source ${hook}; function nothing; end; for i in (seq ${CALLS}); ${before}; ${called}; end; exit 0`;
  }
  const line = shell === 'zsh' ? `_gopherbar_line='go build'; ` : '';
  return `source ${hook}; nothing() { :; }; for i in {1..${CALLS}}; do ${line}${before}; ${called}; done; exit 0`;
}
