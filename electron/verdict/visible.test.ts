import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { INITIAL_VISIBLE, reduceVisible } from './visible.ts';

const healthy: Verdict = {
  name: 'healthy',
  severity: 'healthy',
  since: 0,
  endpointId: 'a',
  cause: null,
  walk: null,
  degradation: null,
};
const down: Verdict = { ...healthy, name: 'upstream-outage', severity: 'down', cause: 'eof-no-response' };
const offline: Verdict = { ...healthy, name: 'local-offline', severity: 'offline', endpointId: null };
const EVERY = 30_000;

const shown = reduceVisible(INITIAL_VISIBLE, healthy, 0, EVERY);

describe('a verdict is shown', () => {
  it('at once when it is the first', () => {
    expect(reduceVisible(INITIAL_VISIBLE, down, 0, EVERY).shown).toBe(down);
  });

  it('once it has lasted for its delay, and asks to be looked at then', () => {
    const waiting = reduceVisible(shown, down, 1_000, EVERY);
    expect(waiting).toMatchObject({ shown: healthy, lookAt: 7_000 });
    expect(reduceVisible(waiting, down, 6_999, EVERY).shown).toBe(healthy);
    expect(reduceVisible(waiting, down, 7_000, EVERY).shown).toBe(down);
  });

  it('not at all when another explains it in time', () => {
    const waiting = reduceVisible(shown, down, 1_000, EVERY);
    const other = reduceVisible(waiting, offline, 5_000, EVERY);
    expect(other.shown).toBe(healthy);
    expect(reduceVisible(other, offline, 7_000, EVERY).shown).toBe(offline);
  });

  it('at once when it is good news', () => {
    const trouble = reduceVisible(reduceVisible(shown, down, 0, EVERY), down, 6_000, EVERY);
    expect(trouble.shown).toBe(down);
    expect(reduceVisible(trouble, healthy, 6_001, EVERY)).toMatchObject({ shown: healthy, lookAt: null });
  });

  it('with what is newest of it', () => {
    const newer = { ...healthy, walk: { steps: [], outcome: 'works' as const, endsAt: 0, latencyMs: 5 } };
    expect(reduceVisible(shown, newer, 5, EVERY).shown).toBe(newer);
  });

  it('sooner where probes are frequent', () => {
    const waiting = reduceVisible(shown, down, 0, 400);
    expect(waiting.lookAt).toBe(200);
  });
});
