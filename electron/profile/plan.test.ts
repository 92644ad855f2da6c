import { expect, it } from 'vitest';
import type { InForce } from '../../shared/domain/profile.ts';
import { commandLine } from '../../shared/domain/switch-plan.ts';
import { planSwitch } from './plan.ts';

const NOW: InForce = {
  effective: { GOPROXY: 'https://old.test', GOSUMDB: 'sum.golang.org' },
  set: ['GOPROXY'],
  unknown: ['GOAUTH'],
  git: [
    { key: 'http.proxy', value: 'one' },
    { key: 'url.https://m.test/.insteadof', value: 'https://a.test/' },
  ],
};

it('writes values in one call, unsets defaults, leaves out variables this go does not know', () => {
  const plan = planSwitch({ variables: { GOPROXY: 'direct', GOSUMDB: '', GOAUTH: 'off' }, git: [] }, NOW);
  expect(plan.commands.map(commandLine)).toEqual(['go env -w GOPROXY=direct', 'go env -u GOSUMDB']);
  expect(plan).toMatchObject({
    variables: [{ name: 'GOPROXY', from: 'https://old.test', to: 'direct' }],
    leftOut: ['GOAUTH'],
  });
});

it('changes only the git settings that differ, with the spelling of the manual', () => {
  const git = [
    { key: 'http.proxy', value: null },
    { key: 'http.https://github.com/.followRedirects', value: 'true' },
    { key: 'url.https://m.test/.insteadOf', value: 'https://b.test/' },
    { key: 'url.https://m.test/.insteadOf', value: 'https://a.test/' },
  ];
  expect(planSwitch({ variables: {}, git }, NOW).commands.map(commandLine)).toEqual([
    'git config --global --unset-all http.proxy',
    'git config --global --replace-all http.https://github.com/.followRedirects true',
    'git config --global --add url.https://m.test/.insteadOf https://b.test/',
  ]);
});

it('keeps exactly the given values of a repeatable key when a null asks for it', () => {
  const key = 'url.https://m.test/.insteadOf';
  const git = [
    { key, value: null },
    { key, value: 'https://b.test/' },
    { key, value: 'https://c.test/' },
  ];
  expect(planSwitch({ variables: {}, git }, NOW).commands.map(commandLine)).toEqual([
    `git config --global --replace-all ${key} https://b.test/`,
    `git config --global --add ${key} https://c.test/`,
  ]);
});

it('quotes for a shell', () => {
  const plan = planSwitch({ variables: { GOPROXY: "a|b'c" }, git: [] }, NOW);
  expect(plan.commands.map(commandLine)).toEqual([`go env -w 'GOPROXY=a|b'\\''c'`]);
});
