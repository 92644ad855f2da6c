import { describe, expect, it } from 'vitest';
import { reduceIncident } from './incident.ts';
import { type EndpointStatus, restoredDown, unknownStatus } from './status.ts';

const down = restoredDown(100, 'eof-no-response', { failuresToDown: 3, successesToUp: 2 });
const up: EndpointStatus = { ...unknownStatus(500), status: 'up' };
const degraded: EndpointStatus = { ...unknownStatus(300), status: 'degraded' };

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
    expect(reduceIncident('a', opened, unknownStatus(900), null)).toEqual({ open: opened, save: [] });
  });
});
