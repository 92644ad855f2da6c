/** Which verdicts need action. */
import type { DnsVerdictId } from './dns-questions.ts';
import type { VerdictId } from './verdict.ts';

const HARMLESS: readonly (VerdictId | DnsVerdictId)[] = [
  'healthy',
  'incomplete',
  'client-closed',
  'other-protocol',
  'dns-local-proxy',
  'dns-no-such-name',
];

/** Whether a verdict is about a failure. */
export function isFinding(id: VerdictId | DnsVerdictId): boolean {
  return !HARMLESS.includes(id);
}
