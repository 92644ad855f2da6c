/** The built-in profiles. All keep GOSUMDB on: a proxy is trusted for speed, never for content. */
import type { Profile } from '../../shared/domain/profile.ts';
import type { Settings } from '../settings/effective-settings.ts';

const SUMDB = 'sum.golang.org';

export const BUILT_IN_PROFILES: readonly Profile[] = [
  {
    id: 'china-pipe',
    name: { en: 'China, resilient', 'zh-CN': '国内弹性' },
    explanation: {
      en: 'goproxy.cn first; the pipes make go move on after any error, EOF included. The one before direct also means that whoever breaks the proxies can make go run git against source hosts.',
      'zh-CN':
        '优先 goproxy.cn；用竖线分隔，遇到任何错误（包括 EOF）都会换下一个。direct 之前的竖线也意味着：谁让代理出错，谁就能让 go 用 git 直接访问源站。',
    },
    builtIn: true,
    variables: { GOPROXY: 'https://goproxy.cn|https://proxy.golang.org|direct', GOSUMDB: SUMDB },
    git: [],
    networks: [],
  },
  {
    id: 'china-comma',
    name: { en: 'China, comma list', 'zh-CN': '国内常见（逗号）' },
    explanation: {
      en: 'The widely copied list: after a comma go moves on for 404 and 410 only, not after an EOF.',
      'zh-CN': '网上最常见的写法：逗号之后只有 404 和 410 才会换下一个，遇到 EOF 会停下。',
    },
    builtIn: true,
    variables: { GOPROXY: 'https://goproxy.cn,https://proxy.golang.org,direct', GOSUMDB: SUMDB },
    git: [],
    networks: [],
  },
  {
    id: 'goproxy-io',
    name: { en: 'goproxy.io', 'zh-CN': 'goproxy.io' },
    explanation: {
      en: 'goproxy.io first, then straight from the source after any error: whoever breaks the proxy can make go run git.',
      'zh-CN': '优先 goproxy.io，任何错误都改为直连源站：谁让代理出错，谁就能让 go 运行 git。',
    },
    builtIn: true,
    variables: { GOPROXY: 'https://goproxy.io|direct', GOSUMDB: SUMDB },
    git: [],
    networks: [],
  },
  {
    id: 'aliyun',
    name: { en: 'Alibaba Cloud', 'zh-CN': '阿里云' },
    explanation: {
      en: 'mirrors.aliyun.com first, then goproxy.cn after any error; the source only for modules that neither has.',
      'zh-CN': '优先 mirrors.aliyun.com，任何错误都改用 goproxy.cn；只有两者都没有的模块才直连源站。',
    },
    builtIn: true,
    variables: { GOPROXY: 'https://mirrors.aliyun.com/goproxy/|https://goproxy.cn,direct', GOSUMDB: SUMDB },
    git: [],
    networks: [],
  },
  {
    id: 'official',
    name: { en: 'Official', 'zh-CN': '官方默认' },
    explanation: {
      en: 'What go itself comes with: proxy.golang.org, then the source for modules it does not have.',
      'zh-CN': 'go 自带的默认值：proxy.golang.org，没有的模块再直连源站。',
    },
    builtIn: true,
    variables: { GOPROXY: 'https://proxy.golang.org,direct', GOSUMDB: SUMDB },
    git: [],
    networks: [],
  },
  {
    id: 'direct',
    name: { en: 'Direct', 'zh-CN': '直连' },
    explanation: {
      en: 'No proxy: go asks every source host itself, with git.',
      'zh-CN': '不用代理：go 直接用 git 访问各个源站。',
    },
    builtIn: true,
    variables: { GOPROXY: 'direct', GOSUMDB: SUMDB },
    git: [],
    networks: [],
  },
];

/**
 * In the user's order; unlisted ones follow: `first`, the user's own, then the built-in ones not replaced by one of them.
 */
export function profilesOf(settings: Settings, first: readonly Profile[] = []): readonly Profile[] {
  const own = new Set(settings.profiles.map(({ id }) => id));
  const builtIn = settings.builtInProfiles ? BUILT_IN_PROFILES.filter(({ id }) => !own.has(id)) : [];
  const all = [...first.filter(({ id }) => !own.has(id)), ...settings.profiles, ...builtIn];
  const place = (id: string) => {
    const at = settings.profileOrder.indexOf(id);
    return at < 0 ? settings.profileOrder.length : at;
  };
  return all.toSorted((a, b) => place(a.id) - place(b.id));
}
