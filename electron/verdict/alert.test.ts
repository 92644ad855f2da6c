import { describe, expect, it } from 'vitest';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { type AlertFacts, type AlertState, dismissAlert, endAlert, NO_ALERTS, reduceAlert } from './alert.ts';

const incident: Incident = {
  id: 'a@1000',
  endpointId: 'a',
  severity: 'down',
  cause: 'eof-no-response',
  startedAt: 1_000,
  endedAt: null,
  evidence: null,
};

function facts(severity: Verdict['severity'], openDowns: Incident[] = [incident]): AlertFacts {
  const verdict: Verdict = {
    name: 'upstream-outage',
    severity,
    since: 0,
    endpointId: 'a',
    cause: 'eof-no-response',
    walk: null,
  };
  return { verdict, openDowns, remedyProfileId: 'b' };
}

function told(): AlertState {
  return reduceAlert(NO_ALERTS, facts('down')).state;
}

describe('alerts', () => {
  it('tell an outage once, with its remedy', () => {
    const first = reduceAlert(NO_ALERTS, facts('down'));
    expect(first.outage).toMatchObject({ endpointId: 'a', cause: 'eof-no-response', remedyProfileId: 'b' });
    expect(reduceAlert(first.state, facts('down')).outage).toBeNull();
  });

  it('say nothing about an endpoint that the person’s go does not need', () => {
    expect(reduceAlert(NO_ALERTS, facts('healthy')).outage).toBeNull();
    expect(reduceAlert(NO_ALERTS, facts('degraded')).outage).toBeNull();
  });

  it('do not tell the same outage again after a switch and its undo', () => {
    const switched = reduceAlert(told(), facts('healthy'));
    expect(switched.state.alert).toBeNull();
    const undone = reduceAlert(switched.state, facts('down'));
    expect(undone.outage).toBeNull();
    expect(undone.state.alert?.id).toBe('a@1000');
  });

  it('tell the recovery once, with the length of the outage', () => {
    const ended = endAlert(told(), { ...incident, endedAt: 61_000 });
    expect(ended.recovery).toEqual({ endpointId: 'a', outageMs: 60_000, at: 61_000 });
    expect(ended.state.alert).toBeNull();
    expect(endAlert(ended.state, { ...incident, endedAt: 61_000 }).recovery).toBeNull();
  });

  it('tell no recovery of an outage that nobody was told about', () => {
    expect(endAlert(NO_ALERTS, { ...incident, endedAt: 2_000 }).recovery).toBeNull();
  });

  it('stay quiet about an outage that an earlier run told, and still tell its end', () => {
    const restored = reduceAlert(NO_ALERTS, facts('down'), true);
    expect(restored.outage).toBeNull();
    expect(restored.state.alert).not.toBeNull();
    expect(endAlert(restored.state, { ...incident, endedAt: 2_000 }).recovery).not.toBeNull();
  });

  it('keep a dismissed card away for this outage only', () => {
    const dismissed = dismissAlert(told());
    expect(reduceAlert(dismissed, facts('down')).state.alert).toBeNull();
    const next = { ...incident, id: 'a@9000', startedAt: 9_000 };
    expect(reduceAlert(dismissed, facts('down', [next])).outage?.id).toBe('a@9000');
  });
});
