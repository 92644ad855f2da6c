/**
 * `npm run bench -- bundle`: the JavaScript that the popover loads before it paints, as it ships: its code, and the texts of
 * both languages. Fails when a file of the dashboard is among it. A full run writes docs/figures/bundle.json.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import type { BenchOptions } from './bench-options.ts';
import { GOALS } from './goals.ts';

const root = join(import.meta.dirname, '..', '..');

/** What of a bundle is counted. */
interface Chunk {
  readonly code: string;
  readonly imports: readonly string[];
  readonly modules: Readonly<Record<string, { readonly renderedLength: number }>>;
}

/** Builds the renderer in memory and prints the sizes. */
export async function benchBundle({ quick }: BenchOptions): Promise<void> {
  const chunks = await chunksOf();
  const entry = [...chunks.keys()].find((name) => /^assets\/index-/.test(name));
  if (entry === undefined) throw new Error('no bundle of the popover');
  const loaded = [...reachable(entry, chunks)].flatMap((name) => chunks.get(name) ?? []);
  const modules = loaded.flatMap((chunk) => Object.entries(chunk.modules));
  const ofDashboard = modules.filter(([id]) => id.includes('/renderer/dashboard')).map(([id]) => id);
  if (ofDashboard.length > 0) throw new Error(`the popover loads files of the dashboard: ${ofDashboard.join(', ')}`);
  const bytes = loaded.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
  const texts = textBytes(modules.map(([id]) => id));
  const figures = {
    popoverKb: kilo(bytes),
    codeKb: kilo(bytes - texts),
    textsKb: kilo(texts),
    modules: modules.length,
  };
  console.log(`the popover's JavaScript (goal ${GOALS.popoverKb} kB): ${JSON.stringify(figures)}`);
  if (quick) return;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const record = { date: new Date().toISOString().slice(0, 10), commit, ...figures };
  writeFileSync(join(root, 'docs', 'figures', 'bundle.json'), `${JSON.stringify(record, null, 2)}\n`);
}

async function chunksOf(): Promise<ReadonlyMap<string, Chunk>> {
  const built = await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const files = outputs.flatMap((one) => ('output' in one ? one.output : []));
  return new Map(files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])));
}

/** A file and all that it imports at its start. */
function reachable(entry: string, chunks: ReadonlyMap<string, Chunk>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    for (const other of chunks.get(name)?.imports ?? []) visit(other);
  };
  visit(entry);
  return found;
}

/** The catalogues among the modules. */
function textBytes(modules: readonly string[]): number {
  const files = modules.filter((id) => /\/shared\/messages\/[\w-]+\.json$/.test(id));
  return files.reduce((sum, id) => sum + Buffer.byteLength(JSON.stringify(JSON.parse(readFileSync(id, 'utf8')))), 0);
}

function kilo(bytes: number): number {
  return Math.round(bytes / 100) / 10;
}
