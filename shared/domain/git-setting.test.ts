import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GitSetting, gitKey, gitSettingProblem, gitTarget, isGitInForce } from './git-setting.ts';

it.each([
  ['http.proxy', 'http.proxy'],
  ['HTTP.Proxy', 'http.proxy'],
  ['http.https://GitHub.com/.Proxy', 'http.https://GitHub.com/.proxy'],
  ['http.https://github.com/.followRedirects', 'http.https://github.com/.followredirects'],
  ['url.git@github.com:.insteadOf', 'url.git@github.com:.insteadof'],
  ['http.followRedirects', null],
  ['core.editor', null],
  ['http.sslVerify', null],
  ['url.x\n.insteadOf', null],
])('key %j is %j', (text, key) => expect(gitKey(text)).toBe(key));

it.each<[GitSetting, ReturnType<typeof gitSettingProblem>]>([
  [{ key: 'http.proxy', value: 'http://127.0.0.1:1' }, null],
  [{ key: 'http.proxy', value: '' }, null],
  [{ key: 'http.proxy', value: '--upload-pack=x' }, 'value'],
  [{ key: 'http.proxy', value: 'a\nb' }, 'value'],
  [{ key: 'http.https://a/.followRedirects', value: 'yes' }, 'value'],
  [{ key: 'url.a.insteadOf', value: '' }, 'value'],
  [{ key: 'core.sshCommand', value: 'x' }, 'key'],
])('%j: %s', (setting, problem) => expect(gitSettingProblem(setting)).toBe(problem));

it('a repeatable key keeps values of others, unless exactly the given values are requested', () => {
  const now = [{ key: 'url.m.insteadof', value: 'a' }];
  expect(gitTarget('url.m.insteadOf', [{ key: 'url.m.insteadOf', value: 'b' }], now)).toEqual(['a', 'b']);
  const exactly = [
    { key: 'url.m.insteadOf', value: null },
    { key: 'url.m.insteadOf', value: 'b' },
  ];
  expect(gitTarget('url.m.insteadOf', exactly, now)).toEqual(['b']);
});

it('the target values are in effect once applied', () => {
  const key = fc.constantFrom('http.proxy', 'http.https://a/.proxy', 'url.m.insteadof');
  const settings = fc.array(fc.record({ key, value: fc.constantFrom('x', 'y', 'z') }), { maxLength: 4 });
  const wishes = fc.uniqueArray(fc.record({ key, value: fc.option(fc.constantFrom('x', 'y')) }), {
    selector: (one) => one.key,
  });
  fc.assert(
    fc.property(settings, wishes, (now, wanted) => {
      const keys = [...new Set([...now, ...wanted].map((one) => one.key))];
      const after = keys.flatMap((one) =>
        (wanted.some((wish) => wish.key === one)
          ? gitTarget(one, wanted, now)
          : now.filter((own) => own.key === one).map(({ value }) => value)
        ).map((value) => ({ key: one, value })),
      );
      expect(isGitInForce(wanted, after)).toBe(true);
    }),
  );
});
