/** A probe as text: a sentence, a waterfall of phases, the steps, and the peer. */
import { type FailedResult, type OkResult, PHASES, type ProbeResult } from '../../shared/domain/result.ts';
import { formatLatency } from '../../shared/messages/format.ts';
import { causeMeaning, causeShort } from '../../shared/messages/messages.ts';
import { remedyForHost } from '../../shared/messages/remedies.ts';
import { resultFacts } from '../../shared/messages/result-facts.ts';
import type { CliIo } from './cli-io.ts';
import { cut, pad, textWidth } from './text-width.ts';

/** The whole text, ending in a newline. */
export function renderProbe(result: ProbeResult, io: CliIo): string {
  if (result.outcome === 'cancelled') return `${io.t('cli.cancelled')}\n`;
  const blocks = [
    [headline(result, io)],
    waterfall(result, io),
    facts(result, io),
    result.steps.length > 1 ? steps(result, io) : [],
    result.outcome === 'failed' ? explanation(result, io) : [],
  ];
  const texts = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function headline(result: OkResult | FailedResult, { t, style }: CliIo): string {
  const total = formatLatency(result.totalMs);
  if (result.outcome === 'failed') {
    const text = t('cli.probe-failed', { url: result.url, cause: causeShort(t, result.failure.cause) });
    return style(['red', 'bold'], `✗ ${text}`);
  }
  if (result.slow.length > 0) return style(['yellow', 'bold'], `▲ ${t('cli.probe-slow', { url: result.url, total })}`);
  return style(['green', 'bold'], `● ${t('cli.probe-ok', { url: result.url, total })}`);
}

/** One bar per phase, each starting where the previous one ended. */
function waterfall(result: OkResult | FailedResult, io: CliIo): string[] {
  const { t, style } = io;
  const failedPhase = result.outcome === 'failed' ? result.failure.phase : null;
  const shown = PHASES.filter((phase) => result.phases[phase] !== undefined || phase === failedPhase);
  const labels = shown.map((phase) => t(`phase.${phase}`));
  const labelWidth = Math.max(0, ...labels.map(textWidth));
  const room = Math.max(10, Math.min(60, io.columns() - labelWidth - 14));
  const sum = Object.values(result.phases).reduce((total, ms) => total + ms, 0);
  let begun = 0;
  return shown.map((phase, i) => {
    const ms = result.phases[phase];
    const from = Math.round((begun / Math.max(sum, 0.001)) * room);
    const failed = phase === failedPhase;
    begun += ms ?? 0;
    const length = failed && ms === undefined ? 1 : Math.max(1, Math.round(((ms ?? 0) / Math.max(sum, 0.001)) * room));
    const start = Math.min(from, room - 1);
    const bar = (failed && ms === undefined ? '×' : '█'.repeat(Math.min(length, room - start))).padEnd(room - start);
    const time = ms === undefined ? '—' : formatLatency(ms);
    const colour = failed ? 'red' : 'cyan';
    return `  ${pad(labels[i] ?? '', labelWidth)} ${pad(time, 8, 'left')}  ${' '.repeat(start)}${style(colour, bar)}`.trimEnd();
  });
}

function facts(result: OkResult | FailedResult, io: CliIo): string[] {
  const rows = resultFacts(result, io.t);
  const width = Math.max(0, ...rows.map(([label]) => textWidth(label)));
  return rows.map(
    ([label, value]) =>
      `  ${io.style('dim', pad(label, width))}  ${cut(value, Math.max(20, io.columns() - width - 6))}`,
  );
}

function steps({ steps: all }: OkResult | FailedResult, { t, style }: CliIo): string[] {
  return all.map((step) => {
    const failed = step.advisory === true ? style('dim', '–') : style('red', '✗');
    const mark = step.outcome === 'ok' ? style('green', '✓') : failed;
    const words = [t(`cli.step-${step.name}`), formatLatency(step.durationMs), step.hash ?? ''];
    if (step.cause !== undefined) words.push(causeShort(t, step.cause));
    return `  ${mark} ${words.filter((word) => word !== '').join(' · ')}`;
  });
}

function explanation({ failure, url }: FailedResult, { t, style }: CliIo): string[] {
  const raw = failure.code === undefined ? failure.message : `${failure.code}: ${failure.message}`;
  return [
    `  ${style('bold', causeMeaning(t, failure.cause))}`,
    `  → ${remedyForHost(t, failure.cause, url)}`,
    `  ${style('dim', `${failure.cause} @ ${failure.phase} · ${raw}`)}`,
  ];
}
