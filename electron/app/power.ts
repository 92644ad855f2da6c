/** Sleep and wake of the machine, each reported to the engine once. */
import type { Stop } from '../system/clock.ts';

type PowerEvent = 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen' | 'on-ac' | 'on-battery';

/** The part of Electron's powerMonitor used here. */
export interface PowerEvents {
  on(event: PowerEvent, listener: () => void): unknown;
  removeListener(event: string, listener: () => void): unknown;
}

export interface PowerListener {
  suspend(): void;
  wake(): void;
  /** The screen was locked: no window is visible now. */
  lock(): void;
  /** Power source changed; Low Power Mode may have changed with it. */
  supply(): void;
}

/**
 * Follows the power events until stopped. Linux sends `suspend` twice (seen with Electron 25), and macOS may send
 * `unlock-screen` without a sleep before it: only changes are reported.
 */
export function followPower(power: PowerEvents, listener: PowerListener): Stop {
  let asleep = false;
  const suspend = () => {
    if (asleep) return;
    asleep = true;
    listener.suspend();
  };
  const wake = () => {
    if (!asleep) return;
    asleep = false;
    listener.wake();
  };
  const lock = () => listener.lock();
  const events = [
    ['suspend', suspend],
    ['resume', wake],
    ['unlock-screen', wake],
    ['lock-screen', lock],
    ['on-ac', () => listener.supply()],
    ['on-battery', () => listener.supply()],
  ] as const;
  for (const [event, react] of events) power.on(event, react);
  return () => {
    for (const [event, react] of events) power.removeListener(event, react);
  };
}
