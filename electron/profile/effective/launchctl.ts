/** The environment that launchd gives to apps opened in Finder: `launchctl getenv NAME` (launchctl(1)). */
import { join } from 'node:path';
import { EFFECTIVE_NAMES } from '../../../shared/domain/effective.ts';
import type { Env } from '../../system/files.ts';
import { isExecutable } from '../../toolchain/find-go.ts';
import type { EffectivePorts } from './effective-ports.ts';

const TIMEOUT_MS = 3_000;

/** Our names and PATH as set by `launchctl setenv`; null where there is no launchctl. */
export async function guiEnvironment({ runner, env, toolRoot }: EffectivePorts): Promise<Env | null> {
  const file = join(toolRoot, 'bin', 'launchctl');
  if (!(await isExecutable(file))) return null;
  const entries = await Promise.all(
    [...EFFECTIVE_NAMES, 'PATH'].map(async (name) => {
      const own = { HOME: env.HOME, PATH: '/usr/bin:/bin' };
      const outcome = await runner.run({ file, args: ['getenv', name], env: own, timeoutMs: TIMEOUT_MS });
      const value = outcome.ended === 'exited' && outcome.exitCode === 0 ? outcome.stdout.replace(/\n$/, '') : '';
      return value === '' ? [] : [[name, value] as const];
    }),
  );
  return Object.fromEntries(entries.flat());
}
