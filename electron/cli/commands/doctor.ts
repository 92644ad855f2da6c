/** `gopherbar doctor [HOST|MODULE]`: checks every layer; one verdict, and what helps. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Check, Consultation } from '../../../shared/domain/doctor.ts';
import { hideSecrets } from '../../../shared/domain/secrets.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import { findingText, fixText, noteText } from '../../../shared/messages/doctor-texts.ts';
import { formatLatency } from '../../../shared/messages/format.ts';
import { causeMeaning, experimentText } from '../../../shared/messages/messages.ts';
import { doctorPorts, reportScrubber } from '../../composition/doctor.ts';
import { consult } from '../../doctor/consult.ts';
import { dohProfile } from '../../doctor/doh-profile.ts';
import { jsonReport, markdownReport } from '../../doctor/report.ts';
import { readTarget } from '../../doctor/target.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportError } from '../report.ts';
import { openStores, type Stores } from '../stores.ts';
import { CLEAR_LINE } from '../terminal-text.ts';
import { UsageError } from '../usage-error.ts';
import { VERSION } from '../version.ts';
import type { DoctorArguments } from './doctor.command.ts';

/**
 * Runs a diagnosis; exit 1 unless everything is healthy. Throws UsageError for a target that is neither a host nor a
 * module.
 */
export async function doctorCommand(args: DoctorArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const stores = await openStores(io, clock);
  if (args.dohProfile !== undefined) return writeDohProfile(args.dohProfile, stores, io);
  const target = readTarget(args.target ?? '', stores.settings.monitor.endpoints);
  if (target === null) throw new UsageError(io.t('doctor.bad-target', { target: args.target ?? '' }));
  const pool = await stores.core.pool();
  const ports = doctorPorts(stores.core, pool);
  const quiet = args.json === true || args.md === true;
  const live = new LiveChecks(quiet, io);
  if (!quiet) {
    const about = target.text === '' ? io.t('doctor.asking-all') : io.t('doctor.asking', { target: target.text });
    io.out(`${io.style('bold', about)}\n`);
  }
  const done = await consult(target, ports, (state) => live.show(state), io.signal);
  if (args.json === true || args.md === true) {
    const scrub = args.unredacted === true ? hideSecrets : await reportScrubber(target.text, stores.core);
    if (args.json === true) io.out(`${JSON.stringify(jsonReport(done, scrub), null, 2)}\n`);
    else io.out(markdownReport(done, io.t, io.language, scrub, VERSION));
  } else io.out(conclusion(done, io));
  if (done.cancelled) return EXIT.interrupted;
  return done.finding?.severity === 'healthy' ? EXIT.ok : EXIT.finding;
}

/** Prints each check as soon as it has ended. */
class LiveChecks {
  readonly #shown = new Set<string>();
  readonly #quiet: boolean;
  #isTrying = false;
  readonly #io: CliIo;

  constructor(quiet: boolean, io: CliIo) {
    this.#quiet = quiet;
    this.#io = io;
  }

  /** On standard error, in one line that is cleared at the end. */
  #showTrying(trying: Consultation['trying']): void {
    const { showsProgress, error, t } = this.#io;
    if (!showsProgress || (trying === null && !this.#isTrying)) return;
    this.#isTrying = trying !== null;
    error(trying === null ? CLEAR_LINE : `${CLEAR_LINE}${t('doctor.trying', { ...trying })}`);
  }

  show({ checks, trying }: Consultation): void {
    this.#showTrying(trying);
    if (this.#quiet) return;
    for (const check of checks) {
      if (check.durationMs === null || this.#shown.has(check.id)) continue;
      this.#shown.add(check.id);
      this.#io.out(checkLines(check, this.#io));
    }
  }
}

const MARKS = {
  ok: '✓',
  warning: '▲',
  failed: '✗',
  'not-judged': '–',
  'not-needed': '–',
  waiting: '·',
  running: '·',
} as const;
const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

function checkLines({ id, status, notes, commands, durationMs }: Check, io: CliIo): string {
  const { t, style } = io;
  const colour = status === 'ok' || status === 'warning' || status === 'failed' ? COLOURS[status] : 'dim';
  const said =
    status === 'not-judged' || status === 'not-needed' ? ` ${style('dim', t(`doctor.status-${status}`))}` : '';
  const time =
    status === 'ok' || status === 'failed' || status === 'warning'
      ? ` ${style('dim', formatLatency(durationMs ?? 0))}`
      : '';
  const lines = [`${style(colour, MARKS[status])} ${t(`doctor.check-${id}`)}${said}${time}`];
  for (const one of notes) {
    const text = noteText(t, one);
    lines.push(
      `    ${one.severity === 'info' ? style('dim', text) : style(one.severity === 'error' ? 'red' : 'yellow', text)}`,
    );
  }
  if (status === 'failed' || status === 'warning') {
    for (const command of commands) lines.push(style('dim', `    $ ${command}`));
  }
  return `${lines.join('\n')}\n`;
}

function conclusion(done: Consultation, io: CliIo): string {
  const { t, style } = io;
  if (done.cancelled || done.finding === null) return `${style('yellow', t('doctor.cancelled'))}\n`;
  const { finding, experiments, fixes } = done;
  const colour = finding.severity === 'healthy' ? 'green' : finding.severity === 'degraded' ? 'yellow' : 'red';
  const lines = ['', style([colour, 'bold'], findingText(t, finding))];
  if (finding.cause !== null) lines.push(causeMeaning(t, finding.cause));
  if (finding.score !== null) {
    lines.push(style('dim', t('doctor.sure', { percent: Math.round(finding.score * 100), rule: finding.rule ?? '' })));
  }
  lines.push(...experiments.map((one) => style('dim', experimentText(t, one))));
  if (fixes.length > 0) lines.push('', style('bold', t('doctor.fixes')));
  for (const [i, fix] of fixes.entries()) {
    const { commands, profileId } = fix;
    lines.push(`  ${i + 1}. ${fixText(t, io.language, fix)}`);
    const shown = profileId === undefined ? commands : [shellCommand('gopherbar', ['use', '--', profileId])];
    lines.push(...shown.map((one) => `     ${style('dim', '$')} ${one}`));
  }
  return `${lines.join('\n')}\n`;
}

async function writeDohProfile(file: string, { settings }: Stores, io: CliIo): Promise<ExitCode> {
  const url = settings.doctorResolvers.find((one) => one.startsWith('https:'));
  if (url === undefined) {
    reportError(io, io.t('doctor.no-doh'));
    return EXIT.finding;
  }
  await writeFile(file, dohProfile(url, [], randomUUID));
  io.out(`${io.t('doctor.doh-written', { file })}\n`);
  return EXIT.ok;
}
