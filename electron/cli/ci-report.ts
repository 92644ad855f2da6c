/** The verdict of `gopherbar ci` in words, as Markdown for a job summary, and as JSON. */

import { hideSecrets } from '../../shared/domain/secrets.ts';
import { formatDuration, formatLatency } from '../../shared/messages/format.ts';
import { markdownBlock, markdownText } from '../../shared/messages/markdown.ts';
import { causeMeaning, causeShort, problemText, type Translate } from '../../shared/messages/messages.ts';
import { remedyText } from '../../shared/messages/remedies.ts';
import { type AnnotationLevel, githubAnnotation, pipelineOf } from '../ci/annotations.ts';
import { isRetryable } from '../ci/infrastructure.ts';
import type { Attempt, RouteView, StepResult } from '../ci/step.ts';
import type { CliIo } from './cli-io.ts';
import type { ExitCode } from './exit-codes.ts';

/** What `--when-down` asks for. */
export type WhenDown = 'fail' | 'warn' | 'skip';

/** The verdict in one line: whose failure it is, and of what. */
export function headline({ outcome, judgement, attempts, problem }: StepResult, t: Translate): string {
  switch (outcome) {
    case 'passed':
      return t('ci.passed', { runs: attempts.length });
    case 'interrupted':
      return t('ci.interrupted');
    case 'not-started':
      return problem === null ? t('ci.interrupted') : problemText(t, problem);
    default: {
      const finding = judgement?.finding ?? null;
      const about = [finding?.host, finding?.module].filter((one) => one !== undefined).join(' · ');
      const what = finding === null ? t(`ci.ground-${judgement?.ground ?? 'silent'}`) : causeShort(t, finding.cause);
      return `${t(`ci.${outcome}`)}: ${what}${about === '' ? '' : ` (${about})`}`;
    }
  }
}

/** What supports the verdict, one line each. */
export function evidence({ judgement, attempts, route }: StepResult, t: Translate): readonly string[] {
  const last = attempts.at(-1);
  const finding = judgement?.finding ?? null;
  return [
    ...(judgement === null ? [] : [t(`ci.because-${judgement.ground}`)]),
    ...(last?.codeLine == null ? [] : [hideSecrets(last.codeLine)]),
    ...(finding === null ? [] : [causeMeaning(t, finding.cause), `→ ${remedyText(t, finding)}`]),
    ...route.map((view) => routeText(view, t)),
    ...(attempts.length > 1 ? [t('ci.runs', { runs: attempts.length })] : []),
  ];
}

function routeText({ url, status, cause, latencyMs }: RouteView, t: Translate): string {
  if (status === 'up') return t('ci.probe-up', { url, latency: latencyMs === null ? '–' : formatLatency(latencyMs) });
  return t('ci.probe-down', { url, cause: cause === null ? t('ci.ground-unknown') : causeShort(t, cause) });
}

/** How loudly a pipeline shows the verdict; null = not at all. */
export function levelOf({ outcome, attempts }: StepResult, whenDown: WhenDown): AnnotationLevel | null {
  if (outcome === 'passed') return attempts.length > 1 ? 'notice' : null;
  if (outcome === 'infrastructure' && whenDown !== 'fail') return whenDown === 'warn' ? 'warning' : 'notice';
  return outcome === 'interrupted' ? null : 'error';
}

/** For standard error: an annotation where GitHub reads it, else the same in plain lines. */
export function annotationText(result: StepResult, level: AnnotationLevel, io: CliIo): string {
  const [title, lines] = [headline(result, io.t), evidence(result, io.t)];
  if (pipelineOf(io.env) === 'github') return `${githubAnnotation(level, title, lines.join('\n'))}\n`;
  const style = { error: 'red', warning: 'yellow', notice: 'green' } as const;
  return `${io.style([style[level], 'bold'], `gopherbar: ${title}`)}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** For $GITHUB_STEP_SUMMARY and the like. */
export function summaryText(result: StepResult, t: Translate): string {
  const finding = result.judgement?.finding ?? null;
  const lines = [
    `### ${markdownText(headline(result, t))}`,
    '',
    ...evidence(result, t).map((line) => `- ${markdownText(line)}`),
    '',
    ...(finding === null ? [] : [...markdownBlock(finding.text.split('\n')), '']),
    ...result.attempts.map((attempt, i) => `${i + 1}. ${markdownText(attemptText(attempt, t))}`),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function attemptText({ exitCode, isTimeout, durationMs, findings, codeLine }: Attempt, t: Translate): string {
  const took = formatDuration(durationMs, t);
  if (exitCode === 0) return t('ci.run-passed', { took });
  const causes = [
    ...findings.map(({ cause }) => causeShort(t, cause)),
    ...(codeLine === null ? [] : [t('ci.ground-code-line')]),
  ];
  const what = causes.length === 0 ? t('ci.ground-silent') : [...new Set(causes)].join('; ');
  return t(isTimeout ? 'ci.run-stopped' : 'ci.run-failed', { took, what });
}

/** Schema 1, docs/schemas/ci.schema.json. */
export function ciJson(result: StepResult, exitCode: ExitCode, t: Translate) {
  const { outcome, judgement, attempts, route, durationMs } = result;
  const finding = judgement?.finding ?? null;
  return {
    schema: 1,
    outcome,
    exitCode,
    side: judgement?.side ?? null,
    ground: judgement?.ground ?? null,
    cause: finding?.cause ?? null,
    underlying: finding?.underlying ?? null,
    host: finding?.host ?? null,
    module: finding?.module ?? null,
    retryable: judgement?.isRetryable ?? false,
    headline: headline(result, t),
    remedy: finding === null ? null : remedyText(t, finding),
    line: finding?.text ?? attempts.at(-1)?.codeLine ?? null,
    durationMs: Math.round(durationMs),
    attempts: attempts.map((attempt) => ({
      exitCode: attempt.exitCode,
      timeout: attempt.isTimeout,
      durationMs: Math.round(attempt.durationMs),
      side: attempt.judgement?.side ?? null,
      causes: attempt.findings.map((one) => ({
        cause: one.cause,
        underlying: one.underlying ?? null,
        host: one.host ?? null,
        module: one.module ?? null,
        retryable: isRetryable(one),
        confidence: one.confidence,
      })),
      codeLine: attempt.codeLine === null ? null : hideSecrets(attempt.codeLine),
    })),
    route,
  };
}
