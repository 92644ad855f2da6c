/** Whether HTTP itself works with the subject: a request is answered, whatever the answer says. */

import { redactUrl } from '../../../shared/domain/goproxy-list.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import { causeNotes } from '../cause-notes.ts';
import { type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

/** Whether the subject answers a request at all. */
export const httpCheck: DoctorCheck = {
  id: 'http',
  needs: ['network', 'dns', 'connect', 'tls'],
  run: async (context) => {
    const { subject } = context;
    const result = await context.subjectResult();
    if (subject === null || result === null) return NOT_NEEDED;
    const { evidence, protocol, phases } = result;
    const answered = evidence.httpStatus !== undefined;
    const status = evidence.httpStatus ?? '';
    const ms = Math.round(phases.response ?? 0);
    const proxy = context.forwardProxyOf(subject.url);
    return found(
      [
        ...(answered ? [note('http-answer', { status, protocol: protocol ?? 'http/1.1', ms, url: evidence.url })] : []),
        ...causeNotes(result, answered ? [] : ['request', 'response']),
      ],
      [
        shellCommand('curl', [
          '-v',
          ...(proxy === null ? [] : ['-x', redactUrl(proxy)]),
          '-o',
          '/dev/null',
          '--',
          evidence.url,
        ]),
      ],
    );
  },
};
