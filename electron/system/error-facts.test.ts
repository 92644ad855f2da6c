import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import * as vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorCode, errorDetail, errorFacts, errorMessage } from './error-facts.ts';

/** What an action throws. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('errorFacts', () => {
  it('reads code, errno, syscall and path of a system error', () => {
    const error = thrownBy(() => readFileSync('/no/such/file'));
    expect(errorFacts(error)).toMatchObject({
      name: 'Error',
      code: 'ENOENT',
      errno: -2,
      syscall: 'open',
      path: '/no/such/file',
    });
  });

  it("reads SQLite's result code", () => {
    const error = thrownBy(() => new DatabaseSync(':memory:').exec('no sql'));
    expect(errorFacts(error)).toMatchObject({ code: 'ERR_SQLITE_ERROR', errcode: 1 });
  });

  it('reads the first message of a connection that failed on every address', async () => {
    const error = await new Promise((resolve) =>
      connect({
        host: 'two.invalid',
        port: 1,
        autoSelectFamily: true,
        lookup: (_host, _options, answer) =>
          answer(null, [
            { address: '127.0.0.1', family: 4 },
            { address: '127.0.0.2', family: 4 },
          ]),
      }).once('error', resolve),
    );
    expect(errorFacts(error)).toMatchObject({ name: 'AggregateError', code: 'ECONNREFUSED' });
    expect(errorMessage(error)).toContain('ECONNREFUSED 127.0.0.1:1');
  });

  it('reads an error of another realm, which is not an instance of our Error', () => {
    const error: unknown = vm.runInNewContext("Object.assign(new RangeError('far'), { code: 'EFAR' })");
    expect(error instanceof Error).toBe(false);
    expect(errorFacts(error)).toMatchObject({ name: 'RangeError', message: 'far', code: 'EFAR' });
  });

  it('follows causes, and stops at a cycle', () => {
    const inner = Object.assign(new Error('inner'), { code: 'EINNER' });
    expect(errorFacts(new Error('outer', { cause: inner })).cause).toMatchObject({ message: 'inner', code: 'EINNER' });
    inner.cause = inner;
    let depth = 0;
    for (let at = errorFacts(inner).cause; at !== undefined; at = at.cause) depth += 1;
    expect(depth).toBe(8);
  });

  it('ignores properties with an undocumented type', () => {
    const aborted = thrownBy(() => AbortSignal.abort().throwIfAborted());
    expect(errorFacts(aborted)).toMatchObject({ name: 'AbortError', code: undefined });
    expect(errorCode({ code: 5 })).toBeUndefined();
  });

  it.each([
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Object.create(null), 'object'],
  ])('takes %s for its text', (value, text) => {
    expect([errorMessage(value), errorDetail(value)]).toEqual([text, text]);
  });

  it('prefers the code as a detail', () => {
    expect(errorDetail(thrownBy(() => readFileSync('/no/such/file')))).toBe('ENOENT');
    expect(errorDetail(new TypeError('wrong'))).toBe('TypeError: wrong');
  });

  it('accepts any thrown value', () => {
    const hostile = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('no');
      },
    });
    expect(() => errorFacts(hostile)).not.toThrow();
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) => {
        const { name, message } = errorFacts(value);
        expect([typeof name, typeof message, typeof errorDetail(value)]).toEqual(['string', 'string', 'string']);
      }),
    );
  });
});
