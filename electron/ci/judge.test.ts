import { describe, expect, it } from 'vitest';
import { explain } from '../explain/explain.ts';
import { showsCodeFailure } from './code-failure.ts';
import { isOnlyNotYetVisible, judge } from './judge.ts';

function outputOf(text: string) {
  return {
    findings: explain(text),
    codeLine: text.split('\n').find(showsCodeFailure) ?? null,
    routeHosts: new Set(['proxy.lab']),
  };
}

const judged = (text: string) => {
  const { side, ground, isRetryable } = judge(outputOf(text));
  return `${side} ${ground}${isRetryable ? ' retryable' : ''}`;
};

const EOF_ERROR = 'go: example.test/a@v1.0.0: Get "https://proxy.golang.org/example.test/a/@v/v1.0.0.zip": EOF';
const MISMATCH = `verifying example.test/a@v1.0.0: checksum mismatch
	downloaded: h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
	go.sum:     h1:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=

SECURITY ERROR
This download does NOT match an earlier download recorded in go.sum.`;

describe('infrastructure or code', () => {
  it.each([
    ['an EOF', EOF_ERROR, 'infrastructure infrastructure retryable'],
    ['an EOF of a package', `main.go:4:2: ${EOF_ERROR.slice(4)}`, 'infrastructure infrastructure retryable'],
    [
      'an EOF under go test',
      `# example.test/app\nmain.go:4:2: ${EOF_ERROR.slice(4)}\nFAIL\texample.test/app [setup failed]\nFAIL`,
      'infrastructure infrastructure retryable',
    ],
    [
      'a 503',
      EOF_ERROR.replace(/Get .*/, 'reading https://proxy.lab/a.zip: 503 Service Unavailable'),
      'infrastructure infrastructure retryable',
    ],
    [
      'an expired certificate',
      EOF_ERROR.replace(
        /: EOF$/,
        ': tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-02T00:00:00Z is after 2025-01-01T00:00:00Z',
      ),
      'infrastructure infrastructure',
    ],
    [
      'a mirror whose name is gone',
      EOF_ERROR.replace(/: EOF$/, ': dial tcp: lookup proxy.golang.org on 10.0.0.2:53: no such host'),
      'infrastructure infrastructure',
    ],
    [
      'an import path with a typo',
      'go: unrecognized import path "gihtub.example/a/b": https fetch: Get "https://gihtub.example/a/b?go-get=1": dial tcp: lookup gihtub.example: no such host',
      'code cause',
    ],
    ['a checksum mismatch', MISMATCH, 'code cause'],
    ['a compile error', '# example.test/app\n./main.go:7:2: undefined: foo', 'code code-line'],
    ['a compile error in Windows style', '# example.test/app\n.\\main.go:7:2: undefined: foo', 'code code-line'],
    [
      'a test that fails',
      '--- FAIL: TestX (0.00s)\n    x_test.go:9: got 1\nFAIL\nFAIL\texample.test/app\t0.003s',
      'code code-line',
    ],
    [
      'a test that fails because of its own network',
      '--- FAIL: TestX (0.00s)\n    x_test.go:9: Get "https://api.example.com/": EOF\nFAIL\nFAIL\texample.test/app\t0.003s',
      'code code-line',
    ],
    [
      'a panic over the network',
      'panic: Get "https://api.example.com/": EOF\n\ngoroutine 1 [running]:',
      'code code-line',
    ],
    [
      'both at once',
      `main.go:4:2: ${EOF_ERROR.slice(4)}\n# example.test/app\n./main.go:9:2: declared and not used: x`,
      'code mixed',
    ],
    ['two causes', `${EOF_ERROR}\n${MISMATCH}`, 'code mixed'],
    ['a linker', '/usr/bin/ld: cannot find -lfoo\ncollect2: error: ld returned 1 exit status', 'code code-line'],
    ['an unknown error', 'error: the frobnicator has failed', 'code unknown'],
    ['silence', 'go: downloading example.test/a v1.0.0', 'code silent'],
    ['a missing go.sum line', 'go: example.test/a@v1.0.0: missing go.sum entry for go.mod file', 'code cause'],
    [
      'a module that is not there',
      'go: example.test/a@v9.0.0: reading https://proxy.golang.org/example.test/a/@v/v9.0.0.info: 404 Not Found',
      'code cause',
    ],
    [
      'a login that is missing',
      "go: example.test/a@v1.0.0: git ls-remote -q origin: exit status 128:\n\tfatal: could not read Username for 'https://github.com': terminal prompts disabled",
      'code cause',
    ],
  ])('%s', (_, text, expected) => {
    expect(judged(text)).toBe(expected);
  });

  it('waits only for what is merely not visible yet', () => {
    const young =
      'go: example.test/a@v1.2.3: invalid version: unknown revision v1.2.3\n\tserver response: not found: example.test/a@v1.2.3: temporarily unavailable due to upstream negative cache';
    const absent = 'go: example.test/a@v1.2.3: reading https://proxy.lab/a/@v/v1.2.3.info: 404 Not Found';
    expect(isOnlyNotYetVisible(outputOf(young))).toBe(true);
    expect(isOnlyNotYetVisible(outputOf(absent))).toBe(true);
    expect(isOnlyNotYetVisible(outputOf(absent.replaceAll('@v1.2.3', '@main')))).toBe(false);
    expect(isOnlyNotYetVisible(outputOf(EOF_ERROR))).toBe(false);
    expect(isOnlyNotYetVisible(outputOf(`${young}\n./main.go:7:2: undefined: foo`))).toBe(false);
    expect(isOnlyNotYetVisible({ ...outputOf(''), findings: [] })).toBe(false);
  });
});
