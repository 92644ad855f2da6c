/** Differences between the last known settings and the current ones: changed by hand or by another program. Pure. */
import { type GitSetting, gitKeys, gitValues, sameValues } from '../../shared/domain/git-setting.ts';
import { type GoVariables, type InForce, PROFILE_VARIABLES, type Profile } from '../../shared/domain/profile.ts';
import type { Drift } from '../../shared/domain/snapshot.ts';

/** Id of the switch that reverts a change made outside of Gopherbar; no profile has this id. */
export const REVERT_SWITCH_ID = 'before-the-change';

/** The differences; null when there are none. A variable that only one of the two Go versions knows does not count. */
export function driftOf(known: InForce, now: InForce): Drift | null {
  const variables = PROFILE_VARIABLES.filter((name) => !known.unknown.includes(name) && !now.unknown.includes(name))
    .map((name) => ({ name, from: own(known, name), to: own(now, name) }))
    .filter(({ from, to }) => from !== to);
  const git =
    known.git === null || now.git === null
      ? []
      : gitKeys([...known.git, ...now.git])
          .map((key) => ({ key, from: gitValues(known.git ?? [], key), to: gitValues(now.git ?? [], key) }))
          .filter(({ from, to }) => !sameValues(from, to));
  return variables.length + git.length === 0 ? null : { variables, git };
}

/** A profile that restores the known values. */
export function formerProfile(known: InForce, now: InForce): Profile {
  const drift = driftOf(known, now) ?? { variables: [], git: [] };
  const variables: GoVariables = Object.fromEntries(drift.variables.map(({ name, from }) => [name, from]));
  // A null among them means: exactly these values remain.
  const git = drift.git.flatMap(({ key, from }): GitSetting[] => [
    { key, value: null },
    ...from.map((value) => ({ key, value })),
  ]);
  return {
    id: REVERT_SWITCH_ID,
    name: REVERT_SWITCH_ID,
    explanation: '',
    builtIn: false,
    variables,
    git,
    networks: [],
  };
}

/** The value that was set; '' for the default, which may differ in another version of Go. */
function own(inForce: InForce, name: (typeof PROFILE_VARIABLES)[number]): string {
  return inForce.set.includes(name) ? (inForce.effective[name] ?? '') : '';
}

/** The effective settings as a profile of the user's own, under an unused id. */
export function adoptedProfile(now: InForce, profiles: readonly Profile[]): Profile {
  const taken = new Set(profiles.map(({ id }) => id));
  const id = [...Array(profiles.length + 1).keys()].map((n) => `own-${n + 1}`).find((one) => !taken.has(one)) ?? 'own';
  const variables = Object.fromEntries(now.set.map((name) => [name, now.effective[name]]));
  return {
    id,
    name: { en: 'As set by hand', 'zh-CN': '手动设置' },
    explanation: '',
    builtIn: false,
    variables,
    git: now.git ?? [],
    networks: [],
  };
}
