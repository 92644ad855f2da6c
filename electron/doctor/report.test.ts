/** A report says everything the page shows, in both languages, and nothing that was scrubbed. */
import { describe, expect, it } from 'vitest';
import { CHECK_IDS, type Check, type Consultation } from '../../shared/domain/doctor.ts';
import { shellCommand } from '../../shared/domain/shell-command.ts';
import { translator } from '../../shared/messages/messages.ts';
import { jsonReport, markdownReport } from './report.ts';

function check(id: Check['id']): Check {
  const quiet = { id, status: 'ok', notes: [], commands: [], durationMs: 1 } as const;
  if (id !== 'dns') return quiet;
  return {
    ...quiet,
    status: 'failed',
    notes: [
      { severity: 'error', key: 'dns-lies', params: { host: 'a.example', address: '10.0.0.1', right: '192.0.2.1' } },
      { severity: 'info', key: 'said', params: { text: 'token=s3cret' } },
    ],
    commands: [shellCommand('dig', ['a.example'])],
  };
}

const CONSULTATION: Consultation = {
  target: 'a.example',
  startedAt: Date.UTC(2026, 5, 1),
  endedAt: Date.UTC(2026, 5, 1) + 5_000,
  cancelled: false,
  checks: CHECK_IDS.map(check),
  finding: {
    name: 'dns-tampered',
    severity: 'down',
    cause: null,
    host: 'a.example',
    rule: 'dns-tampered/valid-elsewhere',
    score: 0.95,
    detail: '192.0.2.1',
  },
  trying: null,
  experiments: [{ variable: 'other-resolver', tries: 3, unchanged: 0, changed: 3 }],
  fixes: [
    {
      key: 'doh-profile',
      params: { resolver: 'r', url: 'https://r/dns-query' },
      commands: [shellCommand('gopherbar', ['doctor'])],
    },
  ],
};

const scrub = (text: string) => text.replaceAll('s3cret', 'xxxxx');

describe.each(['en', 'zh-CN'] as const)('Markdown in %s', (language) => {
  const t = translator(language);
  const text = markdownReport(CONSULTATION, t, language, scrub, '0.1.0');

  it('begins with what was asked, when, and by which version', () => {
    expect(text.split('\n')[0]).toMatch(/^## .+a\.example$/);
    expect(text).toContain('2026-06-01T00:00:00.000Z · Gopherbar 0.1.0');
  });

  it('has a section for each check with its mark, notes and commands', () => {
    for (const id of CHECK_IDS) expect(text).toContain(`${id === 'dns' ? '✗' : '✓'} ${t(`doctor.check-${id}`)}`);
    expect(text).toContain('```sh\ndig a.example\n```');
    expect(text).toMatch(/^- .*10\.0\.0\.1.*192\.0\.2\.1/m);
  });

  it('says how sure it is, what was tried, and what helps', () => {
    expect(text).toContain(t('doctor.sure', { percent: 95, rule: 'dns-tampered/valid-elsewhere' }));
    expect(text).toContain(`### ${t('doctor.experiments')}`);
    expect(text).toContain('  `gopherbar doctor`');
  });

  it('is scrubbed line by line, and leaves no key untranslated', () => {
    expect(text).not.toContain('s3cret');
    expect(text).not.toMatch(/doctor\.(?:check|note|fix|status)-/);
  });

  it('without a finding has no line about one', () => {
    const open = markdownReport(
      { ...CONSULTATION, finding: null, experiments: [], fixes: [] },
      t,
      language,
      scrub,
      '1',
    );
    expect(open).not.toContain('**');
    expect(open).not.toContain(t('doctor.fixes'));
  });
});

it('JSON has a schema, every field, and every text scrubbed at any depth', () => {
  const report = jsonReport(CONSULTATION, scrub);
  expect(report).toEqual({ schema: 1, ...JSON.parse(scrub(JSON.stringify({ ...CONSULTATION, trying: undefined }))) });
});
