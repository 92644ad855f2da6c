/** Runs a few tasks at a time. Pure of clock and machine. */

/** Runs a task now, or when one of those before it has ended; rejects with the task's error. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** At most `max` tasks at a time, in the order in which they came. */
export function limiter(max: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // The slot goes directly to the next task, so that a new one cannot take it as well.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
