/** Templates of a profile for three common environments. Two of them ask for values that only the user knows. */
import type { Profile } from './profile.ts';

/** What a template asks for: the patterns of private modules, and the company's own proxy. */
export type Asked = 'private' | 'proxy';

export interface ProfileTemplate {
  readonly id: 'public' | 'intranet' | 'private';
  readonly asks: readonly Asked[];
}

export const PROFILE_TEMPLATES: readonly ProfileTemplate[] = [
  { id: 'public', asks: [] },
  { id: 'intranet', asks: ['proxy', 'private'] },
  { id: 'private', asks: ['private'] },
];

const NAMES = {
  public: { en: 'Public network', 'zh-CN': '公共网络' },
  intranet: { en: 'Company intranet', 'zh-CN': '公司内网' },
  private: { en: 'Private modules', 'zh-CN': '私有模块' },
} as const;

const EXPLANATIONS = {
  public: {
    en: 'Mirrors first, then the source; nothing private, no proxy left over from elsewhere.',
    'zh-CN': '先用镜像，再直连源站；没有私有设置，也不留下别处的代理。',
  },
  intranet: {
    en: 'Everything through the company’s proxy, which serves the private modules, too.',
    'zh-CN': '一切都走公司代理，私有模块也由它提供。',
  },
  private: {
    en: 'Public modules from mirrors; private ones straight from their source, unknown to anybody else.',
    'zh-CN': '公共模块用镜像；私有模块直接从源站下载，不让其他人知道。',
  },
} as const;

/** Checksums of public modules are checked in all of them. */
const SUMDB = 'sum.golang.org';
const MIRRORS = 'https://goproxy.cn|https://proxy.golang.org|direct';

/** The profile a template makes of the answers; what is not answered stays empty, to be filled in. */
export function fromTemplate(
  { id }: ProfileTemplate,
  answers: { readonly [A in Asked]?: string },
  profileId: string,
): Profile {
  const { private: globs = '', proxy = '' } = answers;
  const variables = {
    public: { GOPROXY: MIRRORS, GOSUMDB: SUMDB, GOPRIVATE: '', GONOPROXY: '', GONOSUMDB: '', GOINSECURE: '' },
    intranet: { GOPROXY: proxy, GOSUMDB: SUMDB, GOPRIVATE: globs, GONOPROXY: 'none', GONOSUMDB: '' },
    private: { GOPROXY: MIRRORS, GOSUMDB: SUMDB, GOPRIVATE: globs, GONOPROXY: '', GONOSUMDB: '' },
  } as const;
  return {
    id: profileId,
    name: NAMES[id],
    explanation: EXPLANATIONS[id],
    builtIn: false,
    variables: variables[id],
    git: id === 'public' ? [{ key: 'http.proxy', value: null }] : [],
    networks: [],
  };
}

/** What a template is called before it is a profile. */
export function templateName({ id }: ProfileTemplate) {
  return NAMES[id];
}

/** An id that no other profile has: the wish itself, or with a number. */
export function freeId(wish: string, taken: readonly string[]): string {
  const base =
    wish
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80) || 'profile';
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n++) if (!taken.includes(`${base}-${n}`)) return `${base}-${n}`;
}
