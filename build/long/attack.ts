/**
 * `npm run long -- attack`: plays every attack of SECURITY.md again, by the tests that its tables name, several rounds (those
 * with properties draw new inputs each time). Exit 1 when one got through. Figures go to docs/figures/attacks.json.
 *
 *   --rounds N    (default 3)
 *   --short       one round of the quick ones, no figures
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureRuntime } from '../electron-runtime.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, short: { type: 'boolean', default: false } },
});
const root = join(import.meta.dirname, '..', '..');
const rounds = values.short ? 1 : Number(values.rounds);

/** One row of the tables: what is tried, and by which tests. */
interface Attack {
  readonly attack: string;
  readonly files: readonly string[];
}

interface Tally {
  tests: number;
  gotThrough: string[];
}

const attacks = readAttacks(readFileSync(join(root, 'SECURITY.md'), 'utf8'));
const files = [...new Set(attacks.flatMap((one) => one.files))];
const isSpec = (file: string) => file.startsWith('e2e/specs/');
const tests = files.filter((file) => !isSpec(file) && (!values.short || !file.includes('.integration.')));
const specs = values.short ? [] : files.filter(isSpec);
const tallies = new Map(files.map((file): [string, Tally] => [file, { tests: 0, gotThrough: [] }]));
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-attack-'));
for (let round = 1; round <= rounds; round += 1) {
  console.log(`attack: round ${round} of ${rounds}, ${tests.length + specs.length} files of tests`);
  playTests(tests);
  if (specs.length > 0) await playSpecs(specs);
}
rmSync(folder, { recursive: true, force: true });

const rows = attacks.map(({ attack, files: own }) => ({
  attack,
  rounds,
  tests: own.reduce((sum, file) => sum + (tallies.get(file)?.tests ?? 0), 0),
  gotThrough: own.flatMap((file) => tallies.get(file)?.gotThrough ?? []),
}));
for (const { attack, tests: played, gotThrough } of rows) {
  console.log(`${gotThrough.length === 0 ? 'held  ' : 'FAILED'} ${String(played).padStart(5)}  ${attack}`);
  for (const name of gotThrough) console.log(`         ${name}`);
}
if (!values.short) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: root }).trim();
  const record = { date: new Date().toISOString().slice(0, 10), commit, rows };
  writeFileSync(join(root, 'docs', 'figures', 'attacks.json'), `${JSON.stringify(record, null, 2)}\n`);
}
const isPlayed = values.short || rows.every((row) => row.tests > 0);
process.exitCode = isPlayed && rows.every(({ gotThrough }) => gotThrough.length === 0) ? 0 : 1;

/** Rows that name tests, and the paragraphs below a heading; an empty first cell continues the row above. */
function readAttacks(text: string): readonly Attack[] {
  const found = new Map<string, string[]>();
  let heading = '';
  let who = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) heading = line.slice(3);
    const cells = line.split('|').map((cell) => cell.trim());
    if (line.startsWith('|') && cells[1] !== undefined && cells[1] !== '') who = cells[1];
    const named = line.matchAll(/`((?:electron|shared|e2e|build|renderer)\/[\w./-]+\.(?:test|spec)\.tsx?)`/g);
    const files = [...named].flatMap(([, file]) => (file === undefined ? [] : [file]));
    if (files.length === 0) continue;
    const attack = line.startsWith('|')
      ? [who, ...cells.slice(2, -2)].filter((cell) => cell !== '').join(' · ')
      : heading;
    found.set(attack, [...(found.get(attack) ?? []), ...files]);
  }
  return [...found].map(([attack, files]) => ({ attack, files }));
}

function playTests(wanted: readonly string[]): void {
  const report = join(folder, 'report.json');
  const args = ['vitest', 'run', '--reporter=json', `--outputFile=${report}`, ...wanted];
  spawnSync('npx', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
  };
  for (const { name, assertionResults } of testResults) {
    const tally = tallies.get(name.slice(root.length + 1));
    if (tally === undefined) continue;
    tally.tests += assertionResults.length;
    for (const { fullName, status } of assertionResults) if (status !== 'passed') tally.gotThrough.push(fullName);
  }
}

/** In the built app, as `npm test` runs them. */
async function playSpecs(wanted: readonly string[]): Promise<void> {
  const { dist } = await ensureRuntime();
  spawnSync(process.execPath, ['build/build.mjs', '--e2e'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const spec of wanted) {
    const report = join(folder, 'specs.json');
    const screen = ['xvfb-run', '-a', '-s', '-screen 0 1440x900x24'];
    const play = ['npx', 'playwright', 'test', '--config', 'e2e/playwright.config.ts', '--reporter=json', spec];
    const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: dist, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    spawnSync('dbus-run-session', ['--', ...screen, ...play], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const { stats } = JSON.parse(readFileSync(report, 'utf8')) as { stats: { expected: number; unexpected: number } };
    const tally = tallies.get(spec);
    if (tally === undefined) continue;
    tally.tests += stats.expected + stats.unexpected;
    if (stats.unexpected > 0) tally.gotThrough.push(`${spec}: ${stats.unexpected} of its tests`);
  }
}
