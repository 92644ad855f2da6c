/** TCP to the subject, over each family of addresses by itself. */

import { connect } from 'node:net';
import type { CheckNote } from '../../../shared/domain/doctor.ts';
import { httpOriginOf } from '../../../shared/domain/host.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import { errorCode } from '../../system/error-facts.ts';
import { causeNotes } from '../cause-notes.ts';
import type { DiagnosisContext } from '../diagnosis-context.ts';
import { type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

const LIMIT_MS = 4_000;

/** TCP to the subject over IPv4 and IPv6. */
export const connectCheck: DoctorCheck = {
  id: 'connect',
  needs: ['network', 'dns'],
  run: async (context) => {
    const { subject } = context;
    const origin = subject === null ? null : httpOriginOf(subject.url);
    const result = await context.subjectResult();
    if (subject === null || origin === null || result === null) return NOT_NEEDED;
    const commands = [4, 6].map((family) =>
      shellCommand('nc', ['-vz', `-${family}`, '-w', '4', '--', origin.host, String(origin.port)]),
    );
    const through = context.forwardProxyOf(subject.url);
    if (through !== null) {
      const failed = causeNotes(result, ['dns', 'connect']);
      return found(failed.length > 0 ? failed : [note('connect-through', { proxy: through })]);
    }
    const addresses = result.evidence.addresses ?? [];
    const notes: CheckNote[] = [];
    for (const family of [4, 6] as const) {
      const address = addresses.find((one) => one.includes(':') === (family === 6));
      if (address !== undefined) notes.push(await knock(context, address, origin.port, family, addresses));
    }
    return found([...notes, ...causeNotes(result, ['connect'])], commands);
  },
};

/** One family that fails beside one that answers is a warning: `go` tries both (RFC 8305). */
function knock(
  { signal, ports }: DiagnosisContext,
  address: string,
  port: number,
  family: 4 | 6,
  all: readonly string[],
): Promise<CheckNote> {
  const began = ports.clock.monotonic();
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (code: string | null) => {
      signal.removeEventListener('abort', onAbort);
      stopTimer();
      socket.destroy();
      const ms = Math.round(ports.clock.monotonic() - began);
      const only = all.every((one) => one.includes(':') === (family === 6));
      resolve(
        code === null
          ? note('connect-family', { family: `IPv${family}`, address, ms })
          : note('connect-family-fails', { family: `IPv${family}`, address, code }, only ? 'error' : 'warning'),
      );
    };
    const onAbort = () => end('ABORTED');
    const stopTimer = ports.clock.after(LIMIT_MS, () => end('ETIMEDOUT'));
    signal.addEventListener('abort', onAbort);
    socket.once('connect', () => end(null));
    socket.once('error', (error) => end(errorCode(error) ?? error.message));
  });
}
