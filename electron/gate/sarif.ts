/**
 * Findings as SARIF 2.1.0 (OASIS standard), as code scanning takes it. Pure.
 */
import type { LintSeverity } from '../../shared/domain/lint.ts';

/** One finding in the words of the reader's language. */
export interface SarifFinding {
  readonly rule: string;
  readonly severity: LintSeverity;
  readonly text: string;
  /** Why it matters, and what to do. */
  readonly help: string;
  /** The documentation of the rule. */
  readonly url: string;
  /** Relative to the folder, with `/`; null = a setting of the machine, no file. */
  readonly file: string | null;
  readonly line: number | null;
  /** CVSS score; null = none. */
  readonly score: number | null;
  /** What stays the same when lines move: module, variable … */
  readonly key: string;
}

const LEVELS = { error: 'error', warning: 'warning', hint: 'note' } as const;

/** A log with one run. */
export function sarifLog(findings: readonly SarifFinding[], version: string): object {
  const rules = [...new Map(findings.map((one) => [one.rule, one])).values()];
  const indexOf = new Map(rules.map(({ rule }, i) => [rule, i]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'gopherbar',
            version,
            informationUri: 'https://gopherbar.dev',
            rules: rules.map(({ rule, help, url, severity, score }) => ({
              id: rule,
              helpUri: url,
              shortDescription: { text: rule },
              help: { text: help },
              defaultConfiguration: { level: LEVELS[severity] },
              // Code scanning ranks by this property.
              ...(score === null ? {} : { properties: { 'security-severity': score.toFixed(1), tags: ['security'] } }),
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ rule, severity, text, file, line, key }) => ({
          ruleId: rule,
          ruleIndex: indexOf.get(rule),
          level: LEVELS[severity],
          message: { text },
          partialFingerprints: { 'gopherbar/v1': `${rule}:${key}` },
          ...(file === null
            ? {}
            : {
                locations: [
                  {
                    physicalLocation: {
                      artifactLocation: { uri: encodeURI(file), uriBaseId: '%SRCROOT%' },
                      ...(line === null ? {} : { region: { startLine: line } }),
                    },
                  },
                ],
              }),
        })),
      },
    ],
  };
}
