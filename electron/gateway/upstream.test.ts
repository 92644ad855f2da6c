import { describe, expect, it } from 'vitest';
import { Upstream, UpstreamOrder } from './upstream.ts';

const pair = () => {
  const [one, two] = [new Upstream('https://one.test/'), new Upstream('https://user:word@two.test/base/')];
  return { one, two, order: new UpstreamOrder([one, two]) };
};
const answer = (upstream: Upstream, ms: number, times = 10) => {
  for (let i = 0; i < times; i += 1) upstream.succeeded(0, ms);
};

describe('the order of upstreams', () => {
  it('is the person\u2019s until enough is measured, and while none is clearly better', () => {
    const { one, two, order } = pair();
    expect(order.current(0)).toEqual([one, two]);
    answer(one, 500, 10);
    answer(two, 1, 4);
    expect(order.current(0)).toEqual([one, two]);
    answer(two, 450);
    expect(order.current(0)).toEqual([one, two]);
  });

  it('changes to one that is clearly better, and stays there between equals', () => {
    const { one, two, order } = pair();
    answer(one, 900);
    answer(two, 200);
    expect(order.current(0)).toEqual([two, one]);
    answer(one, 150, 60);
    expect(order.current(0)).toEqual([two, one]);
  });

  it('puts one whose answers are all failures last, until it answers', () => {
    const { one, two, order } = pair();
    for (let i = 0; i < 5; i += 1) one.failed(0, null);
    expect(order.current(10)).toEqual([two, one]);
    expect(one.isDead(10)).toBe(false);
    // After the cool-off it is asked whether it is back; until it says so it stays where it is.
    expect(one.askAgainAt).toBe(1_000);
    expect(order.current(2_000)).toEqual([two, one]);
    one.failed(2_000, null);
    expect([one.askAgainAt, one.isTripped]).toEqual([4_000, true]);
    for (let i = 0; i < 10; i += 1) one.failed(20_000, null);
    // Several failures at once are one cool-off.
    expect(one.askAgainAt).toBe(24_000);
    expect(one.isDead(20_000)).toBe(true);
    one.succeeded(21_000, 5);
    expect([one.isOpen(21_000), one.isDead(21_000)]).toEqual([false, false]);
  });

  it('hedges after its own p95, within bounds', () => {
    const { one } = pair();
    expect(one.hedgeMs).toBe(400);
    answer(one, 1);
    expect(one.hedgeMs).toBe(60);
    answer(one, 20_000, 40);
    expect(one.hedgeMs).toBe(5_000);
  });

  it('rests as long as it asks for, and shows no credentials', () => {
    const { two } = pair();
    two.failed(1_000, 30_000);
    expect(two.restUntil).toBe(31_000);
    expect(two.name).not.toContain('word');
    expect(two.base).toBe('https://user:word@two.test/base');
  });
});
