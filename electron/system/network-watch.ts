/** Notices that the machine's network changed, by looking: Node has no event for it. */
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from './clock.ts';
import { networkFingerprint } from './network.ts';

/** A look costs about 50 µs; a person who changed Wi-Fi does not wait longer than this for the first probe. */
export const NETWORK_LOOK_MS: DurationMs = 5_000;

/** Calls back when the set of addresses differs from the last look. Ends with the returned function. */
export function watchNetwork(clock: Clock, onChange: () => void, fingerprint = networkFingerprint): Stop {
  let seen = fingerprint();
  let stop: Stop = () => {};
  const look = () => {
    const now = fingerprint();
    stop = clock.after(NETWORK_LOOK_MS, look);
    if (now === seen) return;
    seen = now;
    onChange();
  };
  stop = clock.after(NETWORK_LOOK_MS, look);
  return () => stop();
}
