/** The tools a switch acts on, and one reading of both. */
import type { GitSetting } from '../../shared/domain/git-setting.ts';
import { type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { InForce } from '../../shared/domain/profile.ts';
import type { GitCommand } from '../toolchain/git-config.ts';
import type { GoCommand, GoEnv } from '../toolchain/go-env.ts';

export interface Tools {
  readonly go: GoCommand;
  /** null = there is none. */
  readonly git: GitCommand | null;
}

/** Git's global file, and what git reads now. */
export interface GitTools {
  readonly file: string;
  readonly settings: readonly GitSetting[];
}

/** What go and git really use now, read in parallel. */
export async function readInForce({ go, git }: Tools): Promise<Outcome<GoEnv & InForce>> {
  const [env, settings] = await Promise.all([go.readEnv(), git?.read() ?? null]);
  if (!env.ok) return env;
  if (settings !== null && !settings.ok) return settings;
  return succeeded({ ...env.value, git: settings?.value ?? null });
}
