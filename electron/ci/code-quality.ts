/**
 * Findings as GitLab's Code Quality report (`artifacts:reports:codequality`), which a merge request shows beside the
 * changed lines. Source: GitLab docs, "Code Quality report format". Pure.
 */
import { createHash } from 'node:crypto';

/** One finding in the words of the reader's language. */
export interface QualityFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'hint';
  readonly text: string;
  /** Relative to the repository, with `/`; null = of no file. */
  readonly file: string | null;
  readonly line: number | null;
  /** What stays the same when lines move: module, variable … */
  readonly key: string;
}

const SEVERITIES = { error: 'critical', warning: 'major', hint: 'info' } as const;

/** GitLab drops a finding without a file; go.mod stands for the project. */
const NO_FILE = 'go.mod';

/** The report's JSON value. Findings with the same rule and key keep one fingerprint between runs. */
export function codeQuality(findings: readonly QualityFinding[]): readonly object[] {
  return findings.map(({ rule, severity, text, file, line, key }) => ({
    description: text,
    check_name: rule,
    fingerprint: createHash('sha256').update(`${rule}\0${file}\0${key}`).digest('hex'),
    severity: SEVERITIES[severity],
    location: { path: file ?? NO_FILE, lines: { begin: line ?? 1 } },
  }));
}
