/** Made-up profiles for the gallery, and what their lists would do. */
import type { Cause } from '../../shared/domain/cause.ts';
import { parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { ProfileState } from '../../shared/domain/snapshot.ts';
import type { Walk } from '../../shared/domain/verdict.ts';

/** Falls back on any error. */
export const PIPE: Profile = {
  id: 'china-pipe',
  name: { en: 'China, resilient', 'zh-CN': '国内弹性' },
  explanation: '',
  builtIn: true,
  variables: { GOPROXY: 'https://goproxy.cn|https://proxy.golang.org|direct' },
  git: [],
  networks: [],
};
/** Falls back on 404 and 410 only. */
export const COMMA: Profile = {
  ...PIPE,
  id: 'china-comma',
  name: { en: 'China, comma list', 'zh-CN': '国内常见（逗号）' },
  variables: { GOPROXY: 'https://goproxy.cn,https://proxy.golang.org,direct' },
};
const IO: Profile = {
  ...PIPE,
  id: 'goproxy-io',
  name: 'goproxy.io',
  variables: { GOPROXY: 'https://goproxy.io|direct' },
};
const OFFICIAL: Profile = {
  ...PIPE,
  id: 'official',
  name: { en: 'Official', 'zh-CN': '官方默认' },
  variables: { GOPROXY: 'https://proxy.golang.org,direct' },
};
const DIRECT: Profile = {
  ...PIPE,
  id: 'direct',
  name: { en: 'Direct', 'zh-CN': '直连' },
  variables: { GOPROXY: 'direct' },
};

/** A walk that ends at an entry; earlier entries fail over. */
export function walk(
  profile: Profile,
  outcome: Walk['outcome'],
  endsAt: number,
  latencyMs: number | null,
  cause: Cause | null = null,
): Walk {
  const entries = parseGoproxyList(profile.variables.GOPROXY ?? '');
  const steps = entries.map((entry, i) => ({
    text: entry.text,
    separator: entry.separator,
    endpointId: null,
    action:
      i < endsAt
        ? ('fails-over' as const)
        : i > endsAt
          ? ('not-reached' as const)
          : outcome === 'stops'
            ? ('stops' as const)
            : ('answers' as const),
    cause: i <= endsAt && (outcome === 'stops' || i < endsAt) ? cause : null,
  }));
  return { steps, outcome, endsAt, latencyMs };
}

/** All profiles, one of them active, with their usual walks or the given ones. */
export function profiles(active: string | null, walks: Partial<Record<string, Walk>> = {}): ProfileState[] {
  const standard: Record<string, Walk> = {
    'china-pipe': walk(PIPE, 'works', 0, 38),
    'china-comma': walk(COMMA, 'works', 0, 38),
    'goproxy-io': walk(IO, 'works', 0, 61),
    official: walk(OFFICIAL, 'slow', 0, 1_900),
    direct: walk(DIRECT, 'unproven', 0, null),
  };
  return [PIPE, COMMA, IO, OFFICIAL, DIRECT].map((profile) => ({
    profile,
    active: profile.id === active,
    walk: walks[profile.id] ?? standard[profile.id] ?? walk(profile, 'unproven', 0, null),
  }));
}
