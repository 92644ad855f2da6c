import { expect, it } from 'vitest';
import { gatewayProfile, goproxyOf } from './gateway-profile.ts';

const variables = (effective: Parameters<typeof gatewayProfile>[1]) =>
  gatewayProfile(goproxyOf('http://127.0.0.1:8123', 0), effective).variables;

it('leads to the gateway, and to the source while it does not run', () => {
  expect(variables({})).toEqual({ GOPROXY: 'http://127.0.0.1:8123|direct', GONOPROXY: '', GONOSUMDB: '' });
});

it('leads to nothing else while versions are held back', () => {
  expect(goproxyOf('http://127.0.0.1:8123', 7)).toBe('http://127.0.0.1:8123');
});

it('keeps every private pattern private, whichever variable holds it', () => {
  // As `go env` says it: both default to GOPRIVATE unless they are set.
  expect(variables({ GOPRIVATE: 'a.test', GONOPROXY: 'b.test', GONOSUMDB: 'c.test,a.test' })).toMatchObject({
    GONOPROXY: 'a.test,b.test',
    GONOSUMDB: 'a.test,b.test,c.test',
  });
  expect(variables({ GOPRIVATE: 'a.test', GONOPROXY: 'none', GONOSUMDB: 'a.test' })).toMatchObject({
    GONOPROXY: 'a.test',
    GONOSUMDB: 'a.test',
  });
});
