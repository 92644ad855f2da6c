import { expect, it } from 'vitest';
import en from '../messages/en.json' with { type: 'json' };
import type { GitSetting } from './git-setting.ts';
import type { GoVariables } from './profile.ts';
import { profileProblems } from './profile-problems.ts';
import { freeId, fromTemplate, PROFILE_TEMPLATES } from './profile-templates.ts';

function problems(variables: GoVariables, git: readonly GitSetting[] = [], name = 'x') {
  const profile = { id: 'x', name, explanation: '', builtIn: false, variables, git, networks: [] };
  return profileProblems(profile).map(({ field, key }) => `${field} ${key}`);
}

it.each<[GoVariables, string[]]>([
  [{ GOPROXY: 'https://a.test|direct' }, []],
  [{ GOPROXY: '' }, []],
  [{ GOPROXY: ' , ' }, ['GOPROXY goproxy-empty']],
  [{ GOPROXY: 'https://a.test，direct' }, ['GOPROXY goproxy-entry']],
  [{ GOPROXY: 'goproxycn' }, ['GOPROXY goproxy-entry']],
  [{ GOSUMDB: 'sum.golang.google.cn' }, []],
  [{ GOSUMDB: 'off' }, []],
  [{ GOSUMDB: 'sum.goproxy.cn' }, ['GOSUMDB sumdb']],
  [{ GOSUMDB: 'sum.golang.org https://sum.golang.google.cn' }, []],
  [{ GOPRIVATE: '*.corp.test,github.com/acme' }, []],
  [{ GOPRIVATE: 'https://corp.test' }, ['GOPRIVATE glob']],
  [{ GONOPROXY: 'none' }, []],
  [{ GOVCS: 'github.com:git,*:off' }, []],
  [{ GOVCS: 'git' }, ['GOVCS vcs']],
  [{ GOTOOLCHAIN: 'go1.26.1+auto' }, []],
  [{ GOTOOLCHAIN: '1.26' }, ['GOTOOLCHAIN toolchain']],
  [{ GOAUTH: 'netrc' }, []],
  [{ GOAUTH: 'netrc;git /src' }, []],
  [{ GOAUTH: 'off;netrc' }, ['GOAUTH goauth']],
  [{ GOAUTH: 'git src' }, ['GOAUTH goauth']],
  [{ GOAUTH: 'netrc;/tmp/x.sh' }, ['GOAUTH goauth-program']],
  [{ GOINSECURE: 'a\nb' }, ['GOINSECURE line']],
  [{}, ['whole nothing-set']],
])('%j: %j', (variables, expected) => expect(problems(variables)).toEqual(expected));

it('looks at names and git settings, too', () => {
  const git = [
    { key: 'core.editor', value: 'vi' },
    { key: 'http.proxy', value: 'a' },
    { key: 'HTTP.proxy', value: 'b' },
  ];
  expect(problems({}, git, ' ')).toEqual(['name name-missing', 'git-0 git-key', 'git-2 git-twice']);
});

it('has a text for every problem', () => {
  const words = en.profiles as Record<string, string>;
  for (const key of [
    'name-missing',
    'nothing-set',
    'goproxy-entry',
    'sumdb',
    'glob',
    'vcs',
    'toolchain',
    'git-twice',
  ]) {
    expect(words[`problem-${key}`], key).toBeDefined();
  }
});

it('a template is valid once its questions are answered', () => {
  for (const template of PROFILE_TEMPLATES) {
    const answers = { private: '*.corp.test', proxy: 'https://goproxy.corp.test' };
    expect(profileProblems(fromTemplate(template, answers, template.id))).toEqual([]);
  }
});

it('finds unused ids', () => {
  expect(freeId('Company intranet!', [])).toBe('company-intranet');
  expect(freeId('a', ['a', 'a-2'])).toBe('a-3');
  expect(freeId('内网', [])).toBe('profile');
});
