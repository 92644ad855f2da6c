import { describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { type Attempt, type Attempted, race } from './race.ts';
import { Upstream } from './upstream.ts';

const one = new Upstream('https://one.test');
const two = new Upstream('https://two.test');
const HAVE: Attempted<string> = { kind: 'have', value: 'it' };
const BROKEN: Attempted<string> = { kind: 'failed', reason: 'EOF' };
const ABSENT: Attempted<string> = { kind: 'absent', status: 404, text: 'none' };
const silence = () => new Promise<never>(() => {});

/** Plays the answers of each upstream in their order, the last one from then on; notes when who was asked. */
async function play(answers: ReadonlyMap<Upstream, readonly (Attempted<string> | 'silence')[]>, forMs = 70_000) {
  const clock = new FakeClock(0);
  const asked: string[] = [];
  const counts = new Map<Upstream, number>();
  const attempt: Attempt<string> = (upstream) => {
    const own = answers.get(upstream) ?? [];
    const count = counts.get(upstream) ?? 0;
    counts.set(upstream, count + 1);
    asked.push(`${upstream.name.slice(8, 11)} ${Math.round(clock.monotonic())}`);
    const answer = own[Math.min(count, own.length - 1)] ?? 'silence';
    return answer === 'silence' ? silence() : Promise.resolve(answer);
  };
  const stop = new AbortController();
  const raced = race({
    upstreams: [...answers.keys()],
    lastResort: [...answers.keys()][2],
    attempt,
    clock,
    signal: stop.signal,
  });
  let ended = false;
  void raced.then(() => {
    ended = true;
  });
  for (let at = 0; at < forMs && !ended; at += 20) {
    await clock.advance(20);
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
  }
  const tookMs = clock.monotonic();
  stop.abort();
  return { result: await raced, asked, tookMs };
}

describe('a race', () => {
  it('asks the next upstream at once after a failure', async () => {
    const { result, asked } = await play(
      new Map([
        [one, [BROKEN]],
        [two, [HAVE]],
      ]),
    );
    expect(result).toMatchObject({ kind: 'have', from: two, troubles: [{ reason: 'EOF' }] });
    expect(asked).toEqual(['one 0', 'two 0']);
  });

  it('asks another beside one that is slow, and does not cancel the slow one', async () => {
    const { result, asked } = await play(
      new Map([
        [one, ['silence']],
        [two, [HAVE]],
      ]),
    );
    expect(result).toMatchObject({ kind: 'have', from: two, isHedge: true });
    expect(asked).toEqual(['one 0', 'two 400']);
  });

  it('never waits without end while everybody who can be asked is silent', async () => {
    const last = new Upstream('https://own.test');
    const answers = new Map([
      [one, ['silence', 'silence', HAVE] as const],
      [two, ['silence'] as const],
      // Fails until it may not be asked any more.
      [last, [BROKEN] as const],
    ]);
    const { result, tookMs } = await play(answers);
    expect(result).toMatchObject({ kind: 'have', from: one });
    expect(tookMs).toBeLessThan(15_000);
  });

  it('turns to the last resort for failures and absence, not for slowness', async () => {
    const last = new Upstream('https://own.test');
    const slow = await play(
      new Map([
        [one, ['silence'] as const],
        [two, ['silence', HAVE] as const],
        [last, [HAVE]],
      ]),
    );
    expect(slow.result).toMatchObject({ kind: 'have', from: two });
    const failing = await play(
      new Map([
        [one, [BROKEN]],
        [two, [BROKEN]],
        [last, [HAVE]],
      ]),
    );
    expect(failing.result).toMatchObject({ kind: 'have', from: last });
    const absent = await play(
      new Map([
        [one, [ABSENT]],
        [two, [ABSENT]],
        [last, [HAVE]],
      ]),
    );
    expect(absent.result).toMatchObject({ kind: 'have', from: last });
  });

  it('survives failures in a row, and gives up in the end', async () => {
    const many = Array.from({ length: 6 }, () => BROKEN);
    expect(
      (
        await play(
          new Map([
            [one, [...many, HAVE]],
            [two, [BROKEN]],
          ]),
        )
      ).result,
    ).toMatchObject({ kind: 'have' });
    const { result, asked } = await play(
      new Map([
        [one, [BROKEN]],
        [two, [BROKEN]],
      ]),
    );
    expect(result).toMatchObject({ kind: 'failed' });
    expect(asked).toHaveLength(20);
  });

  it('answers "not found" within seconds when the others are silent or fail, and at once when all say so', async () => {
    const silent = await play(
      new Map([
        [one, [ABSENT]],
        [two, ['silence'] as const],
      ]),
    );
    expect(silent.result).toMatchObject({ kind: 'absent', status: 404 });
    expect(silent.tookMs).toBeLessThanOrEqual(3_040);
    const failing = await play(
      new Map([
        [one, [BROKEN]],
        [two, [ABSENT]],
      ]),
    );
    expect(failing.result).toMatchObject({ kind: 'absent' });
    expect(failing.tookMs).toBeLessThan(3_040);
    const all = await play(
      new Map([
        [one, [ABSENT]],
        [two, [ABSENT]],
      ]),
    );
    expect([all.result.kind, all.tookMs]).toEqual(['absent', 20]);
  });

  it('has a version that only one of them has', async () => {
    expect(
      (
        await play(
          new Map([
            [one, [ABSENT]],
            [two, [BROKEN, HAVE]],
          ]),
        )
      ).result,
    ).toMatchObject({ kind: 'have', from: two });
  });

  it('asks no other upstream once a module is blocked', async () => {
    const blocked: Attempted<string> = { kind: 'blocked', status: 403, text: 'no' };
    const { result, asked } = await play(
      new Map([
        [one, [blocked]],
        [two, [HAVE]],
      ]),
    );
    expect(result).toMatchObject({ kind: 'blocked', status: 403, from: one });
    expect(asked).toEqual(['one 0']);
  });

  it('does not ask one again whose answer was wrong for good', async () => {
    const wrong: Attempted<string> = { kind: 'failed', reason: 'mismatch', isFinal: true };
    const { asked } = await play(
      new Map([
        [one, [wrong]],
        [two, [BROKEN, BROKEN, HAVE]],
      ]),
    );
    expect(asked.filter((who) => who.startsWith('one'))).toHaveLength(1);
  });
});
