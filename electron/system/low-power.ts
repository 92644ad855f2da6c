/** Whether macOS is in Low Power Mode: `pmset -g` (pmset(1)), no privilege needed. Other systems have no such mode. */
import type { Env } from './files.ts';
import type { ProcessRunner } from './process-runner.ts';

/** False when it is off, unknown or unavailable. Never rejects. */
export async function readLowPower(runner: ProcessRunner, env: Env, platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'darwin') return false;
  const command = { file: '/usr/bin/pmset', args: ['-g'], env: { PATH: env.PATH, LC_ALL: 'C' }, timeoutMs: 3_000 };
  const outcome = await runner.run(command);
  return outcome.ended === 'exited' && /^[ \t]*lowpowermode[ \t]+1[ \t]*$/m.test(outcome.stdout);
}
