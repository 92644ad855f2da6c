import fc from 'fast-check';
import { expect, it } from 'vitest';
import { composeBuilds } from './compose.ts';

/** `${…}`, which is no template here. */
const ref = (inside: string) => `$\{${inside}}`;

const ENV = { GOPROXY: 'https://shell|direct', TAG: '' };

it.each<[string, string, object[]]>([
  [
    'a build by its folder',
    'services:\n  api:\n    build: ./api\n',
    [{ service: 'api', context: './api', dockerfile: 'Dockerfile', args: {} }],
  ],
  [
    'arguments as a map',
    'services:\n  api:\n    build:\n      context: .\n      args: {GOPROXY: "https://a", GOSUMDB: null, N: 1}\n',
    [{ service: 'api', context: '.', dockerfile: 'Dockerfile', args: { GOPROXY: 'https://a', GOSUMDB: null, N: '1' } }],
  ],
  [
    'arguments as a list',
    'services:\n  api:\n    build:\n      args:\n        - GOPROXY\n        - GOSUMDB=a=b\n',
    [
      {
        service: 'api',
        context: '.',
        dockerfile: 'Dockerfile',
        args: { GOPROXY: 'https://shell|direct', GOSUMDB: 'a=b' },
      },
    ],
  ],
  [
    'interpolation',
    [
      'services:',
      '  api:',
      '    build:',
      `      dockerfile: ${ref('FILE:-build.Dockerfile')}`,
      `      args: {GOPROXY: "${ref('GOPROXY')}", TAG: "${ref('TAG:-latest')}", EMPTY: "${ref('TAG-x')}", PRICE: "$$5"}`,
    ].join('\n'),
    [
      {
        service: 'api',
        context: '.',
        dockerfile: 'build.Dockerfile',
        args: { GOPROXY: 'https://shell|direct', TAG: 'latest', EMPTY: '', PRICE: '$5' },
      },
    ],
  ],
  [
    'an anchor',
    'x-build: &b\n  context: .\nservices:\n  api:\n    build: *b\n',
    [{ service: 'api', context: '.', dockerfile: 'Dockerfile', args: {} }],
  ],
  ['only images', 'services:\n  db:\n    image: postgres\n', []],
  ['something else', '- a\n- b\n', []],
  ['a mistake', 'services: [\n', []],
])('reads %s', (_, text, expected) => {
  expect(composeBuilds(text, ENV)).toEqual(expected);
});

it('never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => void composeBuilds(`services:\n  a:\n    build:\n      ${text}`, ENV)));
});
