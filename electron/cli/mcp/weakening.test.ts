import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MemoryTerminal } from '../../../e2e/doubles/memory-terminal.ts';
import { systemClock } from '../../system/clock.ts';
import { runTool, TOOLS } from './tools.ts';
import { withoutWeakening } from './weakening.ts';

it.each([
  'go env -w GOSUMDB=off',
  "go env -w 'GONOSUMDB=*'",
  'export GOPRIVATE=*',
  'GOINSECURE=proxy.corp.example go get x',
  'go get -insecure example.com/x',
  'go env -w GOFLAGS=-insecure',
  'git config --global http.sslVerify false',
  'git -c http.https://git.corp.example.sslverify=false clone x',
  'GIT_SSL_NO_VERIFY=true git fetch',
  "GIT_SSH_COMMAND='ssh -o StrictHostKeyChecking=no' go mod download",
])('leaves out the advice %s', (command) => {
  const answer = { findings: [{ cause: 'eof', commands: ['go env -w GOPROXY=https://a', command], remedy: command }] };
  const kept = { findings: [{ cause: 'eof', commands: ['go env -w GOPROXY=https://a'], remedy: null }] };
  expect(withoutWeakening(answer)).toEqual({ value: kept, removed: 2 });
});

it('leaves out values of a fix', () => {
  expect(withoutWeakening({ fix: { variables: { GOSUMDB: 'off' }, git: [] } })).toMatchObject({ removed: 1 });
});

it.each([
  { setting: 'GOSUMDB=off', subject: 'GOSUMDB' },
  { commands: ['go env -w GOPRIVATE=corp.example', 'go env -u GOSUMDB', 'go env -w GOSUMDB=sum.golang.org'] },
  { commands: ['go env -u GOINSECURE', 'go env -w GOINSECURE='] },
  { text: 'someone ran go env -w GOSUMDB=off' },
  [1, null, 'x', true],
])('keeps %j', (value) => expect(withoutWeakening(value)).toEqual({ value, removed: 0 }));

it('never advises to weaken verification for any recorded error', async () => {
  const file = join(import.meta.dirname, '../../explain/fixtures/public.json');
  const cases: readonly { readonly texts: readonly string[] }[] = JSON.parse(readFileSync(file, 'utf8'));
  const texts = cases.flatMap((one) => one.texts);
  const explain = TOOLS.find(({ name }) => name === 'explain');
  if (explain === undefined) throw new Error('no tool');
  expect(texts.length).toBeGreaterThan(100);
  for (const text of texts) {
    const { io } = new MemoryTerminal();
    const answer = await runTool(explain, { text }, io, systemClock, new AbortController().signal);
    expect(answer.ok, text).toBe(true);
    // Nothing had to be left out: the remedies themselves are safe.
    expect(JSON.stringify(answer)).not.toContain('switched verification off');
  }
});
