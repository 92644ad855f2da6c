/**
 * `npm run long -- redos`: no text that a stranger writes may cost more than a fixed time for each kilobyte. Every reader
 * of build/long/foreign-readers.ts gets adversarial texts; what is counted is processor time, so that other load does not
 * matter. Exit 1 when a text is over the budget. Figures go to docs/figures/redos.json.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { SHAPES, shapeAt } from './adversarial.ts';
import { FOREIGN_READERS } from './foreign-readers.ts';

/** Processor time for each kilobyte, ms. A quadratic reader of 64 KB takes 60 and more, a linear one 0.2. */
const BUDGET_MS_PER_KB = 8;
/** An answer that never comes: a pattern that backtracks exponentially. */
const STUCK_MS = 120_000;

interface Case {
  readonly reader: string;
  readonly shape: number;
}

interface Row {
  readonly reader: string;
  readonly texts: number;
  readonly worstMsPerKb: number;
  readonly worst: string;
}

interface Options {
  readonly seconds: number;
  readonly kilobytes: number;
  readonly seed: number;
  readonly only: string | undefined;
}

type Message = { readonly at: Case } | { readonly rows: readonly Row[] };

if (isMainThread) await main();
else attack(workerData as Options);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '600' },
      kb: { type: 'string', default: '64' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: { type: 'string' },
      'no-figures': { type: 'boolean', default: false },
    },
  });
  const options: Options = {
    seconds: Number(values.seconds),
    kilobytes: Number(values.kb),
    seed: Number(values.seed),
    only: values.only,
  };
  console.log(`redos: seed ${options.seed}, ${options.seconds} s, texts of ${options.kilobytes} KB`);
  const rows = await attackIn(options);
  for (const { reader, texts, worstMsPerKb, worst } of rows)
    console.log(
      `${reader.padEnd(44)} ${String(texts).padStart(6)} ${worstMsPerKb.toFixed(2).padStart(8)} ms/KB  ${worst.slice(0, 80)}`,
    );
  const over = rows.filter(({ worstMsPerKb }) => worstMsPerKb > BUDGET_MS_PER_KB);
  console.log(`${rows.length} readers, ${over.length} over ${BUDGET_MS_PER_KB} ms/KB`);
  if (!values['no-figures']) save(options, rows);
  process.exitCode = over.length === 0 ? 0 : 1;
}

/** The rounds in a thread, so that a reader that does not return can be named. */
async function attackIn(options: Options): Promise<readonly Row[]> {
  const worker = new Worker(import.meta.filename, { workerData: options });
  let last: Case | null = null;
  let watch: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const stuck = () => {
        const shape = last === null ? '' : shapeAt(last.shape, 64).name;
        reject(new Error(`${last?.reader ?? 'start'} does not return: ${shape}`));
      };
      watch = setTimeout(stuck, STUCK_MS);
      worker.on('error', reject);
      worker.on('message', (message: Message) => {
        if ('rows' in message) return resolve(message.rows);
        last = message.at;
        watch?.refresh();
      });
    });
  } finally {
    clearTimeout(watch);
    await worker.terminate();
  }
}

/** Every reader in turn, each with its next shape, in an order that the seed gives, until the time is over. */
function attack({ seconds, kilobytes, seed, only }: Options): void {
  const readers = Object.entries(FOREIGN_READERS).filter(([name]) => only === undefined || name === only);
  const rows = readers.map(([reader]) => ({ reader, texts: 0, worstMsPerKb: 0, worst: '' }));
  // A step that shares no factor with the number of shapes visits each once.
  const step = coprime(7_919 + 2 * seed);
  const end = performance.now() + seconds * 1_000;
  for (let round = 0; round < SHAPES && performance.now() < end; round++) {
    const index = (seed + round * step) % SHAPES;
    const { name, text } = shapeAt(index, kilobytes * 1_024);
    for (const [i, [reader, read]] of readers.entries()) {
      const row = rows[i];
      if (row === undefined || performance.now() > end) break;
      parentPort?.postMessage({ at: { reader, shape: index } } satisfies Message);
      const perKb = cost(read, text) / kilobytes;
      row.texts += 1;
      if (perKb > row.worstMsPerKb) Object.assign(row, { worstMsPerKb: perKb, worst: name });
    }
  }
  parentPort?.postMessage({ rows } satisfies Message);
}

/** Processor time of this thread, ms; infinite for an exception. */
function cost(read: (text: string) => void, text: string): number {
  const before = process.threadCpuUsage();
  try {
    read(text);
  } catch {
    // No reader may throw, whatever it reads.
    return Number.POSITIVE_INFINITY;
  }
  return process.threadCpuUsage(before).user / 1_000;
}

function coprime(from: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return divisor(from, SHAPES) === 1 ? from : coprime(from + 1);
}

function save({ seconds, kilobytes, seed }: Options, rows: readonly Row[]): void {
  const root = join(import.meta.dirname, '..', '..');
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const figures = {
    date: new Date().toISOString().slice(0, 10),
    commit,
    seed,
    seconds,
    kilobytes,
    budgetMsPerKb: BUDGET_MS_PER_KB,
    texts: rows.reduce((sum, { texts }) => sum + texts, 0),
    over: rows.filter(({ worstMsPerKb }) => worstMsPerKb > BUDGET_MS_PER_KB).length,
    readers: rows.map((row) => ({ ...row, worstMsPerKb: Math.round(row.worstMsPerKb * 100) / 100 })),
  };
  writeFileSync(join(root, 'docs', 'figures', 'redos.json'), `${JSON.stringify(figures, null, 2)}\n`);
}
