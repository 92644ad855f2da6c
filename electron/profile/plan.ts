/** From a profile and the effective settings to the commands of a switch. Pure. */
import {
  type GitSetting,
  gitKeys,
  gitTarget,
  gitValues,
  isRepeatable,
  sameValues,
} from '../../shared/domain/git-setting.ts';
import { type InForce, isInForce, namedVariables, type Profile } from '../../shared/domain/profile.ts';
import type { PlannedCommand, SwitchPlan } from '../../shared/domain/switch-plan.ts';
import { envCalls } from '../toolchain/go-env.ts';

type Wanted = Pick<Profile, 'variables' | 'git'>;

/** What a switch to the profile changes, and how. */
export function planSwitch(profile: Wanted, inForce: InForce): SwitchPlan {
  const names = namedVariables(profile).filter((name) => !inForce.unknown.includes(name));
  return {
    variables: names
      .filter((name) => !isInForce(name, profile.variables[name] ?? '', inForce))
      .map((name) => ({
        name,
        from: inForce.set.includes(name) ? (inForce.effective[name] ?? '') : '',
        to: profile.variables[name] ?? '',
      })),
    git: gitKeys(profile.git)
      .map((key) => ({
        key,
        from: gitValues(inForce.git ?? [], key),
        to: gitTarget(key, profile.git, inForce.git ?? []),
      }))
      .filter(({ from, to }) => !sameValues(from, to)),
    commands: planCommands(profile, inForce.unknown, inForce.git ?? []),
    leftOut: namedVariables(profile).filter((name) => inForce.unknown.includes(name)),
  };
}

/** The commands alone, without running `go`. */
export function planCommands(
  { variables, git }: Wanted,
  unknown: InForce['unknown'],
  settings: readonly GitSetting[],
): readonly PlannedCommand[] {
  const go = envCalls(variables, unknown).map((args): PlannedCommand => ({ tool: 'go', args }));
  return [...go, ...gitCommands(git, settings)];
}

/** The fewest `git config` calls that lead from the current to the wanted values. */
function gitCommands(wanted: readonly GitSetting[], now: readonly GitSetting[]): PlannedCommand[] {
  const git = (...args: string[]): PlannedCommand => ({ tool: 'git', args: ['config', '--global', ...args] });
  return gitKeys(wanted).flatMap((key) => {
    const [from, to] = [gitValues(now, key), gitTarget(key, wanted, now)];
    const name = asWritten(key);
    if (sameValues(from, to)) return [];
    const added = to.slice(from.length);
    if (isRepeatable(key) && sameValues(from, to.slice(0, from.length))) {
      return added.map((value) => git('--add', name, value));
    }
    const [first, ...others] = to;
    if (first === undefined) return [git('--unset-all', name)];
    return [git('--replace-all', name, first), ...others.map((value) => git('--add', name, value))];
  });
}

/** A key in the manual's spelling, for the file and for people. */
function asWritten(key: string): string {
  return key.replace(/\.insteadof$/, '.insteadOf').replace(/\.followredirects$/, '.followRedirects');
}
