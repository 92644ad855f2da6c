/** `gopherbar diff NAME`: what a switch would change and by which commands, without doing it. */
import { redactDeep } from '../../../shared/domain/secrets.ts';
import { commandLine, type SwitchPlan } from '../../../shared/domain/switch-plan.ts';
import { inLanguage } from '../../../shared/messages/messages.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findProfile } from '../find-profile.ts';
import { reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';
import type { DiffArguments } from './diff.command.ts';
import { withGateway } from './gateway-files.ts';

/** Prints the plan; exit 1 when the switch would be refused. */
export async function diffCommand({ name, json }: DiffArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { core, settings, go } = await openStores(io, clock);
  const profile = findProfile(await withGateway(settings.profiles, await go.read(), core), name, io);
  const plan = await go.plan(profile);
  if (!plan.ok) {
    if (json === true)
      io.out(`${JSON.stringify({ schema: 1, profile: profile.id, problem: plan.problem }, null, 2)}\n`);
    else reportProblem(io, plan.problem);
    return EXIT.finding;
  }
  if (json === true)
    io.out(`${JSON.stringify({ schema: 1, profile: profile.id, ...redactDeep(plan.value) }, null, 2)}\n`);
  else io.out(renderPlan(inLanguage(profile.name, io.language), redactDeep(plan.value), io));
  return EXIT.ok;
}

/** Old and new values, then the commands; the plan's passwords are replaced already. */
export function renderPlan(name: string, plan: SwitchPlan, io: CliIo): string {
  const { t, style } = io;
  const lines: string[] = [style('bold', name)];
  const show = (key: string, from: string, to: string) => {
    lines.push(`  ${key}`);
    lines.push(style('red', `  - ${from === '' ? t('cli.diff-default') : from}`));
    lines.push(style('green', `  + ${to === '' ? t('cli.diff-default') : to}`));
  };
  for (const { name: variable, from, to } of plan.variables) show(variable, from, to);
  for (const { key, from, to } of plan.git) show(`git ${key}`, from.join(' '), to.join(' '));
  if (plan.variables.length + plan.git.length === 0) lines.push(`  ${t('cli.diff-none')}`);
  if (plan.leftOut.length > 0) lines.push(`  ${t('cli.diff-left-out', { variables: plan.leftOut.join(', ') })}`);
  lines.push('', ...plan.commands.map((one) => `  ${style('dim', '$')} ${commandLine(one)}`));
  return `${lines.join('\n')}\n`;
}
