/** `gopherbar preflight [DIR]`: what a build of a project would fetch, from where, and what would go wrong. */

import type { Preflight, PreflightProblem } from '../../../shared/domain/preflight.ts';
import { redactDeep } from '../../../shared/domain/secrets.ts';
import { causeShort, withCauseText } from '../../../shared/messages/messages.ts';
import { lookUpIn } from '../../composition/http-client.ts';
import { preflight } from '../../profile/preflight/preflight.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findProfile } from '../find-profile.ts';
import { measureEntries } from '../measured-entries.ts';
import { reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';
import type { PreflightArguments } from './preflight.command.ts';

/** Runs the preflight; exit 1 when something would fail, hang or leak. */
export async function preflightCommand(args: PreflightArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const stores = await openStores(io, clock);
  const { settings, go } = stores;
  const profile = args.profile === undefined ? null : findProfile(settings.profiles, args.profile, io);
  if (io.showsProgress) io.error(`${io.style('dim', io.t('preflight.looking'))}\n`);
  const done = await preflight(args.folder ?? io.folder, profile, {
    go: await go.read(),
    moduleCache: await go.moduleCache(),
    lookUp: lookUpIn(settings.monitor.network, clock, io.signal),
    measure: (list) => measureEntries([list], stores, io),
  });
  if (io.signal.aborted) return EXIT.interrupted;
  if (!done.ok) {
    if (args.json === true) io.out(`${JSON.stringify({ schema: 1, problem: done.problem }, null, 2)}\n`);
    else reportProblem(io, done.problem);
    return EXIT.finding;
  }
  if (args.json === true) io.out(`${JSON.stringify({ schema: 1, ...redactDeep(done.value) }, null, 2)}\n`);
  else io.out(render(done.value, args.all === true, io));
  return done.value.problems.some(({ severity }) => severity === 'error') ? EXIT.finding : EXIT.ok;
}

function render({ file, cached, missing, problems, seconds }: Preflight, all: boolean, io: CliIo): string {
  const { t, style } = io;
  const lines = [style('bold', file), `  ${t('preflight.counts', { cached, missing: missing.length })}`];
  if (seconds !== null && missing.length > 0) lines.push(`  ${t('preflight.seconds', seconds)}`);
  lines.push(...problems.flatMap((one) => problem(one, io)));
  const shown = all ? missing : missing.slice(0, 10);
  for (const one of shown) {
    const why = one.cause === null ? '' : ` — ${causeShort(t, one.cause)}`;
    const leak = one.leaksTo === null ? '' : ` ${style('red', t(`preflight.leaks-${one.leaksTo}`))}`;
    lines.push(
      `  ${one.path}@${one.version}  ${style('dim', t(`preflight.fate-${one.fate}`, { from: one.from }))}${why}${leak}`,
    );
  }
  if (missing.length > shown.length) lines.push(`  ${t('preflight.more', { count: missing.length - shown.length })}`);
  return `${lines.join('\n')}\n`;
}

function problem({ key, severity, params, command }: PreflightProblem, io: CliIo): readonly string[] {
  const mark = { error: io.style('red', '✗'), warning: io.style('yellow', '▲'), hint: io.style('dim', '·') }[severity];
  const words = withCauseText(io.t, params);
  const text = `${mark} ${io.t(`preflight.problem-${key}`, words)}`;
  return command === null ? [text] : [text, `  ${io.style('dim', '$')} ${command}`];
}
