/** Which profile would work now: the remedy offered on an outage. */
import type { ProfileState } from '../../shared/domain/snapshot.ts';
import type { Walk } from '../../shared/domain/verdict.ts';
import { isRefused } from './refusal.ts';

const RANK: Partial<Record<Walk['outcome'], number>> = { works: 0, slow: 1, 'fell-back': 2 };

/** The best profile other than the active one, none around a refusal: by outcome, then by latency, then by the person's order. */
export function remedyProfile(profiles: readonly Pick<ProfileState, 'profile' | 'active' | 'walk'>[]): string | null {
  const now = profiles.find(({ active }) => active);
  if (now !== undefined && isRefused(now.walk)) return null;
  const usable = profiles.filter(({ active, walk }) => !active && RANK[walk.outcome] !== undefined);
  const best = usable.toSorted(
    (a, b) =>
      (RANK[a.walk.outcome] ?? 9) - (RANK[b.walk.outcome] ?? 9) ||
      (a.walk.latencyMs ?? Number.MAX_VALUE) - (b.walk.latencyMs ?? Number.MAX_VALUE),
  )[0];
  return best?.profile.id ?? null;
}
