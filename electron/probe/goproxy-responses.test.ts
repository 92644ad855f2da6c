import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCause } from '../../shared/domain/cause.ts';
import { bodyStart, checkInfo, checkList, checkMissing, checkMod } from './goproxy-responses.ts';

const MODULE = { path: 'golang.org/x/text', version: 'v0.3.0' };
const PAGE = '<!DOCTYPE html><html><body>Sign in</body></html>';
const bytes = (text: string) => Buffer.from(text);

describe('reading .info', () => {
  it.each([
    ['{"Version":"v0.3.0","Time":"2017-09-15T17:20:24Z"}', null],
    ['{"Version":"v0.3.0"}', null],
    ['{"version":"v0.3.0","time":"2017-09-15T17:20:24.5+02:00"}', null],
    ['{"Version":"v0.3.0","Time":"2017-09-15T17:20:24Z","Origin":{"VCS":"git"}}', null],
    ['{"Version":"v0.3.1","Time":"2017-09-15T17:20:24Z"}', 'not-a-goproxy'],
    ['{"Version":"v0.3.0","Time":"yesterday"}', 'not-a-goproxy'],
    ['{"Version":"v0.3.0"} and more', 'not-a-goproxy'],
    ['{"Version":3}', 'not-a-goproxy'],
    ['"v0.3.0"', 'not-a-goproxy'],
    ['[]', 'not-a-goproxy'],
    ['null', 'not-a-goproxy'],
    ['', 'not-a-goproxy'],
    ['not found', 'not-a-goproxy'],
    [PAGE, 'captive-portal'],
    [`\n  ${PAGE}`, 'captive-portal'],
    [`\uFEFF${PAGE}`, 'captive-portal'],
  ])('%j → %s', (text, expected) => {
    expect(checkInfo(bytes(text), MODULE)).toBe(expected);
  });

  it('takes any version back for a branch, as go does', () => {
    const info = bytes('{"Version":"v0.3.1-0.20240102030405-0123456789ab"}');
    expect(checkInfo(info, { ...MODULE, version: 'master' })).toBeNull();
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
        const cause = checkInfo(Buffer.from(content), MODULE);
        expect(cause === null || isCause(cause)).toBe(true);
      }),
    );
  });

  it('never calls another version good', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (time, version) => {
        fc.pre(version !== MODULE.version);
        expect(checkInfo(bytes(JSON.stringify({ Version: version, Time: time })), MODULE)).toBe('not-a-goproxy');
      }),
    );
  });

  it('survives JSON nested as deeply as its bytes allow', () => {
    expect(checkInfo(bytes('['.repeat(64 * 1024)), MODULE)).toBe('not-a-goproxy');
    expect(checkInfo(bytes(`${'['.repeat(30_000)}${']'.repeat(30_000)}`), MODULE)).toBe('not-a-goproxy');
  });
});

describe('reading a list', () => {
  it.each([
    ['v0.1.0\nv0.3.0\n', MODULE.version, null],
    ['v0.3.0 2017-09-15T17:20:24Z\r\n', MODULE.version, null],
    ['v0.1.0\nv0.30.0\n', MODULE.version, 'not-a-goproxy'],
    ['', MODULE.version, 'not-a-goproxy'],
    ['', 'v0.0.0-20240102030405-0123456789ab', null],
    ['', 'master', null],
    [PAGE, MODULE.version, 'captive-portal'],
  ])('%j with %s → %s', (text, version, expected) => {
    expect(checkList(bytes(text), { ...MODULE, version })).toBe(expected);
  });
});

describe('reading a go.mod', () => {
  it.each([
    ['module golang.org/x/text\n', null],
    ['// a comment\n\nmodule "golang.org/x/text" // more\n\ngo 1.16\n', null],
    ['module golang.org/x/texts\n', 'not-a-goproxy'],
    ['go 1.16\n', 'not-a-goproxy'],
    ['', 'not-a-goproxy'],
    [PAGE, 'captive-portal'],
  ])('%j → %s', (text, expected) => {
    expect(checkMod(bytes(text), MODULE)).toBe(expected);
  });
});

describe('asking for a name that cannot exist', () => {
  it.each([
    [404, 'not found', null],
    [410, 'gone', null],
    [200, '{"Version":"v0.0.0"}', 'not-a-goproxy'],
    [200, PAGE, 'captive-portal'],
    [403, '', 'http-forbidden'],
    [502, '', 'http-server-error'],
    [511, PAGE, 'captive-portal'],
  ])('status %i with %j → %s', (status, text, expected) => {
    expect(checkMissing(status, bytes(text))).toBe(expected);
  });
});

describe('the start of an unexpected body', () => {
  it('is one printable line of bounded length', () => {
    expect(bodyStart(bytes('a\r\n\u0000\u001b[31mb\tc'))).toBe('a [31mb c');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (content) => {
        const start = bodyStart(Buffer.from(content));
        expect(start.length).toBeLessThanOrEqual(200);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
        expect(start).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});
