/** Finds the profile that the user typed. */
import type { Profile } from '../../shared/domain/profile.ts';
import type { CliIo } from './cli-io.ts';
import { UsageError } from './usage-error.ts';

/** The profile with this id, this name in either language, or a prefix that only one has. Throws UsageError. */
export function findProfile(profiles: readonly Profile[], name: string, { t }: Pick<CliIo, 't'>): Profile {
  const wanted = name.toLowerCase();
  const names = (profile: Profile) =>
    [profile.id, ...(typeof profile.name === 'string' ? [profile.name] : [profile.name.en, profile.name['zh-CN']])].map(
      (one) => one.toLowerCase(),
    );
  const exact = profiles.find((profile) => names(profile).includes(wanted));
  if (exact !== undefined) return exact;
  const near = profiles.filter((profile) => names(profile).some((one) => one.startsWith(wanted)));
  if (near.length === 1 && near[0] !== undefined) return near[0];
  throw new UsageError(t('cli.no-profile', { name, known: profiles.map(({ id }) => id).join(', ') }));
}
