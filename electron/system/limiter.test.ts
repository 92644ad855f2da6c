import fc from 'fast-check';
import { expect, it } from 'vitest';
import { limiter } from './limiter.ts';

it('never runs more tasks at a time than allowed, runs all, and keeps their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ waits: fc.integer({ min: 0, max: 3 }), fails: fc.boolean() }), { maxLength: 20 }),
      async (max, tasks) => {
        const limit = limiter(max);
        const started: number[] = [];
        let running = 0;
        let most = 0;
        const ended = await Promise.allSettled(
          tasks.map(({ waits, fails }, i) =>
            limit(async () => {
              started.push(i);
              running += 1;
              most = Math.max(most, running);
              for (let turn = 0; turn < waits; turn += 1) await Promise.resolve();
              running -= 1;
              if (fails) throw new Error(`task ${i}`);
              return i;
            }),
          ),
        );
        expect(most).toBeLessThanOrEqual(max);
        expect(started).toEqual(tasks.map((_, i) => i));
        expect(ended.map(({ status }) => status)).toEqual(tasks.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')));
      },
    ),
  );
});

it('runs as many as allowed at the same time', async () => {
  const limit = limiter(2);
  let release = () => {};
  const first = limit(() => new Promise<void>((resolve) => (release = resolve)));
  await expect(limit(async () => 'second')).resolves.toBe('second');
  release();
  await first;
});
