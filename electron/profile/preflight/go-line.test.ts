import { expect, it } from 'vitest';
import en from '../../../shared/messages/en.json' with { type: 'json' };
import { goLineProblems } from './go-line.ts';

function problems(goVersion: string, goLine: string | null, toolchainLine: string | null = null, setting = 'auto') {
  return goLineProblems({ goVersion, goLine, toolchainLine, setting }).map(({ key, command }) =>
    command === null ? key : `${key}: ${command}`,
  );
}

it.each([
  ['go1.26.1', '1.21', null, []],
  ['go1.26.1', null, null, []],
  ['go1.26.1', '1.27.0', null, ['toolchain-fetched']],
  ['go1.26.1', '1.20', 'go1.27.1', ['toolchain-fetched']],
  // No such release: the go line is used as a toolchain name.
  ['go1.21.0', '1.23', null, ['go-line-language: go mod edit -go=1.23.0']],
  ['go1.21.8', '1.22', null, ['go-line-language: go mod edit -go=1.22.0']],
  ['go1.22.3', '1.23', null, ['go-line-language: go mod edit -go=1.23.0']],
  ['go1.21.9', '1.23', null, ['toolchain-fetched']],
  ['go1.22.4', '1.23', null, ['toolchain-fetched']],
  ['go1.22.3', '1.23.1', null, ['toolchain-fetched']],
  ['go1.22.3', '1.22', null, []],
  ['go1.22.3', '1.22', 'go1.23.1', ['toolchain-fetched']],
  ['go1.24.4', '1.21', 'go1.25', ['toolchain-line-language: go mod edit -toolchain=go1.25.0']],
  ['go1.26.1', '1.21', 'go1.23', []],
  ['go1.26.1', '1.20', 'go1.20', []],
  // Before toolchain support.
  ['go1.19.8', '1.24', null, []],
  ['go1.19.8', '1.24.0', null, ['go-line-unreadable: go mod edit -go=1.24']],
  ['go1.20.14', '1.21rc2', null, ['go-line-unreadable: go mod edit -go=1.21']],
  ['go1.20.14', '1.20', 'go1.21.0', ['go-line-unreadable']],
  ['go1.19.8', '1.24.0', 'go1.24.1', ['go-line-unreadable: go mod edit -go=1.24', 'go-line-unreadable']],
])('%s reads go %s, toolchain %s: %j', (own, goLine, toolchainLine, expected) => {
  expect(problems(own, goLine, toolchainLine)).toEqual(expected);
});

it('requires nothing that GOTOOLCHAIN forbids', () => {
  expect(problems('go1.22.3', '1.23', null, 'local')).toEqual(['toolchain-refused: go env -w GOTOOLCHAIN=auto']);
  expect(problems('go1.26.1', '1.21', 'go1.27.1', 'local')).toEqual([]);
  expect(problems('go1.26.1', '1.21', 'go1.27', 'local')).toEqual([]);
});

it('has a text for each', () => {
  for (const key of ['go-line-unreadable', 'go-line-language', 'toolchain-line-language']) {
    expect(en.preflight).toHaveProperty(`problem-${key}`);
  }
});
