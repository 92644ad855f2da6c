/**
 * `npm run accuracy`: how often recorded outputs of `go`, kinds of error texts and recorded traces are read rightly, how
 * far confidence can be believed and what remedies say, as tables, and in docs/figures/texts.json. Exit 1 when a goal is
 * missed.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { diagnose } from '../../electron/trace/diagnose.ts';
import { explainCases, explainRows, type Recording } from './explained-texts.ts';
import { calibrationOf, type Row, row } from './rows.ts';
import { readTrace } from './saved-trace.ts';

const { values } = parseArgs({ options: { 'no-figures': { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '..', '..');

const cases = explainCases(root);
const calibration = calibrationOf(cases);
const rows = [...explainRows(cases), ...traceRows()];
console.log('what                                      right      of   share   goal');
for (const { what, right, of, goal, wrong } of rows) {
  const share = of === 0 ? 1 : right / of;
  console.log(
    `${what.padEnd(38)} ${String(right).padStart(8)} ${String(of).padStart(7)} ${percent(share)} ${percent(goal)} ${share >= goal ? 'met' : 'MISSED'}`,
  );
  for (const one of wrong.slice(0, 10)) console.log(`    ${one}`);
}
console.log('\nconfidence of the first cause             right      of   share');
for (const { from, right, of } of calibration) {
  console.log(
    `${`from ${from}`.padEnd(38)} ${String(right).padStart(8)} ${String(of).padStart(7)} ${percent(right / of)}`,
  );
}
if (!values['no-figures']) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const record = { date: new Date().toISOString().slice(0, 10), commit, rows, calibration };
  writeFileSync(join(root, 'docs', 'figures', 'texts.json'), `${JSON.stringify(record, null, 2)}\n`);
}
process.exitCode = rows.every(({ right, of, goal }) => of === 0 || right / of >= goal) ? 0 : 1;

function traceRows(): readonly Row[] {
  const folder = join(root, 'electron', 'trace', 'fixtures');
  const traces = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as readonly Recording[];
  const found = traces.map((one) => ({
    name: `${one.file} (${one.cause})`,
    one,
    said: diagnose(readTrace(readFileSync(join(folder, one.file), 'utf8'))),
  }));
  return [
    row('trace: cause', found, 1, ({ one, said }) =>
      one.cause === 'none' || one.cause === 'none-fell-back'
        ? said.outcome !== 'failed' && said.outcome !== 'hung'
        : (one.accept_causes ?? [one.cause]).includes(said.cause ?? ''),
    ),
    row(
      'trace: host',
      found.filter(({ one }) => one.failing_host !== null),
      0.98,
      ({ one, said }) => said.host === one.failing_host,
    ),
    row(
      'trace: no credentials shown',
      found,
      1,
      ({ said }) => !/hunter2|s3cret|Basic [A-Za-z0-9+/=]{6}/.test(JSON.stringify(said)),
    ),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`.padStart(8);
}
