/** A profile that was shown without its passwords gets them back. Pure. */
import type { Profile, ProfileVariable } from '../../shared/domain/profile.ts';
import { restoreSecrets } from '../../shared/domain/secrets.ts';

type Settings = Pick<Profile, 'variables' | 'git'>;

/**
 * The profile with the passwords that `known` settings hold for the same entries, those of a later one before those of
 * an earlier one; null when one stays unknown.
 */
export function withSecrets(profile: Profile, known: readonly Settings[]): Profile | null {
  const texts = known.flatMap(textsOf);
  const unknown: string[] = [];
  /** The same setting of the last known one counts most. */
  const restored = (text: string, own: string | null | undefined): string => {
    const whole = restoreSecrets(text, [...texts, own ?? '']);
    if (whole === null) unknown.push(text);
    return whole ?? text;
  };
  const last = known.at(-1);
  const variables = Object.fromEntries(
    Object.entries(profile.variables).map(([name, value]) => [
      name,
      value === undefined ? value : restored(value, last?.variables[name as ProfileVariable]),
    ]),
  );
  const git = profile.git.map(({ key, value }) => {
    const wholeKey = restored(key, null);
    const own = last?.git.find((one) => one.key === wholeKey)?.value;
    return { key: wholeKey, value: value === null ? null : restored(value, own) };
  });
  return unknown.length > 0 ? null : { ...profile, variables, git };
}

function textsOf({ variables, git }: Settings): readonly string[] {
  const values = Object.values(variables).filter((value) => value !== undefined);
  return [...values, ...git.flatMap(({ key, value }) => (value === null ? [key] : [key, value]))];
}
