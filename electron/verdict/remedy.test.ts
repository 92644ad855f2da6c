import { describe, expect, it } from 'vitest';
import type { Walk } from '../../shared/domain/verdict.ts';
import { remedyProfile } from './remedy.ts';

function state(id: string, outcome: Walk['outcome'], latencyMs: number | null = null, active = false) {
  const profile = { id, name: id, explanation: id, builtIn: false, variables: {}, git: [], networks: [] };
  return { profile, active, walk: { steps: [], outcome, endsAt: 0, latencyMs } };
}

describe('the remedy', () => {
  it('is the fastest profile that works', () => {
    expect(remedyProfile([state('a', 'stops', null, true), state('b', 'works', 90), state('c', 'works', 40)])).toBe(
      'c',
    );
  });

  it('prefers a working profile over a faster one that falls back', () => {
    expect(remedyProfile([state('b', 'fell-back', 10), state('c', 'works', 900)])).toBe('c');
  });

  it('is nothing when no other profile is known to work', () => {
    expect(remedyProfile([state('a', 'works', 5, true), state('b', 'stops'), state('c', 'unproven')])).toBeNull();
  });
});
