/** `gopherbar effective`: which value of each variable wins in which context, why, and how to remove it. */
import type { EffectiveContext, EffectiveTable, EffectiveValue, Place } from '../../../shared/domain/effective.ts';
import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
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
  const contexts = table.contexts.map((one) => context(one, io)).join('');
  return `${contexts}${style('bold', t('effective.gos'))}\n${gos.join('')}${project}`;
}

function context({ id, shell, problem, go, values }: EffectiveContext, io: CliIo): string {
  const { t, style } = io;
  const name = `${style('bold', t(`effective.context-${id}`))}${shell === null ? '' : ` ${shell}`}`;
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
