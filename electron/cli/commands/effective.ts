/** `gopherbar effective`: which value of each variable wins in which context, why, and how to remove it. */
import {
  type EffectiveContext,
  type EffectiveTable,
  type EffectiveValue,
  type ImageBuild,
  isCompared,
  type Place,
  terminalValues,
} from '../../../shared/domain/effective.ts';
import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
import { adoptText, buildValueText } from '../../../shared/messages/effective-text.ts';
import { readEffectiveTable } from '../../composition/engine.ts';
import { redactTable } from '../../profile/effective/effective-table.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openStores } from '../stores.ts';
import { pad } from '../text-width.ts';
import type { EffectiveArguments } from './effective.command.ts';

/** Reads shells, GUI apps and every `go`; exit 1 when an environment overrides the go env file anywhere. */
export async function effectiveCommand({ json }: EffectiveArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { core } = await openStores(io, clock);
  const table = await readEffectiveTable(core, io.folder);
  if (json === true) io.out(`${JSON.stringify({ schema: 1, ...redactTable(table) }, null, 2)}\n`);
  else io.out(rendered(table, io));
  return table.contexts.some(({ values }) => values.some(isBeaten)) ? EXIT.finding : EXIT.ok;
}

/** A value of the environment hides another one in the go env file. */
function isBeaten({ layers }: EffectiveValue): boolean {
  return layers[0]?.layer === 'environment' && layers.some(({ layer }) => layer === 'go-env-file');
}

function rendered(table: EffectiveTable, io: CliIo): string {
  const { t, style } = io;
  const gos = table.gos.map(
    ({ path, version, installer }) => `  ${pad(version, 12)} ${path}  ${style('dim', installer)}\n`,
  );
  const project =
    table.project === null
      ? ''
      : `${style('bold', t('effective.project'))} ${table.project.file}  go ${table.project.go ?? '—'}${
          table.project.toolchain === null ? '' : `  toolchain ${table.project.toolchain}`
        }\n`;
  const terminal = terminalValues(table.contexts);
  const contexts = table.contexts.map((one) => context(one, terminal, io)).join('');
  const builds = table.builds.map((one) => imageBuild(one, io)).join('');
  const images =
    builds === ''
      ? ''
      : `${style('bold', t('effective.builds'))}\n  ${style('dim', t('effective.builds-why'))}\n${builds}\n`;
  return `${contexts}${images}${style('bold', t('effective.gos'))}\n${gos.join('')}${project}`;
}

/** Only what differs from the terminal, why, and how to change that. */
function comparedContext(
  name: string,
  { id, problem, values, differs, remedy }: EffectiveContext,
  terminal: readonly EffectiveValue[],
  io: CliIo,
): string {
  const { t, style } = io;
  if (problem === null && differs.length === 0) return `${name}  ${style('dim', `· ${t('effective.same')}`)}\n\n`;
  const width = Math.max(...differs.map((one) => one.length), 0);
  const rows = differs.map((one) => {
    const value = values.find((it) => it.name === one)?.value ?? '';
    const here = terminal.find((it) => it.name === one)?.value ?? '';
    const shown = value === '' ? t('effective.unset') : redactUrls(value);
    const differs = t('effective.differs', { value: here === '' ? t('effective.unset') : redactUrls(here) });
    return `  ${pad(one, width)}  ${shown}  ${style('yellow', differs)}\n`;
  });
  const trouble = problem === null ? '' : `  ${style('yellow', t(`effective.problem-${problem}`))}\n`;
  const why = isCompared(id) ? `  ${style('dim', t(`effective.why-${id}`))}\n` : '';
  const steps =
    remedy === null
      ? []
      : [
          adoptText(t, id, remedy),
          ...[...remedy.lines, ...remedy.commands.map((one) => `$ ${one}`)].map((one) => `  ${one}`),
        ];
  return `${name}\n${trouble}${rows.join('')}${why}${steps.map((one) => `  ${one}\n`).join('')}\n`;
}

function imageBuild({ file, service, stage, line, values, insert, build, composeArgs }: ImageBuild, io: CliIo): string {
  const { t, style } = io;
  const title = `  ${style('bold', file)}${service === null ? '' : ` (${service})`}, ${t('effective.build-stage', { stage, line })}\n`;
  const width = Math.max(...values.map(({ name }) => name.length), 0);
  const rows = values.map((value) => {
    const text = buildValueText(t, value);
    const isRight = value.value === value.wanted;
    return `    ${pad(value.name, width)}  ${isRight ? style('green', text) : style('yellow', text)}\n`;
  });
  const steps = [
    ...(insert === null
      ? []
      : [t('effective.build-insert', { line: insert.after }), ...insert.lines.map((one) => `  ${one}`)]),
    ...(composeArgs.length === 0
      ? []
      : [t('effective.build-compose', { service: service ?? '' }), ...composeArgs.map((one) => `  ${one}`)]),
    ...(build === null ? [] : [t('effective.build-run'), `  $ ${build}`]),
  ];
  return `${title}${rows.join('')}${steps.map((one) => `    ${one}\n`).join('')}`;
}

function context(one: EffectiveContext, terminal: readonly EffectiveValue[], io: CliIo): string {
  const { t, style } = io;
  const { id, shell, problem, go, values } = one;
  const name = `${style('bold', t(`effective.context-${id}`))}${shell === null ? '' : ` ${shell}`}`;
  if (isCompared(id)) return comparedContext(name, one, terminal, io);
  if (problem !== null) return `${name}\n  ${style('dim', t(`effective.problem-${problem}`))}\n\n`;
  const found = go === null ? style('yellow', t('effective.no-go')) : `${go.version} ${go.path}`;
  const shown = values.filter(({ layers }) => layers.length > 0);
  const width = Math.max(...shown.map((one) => one.name.length), 0);
  return `${name}  ${style('dim', '·')} ${found}\n${shown.map((one) => row(one, width, io)).join('')}\n`;
}

function row(value: EffectiveValue, width: number, io: CliIo): string {
  const { t, style } = io;
  const [winner, ...others] = value.layers;
  if (winner === undefined) return '';
  const why = style('dim', `← ${t(`effective.layer-${winner.layer}`)}${where(winner.place)}`);
  const lines = [`  ${pad(value.name, width)}  ${redactUrls(value.value)}  ${why}\n`];
  for (const { layer, value: text, place } of others) {
    const beaten = t('effective.beaten', { value: redactUrls(text), layer: t(`effective.layer-${layer}`) });
    lines.push(`  ${' '.repeat(width)}  ${style('dim', `${beaten}${where(place)}`)}\n`);
  }
  if (value.unexplained) lines.push(`  ${' '.repeat(width)}  ${style('yellow', t('effective.unexplained'))}\n`);
  if (winner.layer === 'environment' && value.remedy !== null && value.name.startsWith('GO')) {
    lines.push(`  ${' '.repeat(width)}  ${t('effective.remedy', { command: value.remedy })}\n`);
  }
  return lines.join('');
}

function where(place: Place | null): string {
  if (place === null) return '';
  return ` ${place.file}${place.line === null ? '' : `:${place.line}`}`;
}
