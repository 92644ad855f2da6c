/** The subject's handshake: version, cipher, protocol, the name sent, the whole chain, and who trusts it. */

import type { CheckNote } from '../../../shared/domain/doctor.ts';
import { httpOriginOf } from '../../../shared/domain/host.ts';
import { causeNotes } from '../cause-notes.ts';
import { certificateCommand, readChain } from '../certificate-chain.ts';
import { type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

/** The subject's TLS handshake and certificate chain. */
export const tlsCheck: DoctorCheck = {
  id: 'tls',
  needs: ['network', 'dns', 'connect'],
  run: async (context) => {
    const { subject } = context;
    const origin = subject === null ? null : httpOriginOf(subject.url);
    const result = await context.subjectResult();
    if (subject === null || origin === null || result === null || !origin.secure) return NOT_NEEDED;
    const notes: CheckNote[] = [];
    const { tls, evidence } = result;
    if (tls !== undefined) {
      const { version, cipher, alpn, trust } = tls;
      notes.push(note('tls-facts', { version, cipher, alpn: alpn ?? '–', name: origin.host }));
      notes.push(note('tls-trusted-by', { store: trust }));
    }
    if (evidence.interceptedBy !== undefined) {
      notes.push(
        note('tls-intercepted', { issuer: evidence.interceptedBy }, tls?.trust === 'extra' ? 'info' : 'warning'),
      );
    }
    const address = result.remote?.address;
    if (address !== undefined && context.forwardProxyOf(subject.url) === null) {
      const chain = await readChain(
        { address, port: origin.port, name: origin.host },
        context.signal,
        context.ports.clock,
      );
      for (const { subject, issuer, names, from, to } of chain) {
        notes.push(note('tls-certificate', { subject, issuer, names: names.slice(0, 5).join(' '), from, to }));
      }
    }
    const line = certificateCommand(origin, ['-alpn', 'h2,http/1.1']);
    return found([...notes, ...causeNotes(result, ['tls'])], [line]);
  },
};
