import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { type Command, SystemProcessRunner } from './process-runner.ts';

const runner = new SystemProcessRunner(systemClock);
const sh = (script: string, more: Partial<Command> = {}) =>
  runner.run({ file: '/bin/sh', args: ['-c', script], env: { PATH: process.env.PATH }, timeoutMs: 10_000, ...more });

describe('SystemProcessRunner', () => {
  it('reports the exit and the output of a program', async () => {
    expect(await sh('echo out; echo err >&2; exit 3')).toEqual({
      ended: 'exited',
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await sh('kill -TERM $$')).toMatchObject({ ended: 'killed', by: 'signal', signalName: 'SIGTERM' });
  });

  it('passes the child its arguments, input and environment, and nothing else', async () => {
    const echoed = await runner.run({
      file: '/bin/sh',
      args: ['-c', 'printf "%s|" "$@"; env | cut -d= -f1 | sort | tr "\\n" " "; cat', 'sh', '$HOME; rm -rf /', '`id`'],
      env: { PATH: '/usr/bin:/bin', ONLY: '1' },
      input: 'said',
      timeoutMs: 10_000,
    });
    expect(echoed).toMatchObject({ stdout: '$HOME; rm -rf /|`id`|ONLY PATH PWD said' });
  });

  it('returns a missing program or an invalid argument as a value', async () => {
    expect(await runner.run({ file: '/no/such', args: [], env: {}, timeoutMs: 100 })).toMatchObject({
      ended: 'not-started',
      code: 'ENOENT',
    });
    expect(await sh('a\0b')).toMatchObject({ ended: 'not-started', code: 'ERR_INVALID_ARG_VALUE' });
  });

  it('ends a program and its children at the time limit and when cancelled', async () => {
    const started = performance.now();
    const folder = mkdtempSync(join(tmpdir(), 'gopherbar-runner-'));
    const trace = join(folder, 'trace');
    const late = await sh(`(sleep 1; echo alive > "${trace}") & wait`, { timeoutMs: 300 });
    expect(late).toMatchObject({ ended: 'killed', by: 'timeout' });
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 200);
    expect(await sh('sleep 30', { signal: cancel.signal })).toMatchObject({ ended: 'killed', by: 'cancel' });
    expect(await sh('echo never', { signal: cancel.signal })).toMatchObject({
      ended: 'killed',
      by: 'cancel',
      stdout: '',
    });
    expect(performance.now() - started).toBeLessThan(10_000);
    await delay(1_200);
    expect(existsSync(trace)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('keeps the beginning of endless output', async () => {
    const outcome = await sh('yes 0123456789 | head -c 1000000', { maxOutputBytes: 1_000 });
    expect(outcome).toMatchObject({ ended: 'exited', exitCode: 0 });
    expect('stdout' in outcome ? outcome.stdout.length : 0).toBe(1_000);
  });
});
