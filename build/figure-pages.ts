/**
 * Writes docs/figures/README.md: every measurement of docs/figures on one page, with its goal, the command that repeats it,
 * and the date and commit it was taken at. `npm run figures:page`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, Record } from './figure-record.ts';
import { SOURCES } from './figure-sources.ts';

/** Where the measurements and the page are kept. */
export const FIGURE_FOLDER = join(import.meta.dirname, '..', 'docs', 'figures');

/** The page. Throws for a measurement that SOURCES does not know, or that has another shape than it says. */
export function figurePage(): string {
  const files = readdirSync(FIGURE_FOLDER).filter((file) => file.endsWith('.json'));
  return [
    '# Figures at a glance · 实测数据一览',
    '',
    'Written by `npm run figures:page` from the files beside it. Each command repeats its measurement and writes the file again. The',
    'ratio is the figure over its goal; “missed” is said where a goal is not reached.',
    '',
    '由 `npm run figures:page` 根据本目录中的文件生成。每条命令都会重新测量并更新对应的文件。“ratio” 为实测值与目标之比；未达到目标的标为 missed。',
    '',
    '| figure | value | goal | ratio | command | date | commit |',
    '|---|---|---|---|---|---|---|',
    ...files.flatMap(rowsOf),
    '',
  ].join('\n');
}

function rowsOf(file: string): readonly string[] {
  const name = file.replace('.json', '');
  const source = SOURCES[name];
  if (source === undefined) throw new Error(`docs/figures/${file}: say in build/figure-sources.ts what it holds`);
  const record = new Record(JSON.parse(readFileSync(join(FIGURE_FOLDER, file), 'utf8')));
  const date = record.text('date').slice(0, 10) || 'not recorded';
  const commit = record.text('commit').slice(0, 7) || 'not recorded';
  return source.figures(record).map(({ what, value, unit, ...goals }) => {
    const shown = unit === undefined ? short(value) : `${short(value)} ${unit}`;
    const cells = [what, shown, goalOf(goals), ratioOf(value, goals), `\`npm run ${source.command}\``, date, commit];
    return `| [${cells[0]}](${file}) | ${cells.slice(1).join(' | ')} |`;
  });
}

function goalOf({ atMost, atLeast }: Pick<Figure, 'atMost' | 'atLeast'>): string {
  if (atMost !== undefined) return `≤ ${short(atMost)}`;
  return atLeast === undefined ? '' : `≥ ${short(atLeast)}`;
}

function ratioOf(value: number, { atMost, atLeast }: Pick<Figure, 'atMost' | 'atLeast'>): string {
  const goal = atMost ?? atLeast;
  if (goal === undefined) return '';
  const missed = atMost === undefined ? value < goal : value > goal;
  return `${goal === 0 ? '' : (value / goal).toFixed(2)}${missed ? ' missed' : ''}`.trim();
}

/** Three significant digits, and whole numbers as they are. */
function short(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en-US') : Number(value.toPrecision(3)).toString();
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(FIGURE_FOLDER, 'README.md'), figurePage());
