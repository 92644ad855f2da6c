/** A consultation as a report for an issue tracker: Markdown for people, JSON for tools. The caller passes the scrubber. */
import type { Check, Consultation } from '../../shared/domain/doctor.ts';
import type { Language } from '../../shared/domain/snapshot.ts';
import { findingText, fixText, noteText, targetText } from '../../shared/messages/doctor-texts.ts';
import { markdownBlock, markdownCode, markdownText } from '../../shared/messages/markdown.ts';
import { experimentText, type Translate } from '../../shared/messages/messages.ts';

const MARKS: Readonly<Record<Check['status'], string>> = {
  waiting: '…',
  running: '…',
  ok: '✓',
  warning: '▲',
  failed: '✗',
  'not-judged': '–',
  'not-needed': '–',
};

/** Everything, in one language, scrubbed line by line. */
export function markdownReport(
  consultation: Consultation,
  t: Translate,
  language: Language,
  scrub: (text: string) => string,
  version: string,
): string {
  const { checks, finding, experiments, fixes, startedAt } = consultation;
  // Scrubbed first: a name must be found as it was written, not with its underscores escaped.
  const text = (words: string) => markdownText(scrub(words));
  const lines = [
    `## ${t('doctor.report-title')}: ${text(targetText(t, consultation))}`,
    '',
    `${new Date(startedAt).toISOString()} · Gopherbar ${version}`,
    '',
    ...(finding === null ? [] : [`**${text(findingText(t, finding))}**`, '']),
    ...(finding?.score === null || finding?.score === undefined
      ? []
      : [t('doctor.sure', { percent: Math.round(finding.score * 100), rule: finding.rule ?? '' }), '']),
    ...section(
      t('doctor.experiments'),
      experiments.map((one) => `- ${text(experimentText(t, one))}`),
    ),
    ...section(
      t('doctor.fixes'),
      fixes.flatMap((fix) => [
        `- ${text(fixText(t, language, fix))}`,
        ...fix.commands.map((one) => `  ${markdownCode(scrub(one))}`),
      ]),
    ),
    ...checks.flatMap(({ id, status, notes, commands }) => [
      `### ${MARKS[status]} ${t(`doctor.check-${id}`)} — ${t(`doctor.status-${status}`)}`,
      '',
      ...notes.map((one) => `- ${text(noteText(t, one))}`),
      ...(commands.length === 0
        ? []
        : ['', `${t('doctor.report-commands')}:`, '', ...markdownBlock(commands.map(scrub))]),
      '',
    ]),
    t('doctor.report-scrubbed'),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...lines, ''];
}

/** The consultation with every text scrubbed; `schema` 1. */
export function jsonReport(consultation: Consultation, scrub: (text: string) => string): object {
  const { trying: _, ...report } = consultation;
  return { schema: 1, ...(scrubbed(report, scrub) as object) };
}

function scrubbed(value: unknown, scrub: (text: string) => string): unknown {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((one) => scrubbed(one, scrub));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, scrubbed(one, scrub)]));
}
