/** Which profile suits a network: the first proxies of the profiles are measured, and the fastest honest one wins. Pure. */
import { isProxyEntry, parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { Profile } from '../../shared/domain/profile.ts';

export interface Candidate {
  readonly profileId: string;
  /** Base URL of the first proxy, without a trailing slash. */
  readonly url: string;
}

/** An unnoticeable difference: then the order of the profiles decides. */
const SAME_MS = 30;

/** The first profile of each first proxy; profiles that begin without a proxy are not compared. */
export function candidatesOf(profiles: readonly Pick<Profile, 'id' | 'variables'>[]): readonly Candidate[] {
  const seen = new Set<string>();
  return profiles.flatMap(({ id, variables }) => {
    const [first] = parseGoproxyList(variables.GOPROXY ?? '');
    if (first === undefined || !isProxyEntry(first)) return [];
    const url = first.value.replace(/\/+$/, '');
    if (seen.has(url)) return [];
    seen.add(url);
    return [{ profileId: id, url }];
  });
}

/** The profile of the fastest mirror that gave the right content; null when none did. */
export function recommend(
  mirrors: readonly { readonly profileId: string; readonly latencyMs: number | null }[],
): string | null {
  const fastest = Math.min(...mirrors.map(({ latencyMs }) => latencyMs ?? Number.POSITIVE_INFINITY));
  return mirrors.find(({ latencyMs }) => latencyMs !== null && latencyMs <= fastest + SAME_MS)?.profileId ?? null;
}
