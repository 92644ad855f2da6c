/** What of this machine's own policies can be read without a password. */
import { isIP } from 'node:net';
import type { CheckNote } from '../../../shared/domain/doctor.ts';
import { originOf } from '../origin.ts';
import { type DoctorCheck, found, note } from './check.ts';

export const policyCheck: DoctorCheck = {
  id: 'policy',
  needs: [],
  run: async (case_) => {
    const result = await case_.patientResult();
    const host = case_.patient === null ? '' : (originOf(case_.patient.url)?.host ?? '');
    const address = result?.remote?.address ?? result?.evidence.addresses?.[0] ?? (isIP(host) === 0 ? null : host);
    const glimpse = await case_.ports.policy(address);
    if (glimpse === null) return { status: 'not-needed', notes: [note('not-here')], commands: [] };
    const notes: CheckNote[] = [];
    if (glimpse.rejected) notes.push(note('policy-route-rejected', { address: address ?? '' }, 'error'));
    else if (glimpse.interface !== null) {
      notes.push(note('policy-route', { interface: glimpse.interface, address: address ?? '' }));
    }
    if (glimpse.viaTunnel || glimpse.vpns.length > 0)
      notes.push(note('policy-vpn', { names: glimpse.vpns.join(', ') }));
    if (glimpse.filters.length > 0) notes.push(note('policy-filter', { names: glimpse.filters.join(', ') }));
    notes.push(note('policy-pf-unread'));
    return found(notes, [
      `route -n get ${address ?? 'default'}`,
      'systemextensionsctl list',
      'sudo pfctl -s info -s rules',
    ]);
  },
};
