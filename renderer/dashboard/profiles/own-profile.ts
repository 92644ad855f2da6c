/** A profile as the contract takes it from a window. */
import type { RequestInput } from '../../../shared/contract/channels.ts';
import type { Profile } from '../../../shared/domain/profile.ts';

/** Without the built-in mark, which only the main process sets. */
export function ownProfile({ builtIn: _, ...profile }: Profile): RequestInput<'profile.save'>['profile'] {
  return profile;
}
