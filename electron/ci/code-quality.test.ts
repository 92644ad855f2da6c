import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { codeQuality, type QualityFinding } from './code-quality.ts';

/** The fields that GitLab's documentation requires, and the severities that it knows. */
const isReport = new Ajv().compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', pattern: '^[^/]' },
          lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
        },
      },
    },
  },
});

const finding: QualityFinding = {
  rule: 'sumdb-off',
  severity: 'error',
  text: 'GOSUMDB is off',
  file: null,
  line: null,
  key: 'GOSUMDB',
};

it('has what GitLab reads, also of a finding without a file', () => {
  const report = codeQuality([finding, { ...finding, severity: 'hint', file: 'Dockerfile', line: 7 }]);
  expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
  expect(report).toMatchObject([
    { severity: 'critical', location: { path: 'go.mod', lines: { begin: 1 } } },
    { severity: 'info', location: { path: 'Dockerfile', lines: { begin: 7 } } },
  ]);
});

it('keeps a fingerprint when text and line change, and has another for another finding', () => {
  const print = (change: Partial<QualityFinding>) =>
    JSON.stringify(codeQuality([{ ...finding, ...change }])).match(/"fingerprint":"(\w+)"/)?.[1];
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.string(), (text, line, key) => {
      expect(print({ text, line: line + 1 })).toBe(print({}));
      expect(print({ key }) === print({})).toBe(key === finding.key);
    }),
  );
  expect(print({ file: 'go.mod' })).not.toBe(print({ file: 'Dockerfile' }));
});
