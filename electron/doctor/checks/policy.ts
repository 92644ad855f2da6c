/** What of this machine's own policies can be read without a password. */

import { isIP } from 'node:net';
import type { Cause } from '../../../shared/domain/cause.ts';
import type { CheckNote } from '../../../shared/domain/doctor.ts';
import { httpOriginOf } from '../../../shared/domain/host.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import { suspectsOf } from '../../macos/suspects.ts';
import { type DoctorCheck, found, note } from './check.ts';

/** Causes that have no errno of their own. */
const ERRNO_OF: Readonly<Partial<Record<Cause, string>>> = {
  'connect-timeout': 'timeout',
  'eof-no-response': 'eof',
  'dns-no-such-host': 'name',
};

/** Routes, VPNs, filters and packet filter of macOS. */
export const policyCheck: DoctorCheck = {
  id: 'policy',
  needs: [],
  run: async (context) => {
    const result = await context.subjectResult();
    const host = context.subject === null ? '' : (httpOriginOf(context.subject.url)?.host ?? '');
    const address = result?.remote?.address ?? result?.evidence.addresses?.[0] ?? (isIP(host) === 0 ? null : host);
    const summary = await context.ports.policy(host, address);
    if (summary === null) return { status: 'not-needed', notes: [note('not-here')], commands: [] };
    const notes: CheckNote[] = [];
    if (summary.rejected) notes.push(note('policy-route-rejected', { address: address ?? '' }, 'error'));
    else if (summary.interface !== null) {
      notes.push(note('policy-route', { interface: summary.interface, address: address ?? '' }));
    }
    if (summary.viaTunnel || summary.vpns.length > 0)
      notes.push(note('policy-vpn', { names: summary.vpns.join(', ') }));
    if (summary.filters.length > 0) notes.push(note('policy-filter', { names: summary.filters.join(', ') }));
    if (summary.pfBlocks === null) notes.push(note('policy-pf-unread'));
    else notes.push(note('policy-pf-blocks', { rule: summary.pfBlocks }, 'error'));
    if (result?.outcome === 'failed') {
      const errno = result.failure.code ?? ERRNO_OF[result.failure.cause] ?? '';
      const { suspects } = suspectsOf({ errno, address });
      if (suspects.length > 0) notes.push(note('policy-suspects', { errno, suspects: suspects.join(' ') }));
    }
    return found(notes, [
      shellCommand('route', ['-n', 'get', address ?? 'default']),
      shellCommand('systemextensionsctl', ['list']),
      shellCommand('sudo', ['pfctl', '-s', 'info', '-s', 'rules']),
    ]);
  },
};
