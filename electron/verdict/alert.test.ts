import { describe, expect, it } from 'vitest';
import type { Incident } from '../../shared/domain/incident.ts';
import { HOUR_MS } from '../../shared/domain/units.ts';
import type { Verdict, VerdictName, Walk } from '../../shared/domain/verdict.ts';
import { type AlertFacts, type AlertState, dismissAlert, endAlert, INITIAL_ALERTS, reduceAlert } from './alert.ts';

const incident: Incident = {
  id: 'a@1000',
  endpointId: 'a',
  severity: 'down',
  cause: 'eof-no-response',
  verdict: null,
  profileIds: [],
  startedAt: 1_000,
  endedAt: null,
  unobservedMs: 0,
  drill: false,
  evidence: null,
};

const walk: Walk = { steps: [], outcome: 'slow', endsAt: 0, latencyMs: null };

function facts(
  severity: Verdict['severity'],
  change: Partial<AlertFacts> = {},
  name: VerdictName = 'upstream-outage',
): AlertFacts {
  const { endpointId = 'a' } = change.open?.[0] ?? {};
  const verdict: Verdict = { name, severity, since: 0, endpointId, cause: 'eof-no-response', walk, degradation: null };
  return {
    now: 2_000,
    verdict,
    open: [incident],
    remedyProfileId: 'b',
    level: 'notify',
    remindEveryMs: null,
    wasNotified: () => false,
    ...change,
  };
}

function alerted(): AlertState {
  return reduceAlert(INITIAL_ALERTS, facts('down')).state;
}

describe('alerts', () => {
  it('tell an outage once, with its remedy', () => {
    const first = reduceAlert(INITIAL_ALERTS, facts('down'));
    expect(first.announce).toMatchObject({
      kind: 'outage',
      alert: { endpointId: 'a', cause: 'eof-no-response', remedyProfileId: 'b' },
    });
    expect(reduceAlert(first.state, facts('down')).announce).toBeNull();
  });

  it('say nothing about an endpoint that the person’s go does not need, nor about slow answers', () => {
    expect(reduceAlert(INITIAL_ALERTS, facts('healthy')).announce).toBeNull();
    const slow: Incident = { ...incident, severity: 'degraded' };
    expect(reduceAlert(INITIAL_ALERTS, facts('degraded', { open: [slow] })).announce).toBeNull();
  });

  it('tell that single requests fail, unless a later entry answers for them', () => {
    const intermittent: Incident = { ...incident, severity: 'intermittent' };
    const step = reduceAlert(INITIAL_ALERTS, facts('degraded', { open: [intermittent] }));
    expect(step.announce).toMatchObject({ kind: 'outage', alert: { severity: 'intermittent' } });
    const fellBack = facts('degraded');
    const verdict = { ...fellBack.verdict, walk: { ...walk, outcome: 'fell-back' as const } };
    expect(reduceAlert(INITIAL_ALERTS, { ...fellBack, verdict }).announce).toBeNull();
  });

  it('hold back a notification that may not be sent now, show the alert, and send it later', () => {
    const quiet = reduceAlert(INITIAL_ALERTS, facts('down', { level: 'badge' }));
    expect(quiet.announce).toBeNull();
    expect(quiet.state.alert?.id).toBe('a@1000');
    expect(reduceAlert(quiet.state, facts('down')).announce).toMatchObject({ kind: 'outage' });
  });

  it('show no card for what is only listed', () => {
    const listed = reduceAlert(INITIAL_ALERTS, facts('down', { level: 'list' }));
    expect(listed).toMatchObject({ announce: null, state: { alert: null } });
  });

  it('remind of a lasting outage as often as is wanted, and not after it was dismissed', () => {
    const remind = { remindEveryMs: HOUR_MS };
    const early = reduceAlert(alerted(), facts('down', { ...remind, now: HOUR_MS }));
    expect(early.announce).toBeNull();
    const due = reduceAlert(early.state, facts('down', { ...remind, now: HOUR_MS + 2_000 }));
    expect(due.announce).toMatchObject({ kind: 'reminder' });
    expect(reduceAlert(due.state, facts('down', { ...remind, now: HOUR_MS + 9_000 })).announce).toBeNull();
    const dismissed = dismissAlert(alerted());
    expect(reduceAlert(dismissed, facts('down', { ...remind, now: 9 * HOUR_MS })).announce).toBeNull();
  });

  it('do not tell the same outage again after a switch and its undo', () => {
    const switched = reduceAlert(alerted(), facts('healthy'));
    expect(switched.state.alert).toBeNull();
    const undone = reduceAlert(switched.state, facts('down'));
    expect(undone.announce).toBeNull();
    expect(undone.state.alert?.id).toBe('a@1000');
  });

  it('tell one cause once, however many endpoints it takes down', () => {
    const first = reduceAlert(INITIAL_ALERTS, facts('down', {}, 'dns-tampered'));
    const other: Incident = { ...incident, id: 'b@1500', endpointId: 'b' };
    const second = reduceAlert(first.state, facts('down', { open: [other, incident] }, 'dns-tampered'));
    expect(first.announce).not.toBeNull();
    expect(second.announce).toBeNull();
    expect(second.state.outages).toHaveLength(1);
  });

  it('tell once more when single failures become an outage', () => {
    const intermittent: Incident = { ...incident, severity: 'intermittent' };
    const { state } = reduceAlert(INITIAL_ALERTS, facts('degraded', { open: [intermittent] }));
    const down: Incident = { ...incident, id: 'a@5000', startedAt: 5_000 };
    const escalated = endAlert(state, { ...intermittent, endedAt: 5_000 }, down);
    expect(escalated.recovery).toBeNull();
    const step = reduceAlert(escalated.state, facts('down', { open: [down] }));
    expect(step.announce).toMatchObject({ kind: 'outage', alert: { severity: 'down' } });
    expect(reduceAlert(step.state, facts('down', { open: [down] })).announce).toBeNull();
  });

  it('tell the recovery once, with the length of the outage that was seen', () => {
    const end = { ...incident, endedAt: 61_000, unobservedMs: 10_000 };
    const ended = endAlert(alerted(), end, null);
    expect(ended.recovery).toEqual({ endpointId: 'a', outageMs: 50_000, at: 61_000, drill: false });
    expect(ended.state.alert).toBeNull();
    expect(endAlert(ended.state, end, null).recovery).toBeNull();
  });

  it('report no recovery of an outage that was never reported', () => {
    expect(endAlert(INITIAL_ALERTS, { ...incident, endedAt: 2_000 }, null).recovery).toBeNull();
    const { state } = reduceAlert(INITIAL_ALERTS, facts('down', { level: 'badge' }));
    expect(endAlert(state, { ...incident, endedAt: 2_000 }, null).recovery).toBeNull();
  });

  it('do not repeat an outage that an earlier run reported, and still report its end', () => {
    const restored = reduceAlert(INITIAL_ALERTS, facts('down', { wasNotified: () => true }));
    expect(restored.announce).toBeNull();
    expect(restored.state.alert).not.toBeNull();
    expect(endAlert(restored.state, { ...incident, endedAt: 2_000 }, null).recovery).not.toBeNull();
  });

  it('keep a dismissed card away for this outage only', () => {
    const dismissed = dismissAlert(alerted());
    expect(reduceAlert(dismissed, facts('down')).state.alert).toBeNull();
    const over = endAlert(dismissed, { ...incident, endedAt: 5_000 }, null).state;
    const next = { ...incident, id: 'a@9000', startedAt: 9_000 };
    expect(reduceAlert(over, facts('down', { open: [next] })).announce?.alert.id).toBe('a@9000');
  });
});
