/** A pasted text's findings for a window: the most important first, no more than anyone reads. */

import { CAUSES } from '../../shared/domain/cause.ts';
import type { ExplainedLine } from '../../shared/domain/doctor.ts';
import type { Finding } from '../explain/finding.ts';

const MAX = 50;
const MAX_LINE = 2_000;

/** At most 50 findings of a pasted text, each line cut to 2,000 characters. */
export function explainedLines(findings: readonly Finding[]): readonly ExplainedLine[] {
  return findings.slice(0, MAX).map(({ cause, underlying, host, module, confidence, situation, text: line }) => ({
    cause,
    underlying: underlying ?? null,
    host: host ?? null,
    module: module ?? null,
    confidence,
    retryable: CAUSES[underlying ?? cause].retryable,
    situation,
    line: line.slice(0, MAX_LINE),
  }));
}
