import { expect, it } from 'vitest';
import { eitherSignal, parseUrl } from './web.ts';

it('parseUrl gives a URL or null', () => {
  expect(parseUrl('https://a.example/x')?.host).toBe('a.example');
  expect(parseUrl('no url')).toBeNull();
});

it('eitherSignal is aborted with the first of the two, or at once', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const either = eitherSignal(one.signal, other.signal);
  expect(either.aborted).toBe(false);
  other.abort();
  expect(either.aborted).toBe(true);
  one.abort();
  expect(eitherSignal(new AbortController().signal, AbortSignal.abort()).aborted).toBe(true);
});
