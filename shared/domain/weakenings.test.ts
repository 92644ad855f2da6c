import { expect, it } from 'vitest';
import en from '../messages/en.json' with { type: 'json' };
import type { GitSetting } from './git-setting.ts';
import type { GoVariables } from './profile.ts';
import { fromTemplate, PROFILE_TEMPLATES } from './profile-templates.ts';
import { WEAKENING_KEYS, weakeningsOf } from './weakenings.ts';

const keys = (variables: GoVariables, git: readonly GitSetting[] = []) =>
  weakeningsOf({ variables, git }).map(({ key }) => key);

it.each<[GoVariables, string[]]>([
  [{ GOPROXY: 'https://goproxy.cn,direct', GOSUMDB: 'sum.golang.google.cn', GOPRIVATE: 'a.test' }, []],
  [{ GOSUMDB: '' }, []],
  [{ GOSUMDB: 'off' }, ['sumdb-off']],
  [{ GOSUMDB: 'sum.golang.org+00000000+AAAA' }, ['sumdb-other']],
  [{ GOSUMDB: 'sum.golang.org https://evil.test' }, ['sumdb-other']],
  [{ GONOSUMDB: '*' }, ['nosumdb']],
  [{ GOINSECURE: 'a.test' }, ['insecure']],
  [{ GOPROXY: 'http://proxy.test|direct' }, ['plain-http']],
  [{ GOPROXY: 'http://127.0.0.1:8081|direct' }, []],
  [{ GOPROXY: 'http://127.0.0.1.evil.test' }, ['plain-http']],
  [{ GOVCS: '*:all' }, ['vcs']],
  [{ GOTOOLCHAIN: 'path' }, ['toolchain']],
  [{ GOTOOLCHAIN: 'auto' }, []],
  [{ GOAUTH: 'netrc' }, []],
  [{ GOAUTH: 'git /tmp/x' }, ['git-credentials']],
])('%j: %j', (variables, expected) => expect(keys(variables)).toEqual(expected));

it('names the host that git is redirected to, and never a password', () => {
  const git = [
    { key: 'url.https://u:s3cret@evil.test/.insteadOf', value: 'https://github.com/' },
    { key: 'http.proxy', value: 'http://u:s3cret@evil.test' },
    { key: 'http.https://a.test/.proxy', value: '' },
    { key: 'http.proxy', value: null },
  ];
  expect(keys({}, git)).toEqual(['instead-of', 'git-proxy']);
  const all = weakeningsOf({ variables: { GOPROXY: 'http://u:s3cret@evil.test' }, git });
  expect(JSON.stringify(all)).not.toContain('s3cret');
});

it('finds nothing in the templates', () => {
  for (const template of PROFILE_TEMPLATES) expect(weakeningsOf(fromTemplate(template, {}, 'own'))).toEqual([]);
});

it('has a text for each', () => {
  for (const key of WEAKENING_KEYS) expect(en.profiles).toHaveProperty(`weakens-${key}`);
});
