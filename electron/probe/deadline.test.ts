import { describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { CancelledError, type Deadline, withDeadline } from './deadline.ts';
import { PhaseError } from './phase-error.ts';

const late = () => new PhaseError('connect', 'connect-timeout', 'too late');

/** A wait of at most `limitMs` within a probe that ends in 1000 ms, and what the test can do to it. */
function wait(limitMs: number) {
  const clock = new FakeClock();
  const cancel = new AbortController();
  const deadline: Deadline = { clock, signal: cancel.signal, endsAt: clock.monotonic() + 1_000 };
  let givenUp = 0;
  let settle = { resolve: (_: string) => {}, reject: (_: Error) => {} };
  const promise = withDeadline<string>(deadline, limitMs, late, (resolve, reject) => {
    settle = { resolve, reject };
    return () => {
      givenUp += 1;
    };
  });
  // Handled at once, so that a rejection is not reported before the test asks for it.
  const outcome = promise.then(
    (value) => value,
    (error: unknown) => error,
  );
  return { clock, cancel, outcome, settle: () => settle, givenUp: () => givenUp };
}

describe('a wait with a deadline', () => {
  it('gives what it waited for, and leaves no timer', async () => {
    const { clock, outcome, settle, givenUp } = wait(100);
    settle().resolve('done');
    expect(await outcome).toBe('done');
    expect([clock.pending, givenUp()]).toEqual([0, 0]);
  });

  it('passes on what went wrong, and leaves no timer', async () => {
    const { clock, outcome, settle } = wait(100);
    settle().reject(new Error('refused'));
    expect(await outcome).toMatchObject({ message: 'refused' });
    expect(clock.pending).toBe(0);
  });

  it('ends at its own limit, and gives up what it began', async () => {
    const { clock, outcome, givenUp } = wait(100);
    await clock.advance(99);
    expect(givenUp()).toBe(0);
    await clock.advance(1);
    expect(await outcome).toMatchObject({ why: 'connect-timeout', phase: 'connect' });
    expect(givenUp()).toBe(1);
  });

  it('ends with the probe when that comes first', async () => {
    const { clock, outcome, givenUp } = wait(5_000);
    await clock.advance(1_000);
    expect(await outcome).toBeInstanceOf(PhaseError);
    expect(givenUp()).toBe(1);
  });

  it('ends at once when the probe is cancelled: that is not a failure', async () => {
    const { clock, cancel, outcome, givenUp } = wait(100);
    cancel.abort();
    expect(await outcome).toBeInstanceOf(CancelledError);
    expect([clock.pending, givenUp()]).toEqual([0, 1]);
  });

  it('does not begin when the probe was cancelled before', async () => {
    const clock = new FakeClock();
    let begun = false;
    const deadline = { clock, signal: AbortSignal.abort(), endsAt: clock.monotonic() + 1_000 };
    const promise = withDeadline(deadline, 100, late, () => {
      begun = true;
      return () => {};
    });
    await expect(promise).rejects.toBeInstanceOf(CancelledError);
    expect([begun, clock.pending]).toEqual([false, 0]);
  });

  it('settles once, whatever comes later', async () => {
    const { clock, cancel, outcome, settle, givenUp } = wait(100);
    settle().resolve('first');
    settle().resolve('second');
    settle().reject(new Error('late'));
    cancel.abort();
    await clock.advance(1_000);
    expect(await outcome).toBe('first');
    expect(givenUp()).toBe(0);
  });
});
