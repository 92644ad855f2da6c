/** What `gopherbar check` prints: a table, JSON, JUnit, and annotations for a pipeline. */
import { hideSecrets } from '../../shared/domain/secrets.ts';
import { formatDuration } from '../../shared/messages/format.ts';
import { causeShort, type Translate } from '../../shared/messages/messages.ts';
import { githubAnnotation, pipelineOf } from '../ci/annotations.ts';
import type { CheckRow, CheckVerdict } from '../ci/check-verdict.ts';
import { codeQuality } from '../ci/code-quality.ts';
import { junitXml } from '../ci/junit.ts';
import type { CliIo } from './cli-io.ts';
import type { ExitCode } from './exit-codes.ts';
import { cut, pad } from './text-width.ts';

const NAME_CELLS = 56;

function nameOf({ item: { module } }: CheckRow): string {
  return `${module.path}@${module.version}`;
}

/** One line of the table. */
export function rowText(row: CheckRow, { t, style }: CliIo): string {
  const { status, durationMs, cause, item, side } = row;
  const mark = {
    healthy: style('green', '●'),
    slow: style('yellow', '▲'),
    failed: style('red', '✗'),
    cancelled: style('dim', '–'),
  }[status];
  const took = durationMs === null ? '' : formatDuration(durationMs, t);
  const facts = [
    t(`check.${status}`),
    took,
    cause === null ? '' : causeShort(t, cause),
    side === null ? '' : t(`ci.${side}`),
    item.isCritical ? '' : t('check.optional'),
  ];
  return `${mark} ${pad(cut(nameOf(row), NAME_CELLS), NAME_CELLS)} ${facts.filter((one) => one !== '').join(' · ')}`;
}

/** The table, the worst last, where a reader looks; and one line that sums up. */
export function checkText(rows: readonly CheckRow[], { outcome, counts }: CheckVerdict, io: CliIo): string {
  const order = { healthy: 0, cancelled: 1, slow: 2, failed: 3 };
  const lines = rows.toSorted((a, b) => order[a.status] - order[b.status]).map((row) => rowText(row, io));
  const style = { passed: 'green', infrastructure: 'yellow', failed: 'red' } as const;
  const verdict = io.style([style[outcome], 'bold'], io.t(`check.outcome-${outcome}`));
  return `${lines.join('\n')}\n${verdict}  ${io.t('check.counts', counts)}\n`;
}

/** Schema 1, docs/schemas/check.schema.json. */
export function checkJson(rows: readonly CheckRow[], { outcome, counts }: CheckVerdict, exitCode: ExitCode): string {
  const modules = rows.map((row) => ({
    module: nameOf(row),
    critical: row.item.isCritical,
    status: row.status,
    durationMs: row.durationMs === null ? null : Math.round(row.durationMs),
    cause: row.cause,
    side: row.side,
    message: hideSecrets(row.message),
  }));
  return `${JSON.stringify({ schema: 1, outcome, exitCode, counts, modules }, null, 2)}\n`;
}

/** JUnit XML: a slow or optional module is no failure. */
export function checkJunit(rows: readonly CheckRow[], t: Translate): string {
  return junitXml(
    'gopherbar check',
    rows.map((row) => {
      const { status, durationMs, cause, item, message, side } = row;
      const isFailure = status === 'failed' && item.isCritical;
      const short = cause === null ? t(`check.${status}`) : causeShort(t, cause);
      return {
        name: nameOf(row),
        group: item.module.path,
        seconds: (durationMs ?? 0) / 1_000,
        failure: isFailure ? { type: side ?? 'code', message: short, text: hideSecrets(message) } : null,
        skipped: status === 'cancelled' || (status === 'failed' && !item.isCritical) ? short : null,
      };
    }),
  );
}

/** For GitHub, one annotation for each module that is not healthy; '' elsewhere. */
export function checkAnnotations(rows: readonly CheckRow[], { env, t }: CliIo): string {
  if (pipelineOf(env) !== 'github') return '';
  return unhealthy(rows, t)
    .map(({ level, title, detail }) => `${githubAnnotation(level, title, detail)}\n`)
    .join('');
}

/** GitLab's Code Quality report: one finding for each module that is not healthy. */
export function checkCodeQuality(rows: readonly CheckRow[], t: Translate): string {
  const findings = unhealthy(rows, t).map(({ level, title, module, rule }) => ({
    rule,
    severity: level,
    text: title,
    file: null,
    line: null,
    key: module,
  }));
  return `${JSON.stringify(codeQuality(findings), null, 2)}\n`;
}

function unhealthy(rows: readonly CheckRow[], t: Translate) {
  return rows.flatMap((row) => {
    const { status, item, cause, message } = row;
    if (status !== 'failed' && status !== 'slow') return [];
    const level: 'error' | 'warning' = status === 'failed' && item.isCritical ? 'error' : 'warning';
    const short = cause === null ? t(`check.${status}`) : causeShort(t, cause);
    const module = nameOf(row);
    return [
      { level, module, rule: cause ?? status, title: `${module}: ${short}`, detail: hideSecrets(message) || short },
    ];
  });
}
