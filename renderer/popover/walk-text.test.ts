import { expect, it } from 'vitest';
import { COMMA, PIPE, walk } from '../../e2e/gallery/profile-parts.ts';
import { translator } from '../../shared/messages/messages.ts';
import { walkText } from './walk-text.ts';

const t = translator('en');

it.each([
  ['works · 38 ms', 'good', walk(PIPE, 'works', 0, 38)],
  ['works', 'good', walk(PIPE, 'works', 0, null)],
  ['slow · 1.9 s', 'warn', walk(PIPE, 'slow', 0, 1_900)],
  ['slow', 'warn', walk(PIPE, 'slow', 0, null)],
  ['falls back to #2 · 1.9 s', 'warn', walk(PIPE, 'fell-back', 1, 1_900, 'connection-reset')],
  ['fails at #1', 'bad', walk(COMMA, 'stops', 0, null, 'connection-reset')],
  ['not tested', 'dim', walk(PIPE, 'unproven', 0, null)],
] as const)('says “%s”', (text, tone, one) => {
  expect(walkText(one, false, t)).toMatchObject({ text, tone });
});

it('names the cause of the entry that failed, and says when nothing is known yet', () => {
  expect(walkText(walk(COMMA, 'stops', 0, null, 'connection-reset'), false, t).cause).toBe('Connection reset');
  expect(walkText(walk(PIPE, 'works', 0, 38), false, t).cause).toBeNull();
  expect(walkText(walk(PIPE, 'unproven', 0, null), true, t).text).toBe('checking…');
});
