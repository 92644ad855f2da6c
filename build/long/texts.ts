/**
 * `npm run accuracy`: how often recorded outputs of `go` and recorded traces are read rightly, as a table, and in
 * docs/figures/texts.json. Exit 1 when a goal is missed.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explain } from '../../electron/explain/explain.ts';
import { diagnose } from '../../electron/trace/diagnose.ts';
import { readTrace } from './saved-trace.ts';

interface Recording {
  readonly file: string;
  readonly cause: string;
  readonly accept_causes?: readonly string[];
  readonly failing_host: string | null;
  readonly phase: string | null;
  readonly interrupted?: boolean;
}

interface Row {
  readonly what: string;
  readonly right: number;
  readonly of: number;
  /** Share that is wanted. */
  readonly goal: number;
  readonly wrong: readonly string[];
}

const { values } = parseArgs({ options: { 'no-figures': { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '..', '..');
const texts = recordings('electron/explain/fixtures');
const traces = recordings('electron/trace/fixtures');
/** For a bare EOF or a reset the text cannot tell these three apart. */
const ONE_OF_THREE = new Set(['tls', 'request', 'response']);

const rows = [...explainRows(), ...traceRows()];
console.log('what                                      right      of   share   goal');
for (const { what, right, of, goal, wrong } of rows) {
  const share = of === 0 ? 1 : right / of;
  console.log(
    `${what.padEnd(38)} ${String(right).padStart(8)} ${String(of).padStart(7)} ${percent(share)} ${percent(goal)} ${share >= goal ? 'met' : 'MISSED'}`,
  );
  for (const one of wrong.slice(0, 10)) console.log(`    ${one}`);
}
if (!values['no-figures']) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const record = { date: new Date().toISOString().slice(0, 10), commit, rows };
  writeFileSync(join(root, 'docs', 'figures', 'texts.json'), `${JSON.stringify(record, null, 2)}\n`);
}
process.exitCode = rows.every(({ right, of, goal }) => of === 0 || right / of >= goal) ? 0 : 1;

function explainRows(): readonly Row[] {
  const judged = texts.map((one) => ({ one, text: read('electron/explain/fixtures', one.file) }));
  const found = judged.map(({ one, text }) => ({
    one,
    text,
    all: explain(text, { interrupted: one.interrupted === true }),
  }));
  const failures = found.filter(({ one, text }) => !one.cause.startsWith('none') && text.trim() !== '');
  const successes = found.filter(({ one }) => one.cause.startsWith('none'));
  const accepts = (one: Recording, cause: string | undefined) =>
    (one.accept_causes ?? [one.cause]).includes(cause ?? '');
  const sure = failures.filter(({ all }) => (all[0]?.confidence ?? 0) >= 0.9);
  const withHost = failures.filter(({ one }) => one.failing_host !== null);
  const withPhase = failures.filter(({ one, all }) => one.phase !== null && all.length > 0);
  return [
    row('explain: cause', failures, 0.98, ({ one, all }) => accepts(one, all[0]?.cause)),
    row('explain: host', withHost, 0.98, ({ one, all }) => all[0]?.host === one.failing_host),
    row('explain: phase', withPhase, 0.9, ({ one, all: [first] }) => {
      const isBare = first?.cause === 'eof-no-response' || first?.cause === 'connection-reset';
      return first?.layer === one.phase || (isBare && ONE_OF_THREE.has(one.phase ?? ''));
    }),
    row('explain: successes not called failures', successes, 1, ({ all }) => all.length === 0),
    row('explain: right when sure (≥ 0.9)', sure, 0.99, ({ one, all }) => accepts(one, all[0]?.cause)),
  ];
}

function traceRows(): readonly Row[] {
  const found = traces.map((one) => ({
    one,
    said: diagnose(readTrace(read('electron/trace/fixtures', one.file))),
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

function row<T extends { readonly one: Recording }>(
  what: string,
  cases: readonly T[],
  goal: number,
  isRight: (one: T) => boolean,
): Row {
  const wrong = cases.filter((one) => !isRight(one)).map(({ one }) => `${one.file} (${one.cause})`);
  return { what, right: cases.length - wrong.length, of: cases.length, goal, wrong };
}

function recordings(folder: string): readonly Recording[] {
  return JSON.parse(readFileSync(join(root, folder, 'index.json'), 'utf8')) as readonly Recording[];
}

function read(folder: string, file: string): string {
  return readFileSync(join(root, folder, file), 'utf8');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`.padStart(8);
}
