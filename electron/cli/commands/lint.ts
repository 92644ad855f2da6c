/** `gopherbar lint [DIR]`: risks in the settings of go and git, and how to fix them. */
import { LINT_RULES, type LintFinding } from '../../../shared/domain/lint.ts';
import type { InForce } from '../../../shared/domain/profile.ts';
import { redactDeep } from '../../../shared/domain/secrets.ts';
import type { ShellCommand } from '../../../shared/domain/shell-command.ts';
import { suggestedCommands } from '../../../shared/domain/switch-plan.ts';
import { problemText } from '../../../shared/messages/messages.ts';
import { lookUpIn } from '../../composition/http-client.ts';
import { lint } from '../../profile/lint.ts';
import { planCommands } from '../../profile/plan.ts';
import { moduleHost } from '../../profile/preflight/plan-fetches.ts';
import { privateHosts } from '../../profile/preflight/private-hosts.ts';
import { readProject } from '../../profile/preflight/project.ts';
import { readLintEnvironment } from '../../profile/read-lint-environment.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { measureEntries } from '../measured-entries.ts';
import { openStores } from '../stores.ts';
import type { LintArguments } from './lint.command.ts';

/**
 * Lints the effective settings, with the modules of the project in the folder (or none); exit 1 on an error or warning.
 */
export async function lintCommand({ folder, json }: LintArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const stores = await openStores(io, clock);
  const state = await stores.go.read();
  if (state.state !== 'found') {
    if (state.state !== 'detecting') io.error(`${problemText(io.t, state.problem)}\n`);
    return EXIT.finding;
  }
  const project = await readProject(folder ?? io.folder);
  if (!project.ok && folder !== undefined) {
    io.error(`${problemText(io.t, project.problem)}\n`);
    return EXIT.finding;
  }
  const hosts = project.ok ? project.project.needed.map(({ path }) => moduleHost(path)) : [];
  const found = await privateHosts(hosts, lookUpIn(stores.settings.monitor.network, clock, io.signal));
  const findings = lint({
    variables: state.effective,
    git: state.git ?? [],
    viewOf: await measureEntries([state.effective.GOPROXY ?? ''], stores, io),
    uptimeOf: () => null,
    privateHosts: [...found],
    goLines: project.ok
      ? { goLine: project.project.go, toolchainLine: project.project.toolchain, goVersion: state.version }
      : null,
    ...(await readLintEnvironment(stores.go, io.env)),
  });
  if (io.signal.aborted) return EXIT.interrupted;
  const withCommands = findings.map((one) => ({
    ...one,
    commands: commandsOf(one, state),
    source: LINT_RULES[one.rule],
  }));
  if (json === true) io.out(`${JSON.stringify({ schema: 1, findings: redactDeep(withCommands) }, null, 2)}\n`);
  else
    io.out(
      withCommands.length === 0
        ? `${io.style('green', '✓')} ${io.t('lint.none')}\n`
        : withCommands.map((one) => render(one, io)).join(''),
    );
  return findings.some(({ severity }) => severity !== 'hint') ? EXIT.finding : EXIT.ok;
}

function commandsOf({ fix, command }: LintFinding, { unknown, git }: InForce): readonly ShellCommand[] {
  if (fix === null) return command === null ? [] : [command];
  return suggestedCommands(planCommands(fix, unknown, git ?? []));
}

function render(
  finding: LintFinding & { readonly commands: readonly ShellCommand[]; readonly source: string },
  io: CliIo,
): string {
  const { t, style } = io;
  const mark = { error: style('red', '✗'), warning: style('yellow', '▲'), hint: style('dim', '·') }[finding.severity];
  const lines = [
    `${mark} ${style('bold', finding.subject)}  ${t(`lint.${finding.rule}`, finding.params)}`,
    `  ${style('dim', t(`lint.${finding.rule}-why`, finding.params))}`,
    ...finding.commands.map((command) => `  ${style('dim', '$')} ${command}`),
    ...(finding.fix !== null && finding.commands.length === 0
      ? [`  ${style('dim', t('lint.command-with-secret'))}`]
      : []),
    `  ${style('dim', finding.source)}`,
  ];
  return `${lines.join('\n')}\n`;
}
