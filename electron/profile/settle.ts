/** After a crash, the processes that a switch had started may still be writing. */
import type { Clock } from '../system/clock.ts';
import { errorCode } from '../system/error-facts.ts';

/** `go env -w` takes ten milliseconds; a process id that lives much longer has been reused. */
const PATIENCE_MS = 5_000;

/** The crash may have happened between starting a process and recording it. */
const UNNOTED_MS = 250;

const LOOK_EVERY_MS = 20;

/** Resolves once none of the processes is alive, or after the time limit. */
export async function settle(children: readonly number[], clock: Clock): Promise<void> {
  if (children.length === 0) await pause(UNNOTED_MS, clock);
  const until = clock.monotonic() + PATIENCE_MS;
  while (children.some(isAlive) && clock.monotonic() < until) await pause(LOOK_EVERY_MS, clock);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Keeps our process alive meanwhile, unlike the clock's timers. */
function pause(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const hold = setInterval(() => {}, 1_000);
    clock.after(ms, () => {
      clearInterval(hold);
      resolve();
    });
  });
}
