/** What `gopherbar lint` prints: text, JSON and SARIF of one report. */
import { LINT_RULES, type LintFinding } from '../../shared/domain/lint.ts';
import type { InForce } from '../../shared/domain/profile.ts';
import { PROJECT_RULES, type ProjectFinding } from '../../shared/domain/project-finding.ts';
import { redactDeep } from '../../shared/domain/secrets.ts';
import type { ShellCommand } from '../../shared/domain/shell-command.ts';
import { suggestedCommands } from '../../shared/domain/switch-plan.ts';
import { isBlocking, type Vulnerability } from '../../shared/domain/vulnerability.ts';
import type { Translate } from '../../shared/messages/messages.ts';
import { codeQuality } from '../ci/code-quality.ts';
import { type SarifFinding, sarifLog } from '../gate/sarif.ts';
import { planCommands } from '../profile/plan.ts';
import type { CliIo } from './cli-io.ts';
import { VERSION } from './version.ts';

/** A vulnerability with the place of its requirement. */
export type PlacedVulnerability = Vulnerability & Pick<ProjectFinding, 'file' | 'line'>;

export interface LintReport {
  readonly settings: readonly LintFinding[];
  readonly files: readonly ProjectFinding[];
  /** null = not looked up. */
  readonly vulnerabilities: readonly PlacedVulnerability[] | null;
  readonly state: InForce;
  readonly strict: boolean;
}

/** docs/schemas/lint.schema.json. */
export function lintJson({ settings, files, vulnerabilities, state, strict }: LintReport): string {
  const report = {
    schema: 1,
    findings: settings.map((one) => ({ ...one, commands: commandsOf(one, state), source: LINT_RULES[one.rule] })),
    files: files.map((one) => ({ ...one, source: PROJECT_RULES[one.rule] })),
    vulnerabilities: vulnerabilities?.map((one) => ({ ...one, blocks: isBlocking(one, strict) })) ?? null,
  };
  return `${JSON.stringify(redactDeep(report), null, 2)}\n`;
}

/** SARIF 2.1.0 in the language of the reader. */
export function lintSarif(report: LintReport, t: Translate): string {
  return `${JSON.stringify(redactDeep(sarifLog(entriesOf(report, t), VERSION)), null, 2)}\n`;
}

/** GitLab's Code Quality report in the language of the reader. */
export function lintCodeQuality(report: LintReport, t: Translate): string {
  return `${JSON.stringify(redactDeep(codeQuality(entriesOf(report, t))), null, 2)}\n`;
}

/** For a person. */
export function lintText(report: LintReport, io: CliIo): string {
  const { t, style } = io;
  const marks = { error: style('red', '✗'), warning: style('yellow', '▲'), hint: style('dim', '·') };
  const blocks = entriesOf(report, t).map(({ severity, title, text, help, commands, note, url }) =>
    [
      `${marks[severity]} ${style('bold', title)}  ${text}`,
      `  ${style('dim', help)}`,
      ...commands.map((command) => `  ${style('dim', '$')} ${command}`),
      ...(note === null ? [] : [`  ${style('dim', note)}`]),
      `  ${style('dim', url)}\n`,
    ].join('\n'),
  );
  if (blocks.length > 0) return blocks.join('');
  return `${style('green', '✓')} ${t(report.vulnerabilities === null ? 'lint.none' : 'lint.none-vulnerable')}\n`;
}

interface Entry extends SarifFinding {
  readonly title: string;
  readonly commands: readonly ShellCommand[];
  readonly note: string | null;
}

/** All findings in words: settings, then files, then vulnerabilities. */
function entriesOf({ settings, files, vulnerabilities, state, strict }: LintReport, t: Translate): readonly Entry[] {
  return [
    ...settings.map((one): Entry => {
      const commands = commandsOf(one, state);
      return {
        ...wordsOf(one, LINT_RULES[one.rule], t),
        title: one.subject,
        commands,
        note: one.fix !== null && commands.length === 0 ? t('lint.command-with-secret') : null,
        file: null,
        line: null,
        key: one.subject,
      };
    }),
    ...files.map(
      (one): Entry => ({
        ...wordsOf(one, PROJECT_RULES[one.rule], t),
        title: one.line === null ? one.file : `${one.file}:${one.line}`,
        commands: one.command === null ? [] : [one.command],
        note: null,
        file: one.file,
        line: one.line,
        key: `${one.file}:${one.params.module ?? one.params.stage ?? ''}`,
      }),
    ),
    ...(vulnerabilities ?? []).map(
      (one): Entry => ({
        rule: one.id,
        severity: isBlocking(one, strict) ? 'error' : 'hint',
        title: one.id,
        text: vulnerabilityText(one, t),
        help: remedyText(one, t),
        url: one.url,
        commands: [],
        note: null,
        file: one.file,
        line: one.line,
        score: one.score,
        key: one.module,
      }),
    ),
  ];
}

function wordsOf({ rule, severity, params }: LintFinding | ProjectFinding, url: string, t: Translate) {
  return { rule, severity, url, score: null, text: t(`lint.${rule}`, params), help: t(`lint.${rule}-why`, params) };
}

function vulnerabilityText({ module, version, summary, score }: Vulnerability, t: Translate): string {
  return score === null
    ? t('lint.vulnerability-unscored', { module, version, summary })
    : t('lint.vulnerability', { module, version, summary, score: score.toFixed(1) });
}

function remedyText({ module, fixed }: Vulnerability, t: Translate): string {
  if (fixed === null) return t('lint.vulnerability-unfixed', { module });
  return module === 'stdlib' || module === 'toolchain'
    ? t('lint.vulnerability-go', { fixed })
    : t('lint.vulnerability-fix', { module, fixed });
}

function commandsOf({ fix, command }: LintFinding, { unknown, git }: InForce): readonly ShellCommand[] {
  if (fix === null) return command === null ? [] : [command];
  return suggestedCommands(planCommands(fix, unknown, git ?? []));
}
