/** TCP to the first address that answers: Happy Eyeballs (RFC 8305), IPv6 first, each attempt timed by itself. */
import * as net from 'node:net';
import type { Cause } from '../../shared/domain/cause.ts';
import type { DurationMs } from '../../shared/domain/units.ts';
import { errorFacts } from '../system/error-facts.ts';
import { classifyConnect, phaseError, type Reason } from './classify.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { PhaseError } from './phase-error.ts';
import type { ResolvedAddress } from './resolved-address.ts';

/** A connected socket and what it took. */
export interface Dialled extends ResolvedAddress {
  readonly socket: net.Socket;
  /** Of the attempt that won, from its own start. */
  readonly connectMs: DurationMs;
}

/** RFC 8305 §5: the next address is tried this long after the previous one began, or at once when that failed. */
const ATTEMPT_DELAY_MS = 250;

/** More addresses than this are not tried at once: a name may have hundreds. */
const MAX_ADDRESSES = 10;

/** Connects. Rejects with a PhaseError of phase `connect` (the most telling of the attempts'), or CancelledError. */
export function dial(
  addresses: readonly ResolvedAddress[],
  port: number,
  deadline: Deadline,
  limitMs: DurationMs,
): Promise<Dialled> {
  const { clock } = deadline;
  const waiting = interleave(addresses).slice(0, MAX_ADDRESSES);
  const onTimeout = () =>
    new PhaseError('connect', 'connect-timeout', `no TCP connection within ${Math.round(limitMs)} ms`, 'ETIMEDOUT');
  return withDeadline(deadline, limitMs, onTimeout, (resolve, reject) => {
    const open = new Set<net.Socket>();
    const errors: Reason[] = [];
    let stopTimer = () => {};
    const dropAll = () => {
      stopTimer();
      for (const socket of open) socket.destroy();
    };
    const tryNext = () => {
      stopTimer();
      const next = waiting.shift();
      if (next === undefined) {
        if (open.size === 0) reject(mostTelling(errors));
        return;
      }
      const began = clock.monotonic();
      const socket = net.connect({ host: next.address, port: next.port ?? port, family: next.family, noDelay: true });
      open.add(socket);
      deadline.transfer?.watch(socket);
      const onError = (error: Error) => {
        open.delete(socket);
        errors.push(errorFacts(error));
        if (waiting.length > 0) tryNext();
        else if (open.size === 0) reject(mostTelling(errors));
      };
      socket.once('error', onError);
      socket.once('connect', () => {
        const connectMs = clock.monotonic() - began;
        open.delete(socket);
        dropAll();
        socket.off('error', onError);
        resolve({ ...next, socket, connectMs });
      });
      if (waiting.length > 0) stopTimer = clock.after(ATTEMPT_DELAY_MS, tryNext);
    };
    tryNext();
    return dropAll;
  });
}

/** IPv6 first, families alternating (RFC 8305 §4). */
export function interleave(addresses: readonly ResolvedAddress[]): ResolvedAddress[] {
  const six = addresses.filter(({ family }) => family === 6);
  const four = addresses.filter(({ family }) => family === 4);
  return Array.from({ length: Math.max(six.length, four.length) }, (_, i) => [six[i], four[i]])
    .flat()
    .filter((one) => one !== undefined);
}

/** From telling to trivial: a machine without IPv6 says "unreachable" about every name that has an IPv6 address. */
const RANK: readonly Cause[] = ['connect-refused', 'connection-reset', 'connect-timeout', 'unknown'];

function mostTelling(errors: readonly Reason[]): PhaseError {
  const rank = (facts: Reason) => {
    const at = RANK.indexOf(classifyConnect(facts));
    return at < 0 ? RANK.length : at;
  };
  const [first = { message: 'no address to connect to' }] = [...errors].sort((a, b) => rank(a) - rank(b));
  return phaseError('connect', classifyConnect(first), first);
}
