/**
 * `npm run long -- faults [--rounds N] [--short]`: the environment fails under the whole engine, row by row of
 * fault-table.ts. Each fault must be reported by name, probing must go on, the files of go and git must be the same to the
 * byte after a switch and its undo, nothing that was stored may be lost, and when the cause is gone everything must work
 * again without a restart. Writes docs/figures/faults.json; exit 1 when a row fails. Rows that mount a small file system
 * need root on Linux; elsewhere they are left out and counted.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startLab } from '../../e2e/lab/lab.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './fault-table.ts';
import { type Hosts, World } from './fault-world.ts';
import { hasAttributes } from './file-attributes.ts';

/** The module that sets the wall clock. */
const CLOCK = 'jumping-date.ts';
/** Rows at once: most of them wait. */
const AT_ONCE = 4;
/** A history that could not be opened is tried again every 30 s; a tool has 20 s to answer. */
const HEALS_WITHIN_MS = 45_000;

interface Row {
  readonly fault: string;
  readonly expectation: string;
  rounds: number;
  /** Rounds after which something stored was missing or a file of go or git was another. */
  lost: number;
  /** Rounds in which probing did not go on. */
  crashed: number;
  /** Rounds in which everything worked again without a restart. */
  recovered: number;
  failures: string[];
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});
// Threads get the changeable clock from how their process was started.
if (!process.execArgv.some((argument) => argument.includes(CLOCK))) {
  const clock = pathToFileURL(join(import.meta.dirname, CLOCK)).href;
  const args = [...process.execArgv, '--import', clock, import.meta.filename, ...process.argv.slice(2)];
  process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
}
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const rounds = values.short ? 1 : Number(values.rounds);
const all = FAULTS.filter(({ name }) => name.includes(values.only ?? ''));
const skipped = all.filter(
  ({ name, mount, root }) =>
    ((mount === true || root === true) && !isRoot) || (name.endsWith('extended attributes') && !hasAttributes),
);
// A short round leaves out what waits for a time limit.
const chosen = all.filter(
  (one) =>
    !skipped.includes(one) &&
    !(values.short && /git prints garbage$|hangs|floods|locked|pipe|history a folder|read-only/.test(one.name)),
);
process.exitCode = await play();

async function play(): Promise<number> {
  const lab = await startLab();
  const proxy = await lab.proxy({ host: 'plain.lab', transport: 'http' });
  const rows = chosen.map(
    (fault): Row => ({
      fault: fault.name,
      expectation: expected(fault),
      ...{ rounds: 0, lost: 0, crashed: 0, recovered: 0 },
      failures: [],
    }),
  );
  const waiting = chosen.flatMap((fault, i) => Array.from({ length: rounds }, () => ({ fault, row: rows[i] })));
  const work = async (rounds: typeof waiting) => {
    for (let next = rounds.shift(); next !== undefined; next = rounds.shift()) {
      if (next.row !== undefined) await round(next.fault, next.row, { lab, proxy });
    }
  };
  const together = waiting.filter(({ fault }) => fault.alone !== true);
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(together)));
  await work(waiting.filter(({ fault }) => fault.alone === true));
  await lab.close();
  for (const { fault, recovered, rounds: of, failures } of rows) {
    console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${fault}: ${recovered} of ${of} recovered`);
    for (const failure of failures) console.log(`         ${failure}`);
  }
  for (const { name } of skipped) console.log(`left out, needs root (or Python) on Linux: ${name}`);
  if (!values.short && values.only === undefined) save(rows);
  return rows.every(({ failures }) => failures.length === 0) ? 0 : 1;
}

function expected({ told, by }: Fault): string {
  if (told === null) return 'works as ever';
  return { snapshot: `told: ${told}`, switch: `switch refused: ${told}`, settings: `change refused: ${told}` }[by];
}

async function round(fault: Fault, row: Row, hosts: Hosts): Promise<void> {
  const world = new World(hosts);
  row.rounds += 1;
  const step = async (count: 'lost' | 'crashed' | null, act: () => Promise<void>) => {
    try {
      await act();
      return true;
    } catch (error) {
      if (count !== null) row[count] += 1;
      row.failures.push(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  if (fault.mount === true) mount(world);
  try {
    if (fault.atStart === true) await fault.cause(world);
    if (!(await step('crashed', () => world.start()))) return;
    if (!(await step('crashed', () => world.probes()))) return;
    const before = world.fingerprint();
    if (fault.atStart !== true) await fault.cause(world);
    await step(null, () => isTold(fault, world));
    await step('crashed', () => world.probes());
    await fault.heal(world);
    if (await step(null, () => isHealed(fault, world))) row.recovered += 1;
    await step('lost', () => isKept(fault, world, before));
  } finally {
    await world.close();
    if (fault.mount === true) execFileSync('umount', ['-l', world.data]);
    world.remove();
    console.log(`${fault.name}: ${row.failures.join('; ') || 'ok'}`);
  }
}

async function isTold({ told, by }: Fault, world: World): Promise<void> {
  if (told === null) return;
  const { engine } = world;
  if (by === 'snapshot') return world.until(told, () => world.told().some(({ key }) => key === told), HEALS_WITHIN_MS);
  if (by === 'switch') await world.until('go is known', () => engine.snapshot().go.state === 'found');
  const before = world.fingerprint();
  const done =
    by === 'switch' ? await engine.profiles.use('two') : await engine.preferences.set({ notifications: false });
  if (done.ok) throw new Error(`not refused: ${told}`);
  if (done.problem.key !== told) throw new Error(`told ${JSON.stringify(done.problem)} instead of ${told}`);
  if (by === 'switch' && world.fingerprint() !== before) throw new Error('a refused switch changed a file');
  if (engine.snapshot().switching) throw new Error('still switching after a refusal');
}

/** The problem is no longer reported, and a change of the settings, a switch and its undo work. */
async function isHealed({ told, stays }: Fault, world: World): Promise<void> {
  const { engine } = world;
  const isGone = () => stays === true || !world.told().some(({ key }) => key === told);
  await world.until(`${told} is no longer told`, isGone, HEALS_WITHIN_MS);
  await world.until('go is known', () => engine.snapshot().go.state === 'found', HEALS_WITHIN_MS);
  const set = await engine.preferences.set({ launchAtLogin: false });
  if (!set.ok) throw new Error(`settings: ${JSON.stringify(set.problem)}`);
  const used = await engine.profiles.use('two');
  if (!used.ok) throw new Error(`use: ${JSON.stringify(used.problem)}`);
  const undone = await engine.profiles.undo();
  if (!undone.ok) throw new Error(`undo: ${JSON.stringify(undone.problem)}`);
}

async function isKept({ told, stays }: Fault, world: World, before: string): Promise<void> {
  if (world.fingerprint() !== before)
    throw new Error(`a file of go or git is another: ${before} → ${world.fingerprint()}`);
  const { samples, events } = await world.end();
  // A history of a newer version is left alone: this run's is in memory only.
  if (told === 'history-newer' && stays === true) return;
  if (samples === 0) throw new Error('no sample is stored');
  // With the file that was removed or replaced went what stood in it.
  const stored = told === 'history-replaced' ? [] : ['started'];
  for (const kind of [...stored, 'switched', 'undone', 'stopped']) {
    if (!events.includes(kind)) throw new Error(`the event "${kind}" is not stored`);
  }
}

/** A file system of 3 MB in place of the data folder. */
function mount(world: World): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m,mode=700', 'tmpfs', world.data]);
  writeFileSync(world.settingsFile, world.goodSettings);
}

function save(rows: readonly Row[]): void {
  const root = join(import.meta.dirname, '..', '..');
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const figures = {
    date: new Date().toISOString().slice(0, 10),
    commit,
    // Nothing is random.
    seed: null,
    leftOut: skipped.map(({ name }) => name),
    rows: rows.map(({ failures, ...row }) => ({ ...row, failed: failures.length })),
  };
  writeFileSync(join(root, 'docs', 'figures', 'faults.json'), `${JSON.stringify(figures, null, 2)}\n`);
}
