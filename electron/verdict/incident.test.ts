import { describe, expect, it } from 'vitest';
import { downtimeOf, type Incident } from '../../shared/domain/incident.ts';
import type { PublishedStatus } from './endpoint-health.ts';
import { reduceIncident } from './incident.ts';
import { restoredDown, unknownStatus } from './status.ts';

const down: PublishedStatus = {
  ...restoredDown(100, 'eof-no-response', { failuresToDown: 3, successesToUp: 2 }),
  degradation: null,
};
const up: PublishedStatus = { ...unknownStatus(500), status: 'up', degradation: null };
const degraded: PublishedStatus = { ...unknownStatus(300), status: 'degraded', degradation: 'over-limit' };

describe('incidents', () => {
  it('open with the outage and keep what the failing probe saw', () => {
    const { open, save } = reduceIncident('a', null, down, '{"code":"ECONNRESET"}');
    expect(open).toMatchObject({
      id: 'a@100',
      severity: 'down',
      startedAt: 100,
      endedAt: null,
      evidence: '{"code":"ECONNRESET"}',
    });
    expect(save).toEqual([open]);
  });

  it('follow a change of cause', () => {
    const opened = reduceIncident('a', null, down, null).open;
    const { open, save } = reduceIncident('a', opened, { ...down, cause: 'connect-refused' }, null);
    expect(open).toMatchObject({ id: 'a@100', cause: 'connect-refused' });
    expect(save).toEqual([open]);
  });

  it('store nothing while nothing changes', () => {
    const opened = reduceIncident('a', null, down, null).open;
    expect(reduceIncident('a', opened, down, null).save).toEqual([]);
    expect(reduceIncident('a', null, up, null).save).toEqual([]);
  });

  it('close at the first success of the recovery', () => {
    const opened = reduceIncident('a', null, down, null).open;
    const { open, save } = reduceIncident('a', opened, up, null);
    expect(open).toBeNull();
    expect(save).toEqual([{ ...opened, endedAt: 500 }]);
  });

  it('become another incident when down turns into degraded', () => {
    const opened = reduceIncident('a', null, down, null).open;
    const { open, save } = reduceIncident('a', opened, degraded, 'x');
    expect(save).toEqual([{ ...opened, endedAt: 300 }, open]);
    expect(open).toMatchObject({ severity: 'degraded', startedAt: 300, evidence: null });
  });

  it('outlast a spell in which nothing is known', () => {
    const opened = reduceIncident('a', null, down, null).open;
    expect(reduceIncident('a', opened, { ...unknownStatus(900), degradation: null }, null)).toEqual({
      open: opened,
      save: [],
    });
  });

  it('distinguish intermittent from slow, and never overlap when a later report began earlier', () => {
    const opened = reduceIncident('a', null, degraded, null).open;
    const intermittent: PublishedStatus = {
      ...degraded,
      since: 100,
      degradation: 'intermittent',
      cause: 'http-server-error',
    };
    const { open, save } = reduceIncident('a', opened, intermittent, 'x');
    expect(save).toEqual([{ ...opened, endedAt: 300 }, open]);
    expect(open).toMatchObject({ severity: 'intermittent', startedAt: 300, evidence: 'x' });
    expect(open?.id).not.toBe(opened?.id);
  });

  it('last as long as there were probes', () => {
    const opened = reduceIncident('a', null, down, null).open as Incident;
    expect(downtimeOf({ ...opened, unobservedMs: 200 }, 1_000)).toBe(700);
    expect(downtimeOf({ ...opened, endedAt: 500, unobservedMs: 900 }, 1_000)).toBe(0);
  });
});
