import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeModule } from '../../shared/domain/module-path.ts';
import { treePath } from './ask-upstream.ts';
import { parseRoute } from './route.ts';

const NAMES = ['sum.example.test', 'sum.example.test/with/path'];
const route = (target: string) => parseRoute(target, NAMES);

describe('requests of the GOPROXY protocol', () => {
  it.each([
    ['/example.test/hello/@v/list', { kind: 'list', path: 'example.test/hello' }],
    ['/example.test/hello/@latest', { kind: 'latest', path: 'example.test/hello' }],
    [
      '/example.test/%21upper/@v/v1.0.0-%21r%21c1.info',
      { kind: 'info', path: 'example.test/Upper', version: 'v1.0.0-RC1' },
    ],
    ['/example.test/!upper/%40v/v1.0.0.mod', { kind: 'mod', path: 'example.test/Upper', version: 'v1.0.0' }],
    [
      '/example.test/a/@v/v2.0.0%2Bincompatible.zip',
      { kind: 'zip', path: 'example.test/a', version: 'v2.0.0+incompatible' },
    ],
    [
      '/example.test/a/@v/v2.0.0+incompatible.zip',
      { kind: 'zip', path: 'example.test/a', version: 'v2.0.0+incompatible' },
    ],
    ['/example.test/a/@v/main.info', { kind: 'info', path: 'example.test/a', version: 'main' }],
    [
      '/golang.org/toolchain/@v/v0.0.1-go1.27.3.linux-amd64.zip',
      { kind: 'zip', version: 'v0.0.1-go1.27.3.linux-amd64' },
    ],
    ['/sumdb/sum.example.test/supported', { kind: 'sumdb', name: 'sum.example.test', file: { kind: 'supported' } }],
    [
      '/sumdb/sum.example.test/with/path/latest',
      { kind: 'sumdb', name: 'sum.example.test/with/path', file: { kind: 'latest' } },
    ],
    [
      '/sumdb/sum.example.test/lookup/example.test/!upper@v1.0.0',
      { file: { kind: 'lookup', path: 'example.test/Upper', version: 'v1.0.0' } },
    ],
    ['/sumdb/sum.example.test/tile/8/1/x001/x234/067.p/9', { file: { level: 1, index: 1_234_067, width: 9 } }],
    ['/sumdb/sum.example.test/tile/8/0/255', { file: { kind: 'tile', index: 255, width: 256 } }],
    ['/sumdb/sum.example.test/tile/8/data/000.p/9', { file: { kind: 'data', path: 'tile/8/data/000.p/9' } }],
  ])('%s', (target, expected) => {
    expect(parseRoute(target, [...NAMES].reverse())).toMatchObject(expected);
  });

  it.each([
    '/example.test/Upper/@v/list',
    '/example.test/!Upper/@v/list',
    '/example.test/a!/@v/list',
    '/example.test/../secret/@v/list',
    '/example.test/%2e%2e/secret/@v/list',
    '/example.test/a%2f..%2fb/@v/list',
    '/example.test/a%00/@v/list',
    '/example.test//a/@v/list',
    '/example.test/a/@v/v1.0.0.info?x=1',
    '/example.test/a/@v/../list',
    '/example.test/a/@v/v1.0.0%2f..%2fx.zip',
    '/example.test/a/@v/v1.0.0\\x.zip',
    '/example.test/a/@v/v1.0.zip',
    '/example.test/a/@v/main.mod',
    '/example.test/a/@v/v1.0.0.exe',
    '/example.test/a',
    '/',
    '/%',
    '/@v/list',
    '/-flag/a/@v/list',
    '/sumdb/sum.other.test/supported',
    '/sumdb/sum.example.test/lookup/example.test/a',
    '/sumdb/sum.example.test/tile/8/0/1',
    '/sumdb/sum.example.test/tile/4/0/001',
    '/sumdb/sum.example.test/../../etc/passwd',
    'http://127.0.0.1/example.test/a/@v/list',
    `/example.test/${'a'.repeat(5_000)}/@v/list`,
  ])('refuses %s', (target) => {
    expect(route(target)).toMatchObject({ kind: 'refused' });
  });

  it('reads every target, and leads none out of the tree', () => {
    const pieces = fc.constantFrom(
      '/',
      '..',
      '%2e',
      '%2f',
      '%00',
      '@v',
      '!a',
      'A',
      'sumdb',
      'v1.0.0',
      '.zip',
      'a.b',
      '\\',
      '~',
      '%',
      '\u00e9',
    );
    const targets = fc.array(pieces, { maxLength: 12 }).map((parts) => `/${parts.join('')}`);
    fc.assert(
      fc.property(
        fc.oneof(
          targets,
          fc.string().map((text) => `/${text}`),
        ),
        (target) => {
          const found = route(target);
          if (found.kind === 'refused' || found.kind === 'sumdb') return true;
          return !treePath(found)
            .split('/')
            .some((part) => part === '' || part === '.' || part === '..' || part.startsWith('.'));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('reads back what it escapes', () => {
    const element = fc.stringMatching(/^[A-Za-z0-9_~][A-Za-z0-9._~-]{0,10}[A-Za-z0-9_~]$/);
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 4 }), (elements) => {
        const path = elements.join('/');
        expect(route(`/${escapeModule(path)}/@v/list`)).toEqual({ kind: 'list', path });
      }),
    );
  });
});
