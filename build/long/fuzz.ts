/**
 * `npm run long -- fuzz`: what explain, trace, capture and the doctor's scrubber do with anything: recorded texts and
 * packets, damaged, cut, doubled and mixed, for ten minutes; then a log of 200 MB and a capture of 500 MB. No crash, no
 * hang, no growth of memory. The seed is printed, and takes the same way again with --seed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { labCaptures } from '../../e2e/lab/captures/catalogue.ts';
import { labChains } from '../../e2e/lab/captures/chains.ts';
import { pcapFile, pcapngFile } from '../../e2e/lab/captures/container.ts';
import { analyseCapture } from '../../electron/capture/capture.ts';
import { scrubber } from '../../electron/doctor/scrub.ts';
import { explain } from '../../electron/explain/explain.ts';
import { LogReader } from '../../electron/explain/explain-log.ts';
import { diagnose } from '../../electron/trace/diagnose.ts';
import { writeCapture } from '../bench/capture-file.ts';
import { readTrace } from './saved-trace.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    'log-mb': { type: 'string', default: '200' },
    'capture-mb': { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'no-figures': { type: 'boolean', default: false },
  },
});
const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-fuzz-'));
const random = generator(Number(values.seed));

/** One input may take this long: a pattern that backtracks takes minutes. */
const HANG_MS = 5_000;
/** What a command may hold for a file of any size. */
const MAX_RESIDENT_MB = 700;

async function main(): Promise<void> {
  const seconds = Number(values.seconds);
  console.log(`fuzz: seed ${values.seed}, ${seconds} s`);
  const texts = [...textsOf('electron/explain/fixtures'), ...textsOf('electron/trace/fixtures')];
  const captures = Object.values(labCaptures(await labChains(), Date.UTC(2026, 0, 1))).flatMap(({ packets }, i) =>
    i % 3 === 0 ? [pcapFile(packets), pcapngFile(packets, { links: ['ethernet'] })] : [],
  );
  const scrub = scrubber({
    home: '/home/me',
    user: 'me',
    privateGlobs: 'git.corp.test,*.acme.cn',
    privateHosts: ['x.test'],
  });
  const end = performance.now() + seconds * 1_000;
  let inputs = 0;
  let slowestMs = 0;
  let settledMb = 0;
  while (performance.now() < end) {
    const text = mangled(pick(texts), texts);
    slowestMs = Math.max(
      slowestMs,
      timed(() => void explain(text)),
      timed(() => void logOf(text)),
      timed(() => void diagnose(readTrace(text))),
      timed(() => void scrub(text)),
    );
    if (inputs % 5 === 0) {
      const file = join(folder, 'damaged');
      writeFileSync(file, damaged(pick(captures)));
      const began = performance.now();
      const { problems } = await analyseCapture(file);
      slowestMs = Math.max(slowestMs, performance.now() - began);
      if (problems.some(({ key }) => key === 'unreadable')) throw new Error('an exception while reading a capture');
    }
    inputs += 1;
    if (slowestMs > HANG_MS)
      throw new Error(`an input took ${Math.round(slowestMs)} ms: ${JSON.stringify(text).slice(0, 2_000)}`);
    if (inputs === 500) settledMb = residentMb();
  }
  const grownMb = settledMb === 0 ? 0 : Math.round(residentMb() - settledMb);
  console.log(
    `fuzz: ${inputs} inputs, the slowest ${Math.round(slowestMs)} ms, memory ${grownMb} MB more than at the start`,
  );
  const log = await bigLog(Number(values['log-mb']));
  const capture = await bigCapture(Number(values['capture-mb']));
  if (grownMb > 200 || log.residentMb > MAX_RESIDENT_MB || capture.residentMb > MAX_RESIDENT_MB) process.exitCode = 1;
  if (values['no-figures']) return;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const record = {
    date: new Date().toISOString().slice(0, 10),
    commit,
    seed: values.seed,
    seconds,
    inputs,
    slowestMs: Math.round(slowestMs),
    grownMb,
    log,
    capture,
  };
  writeFileSync(join(root, 'docs', 'figures', 'fuzz.json'), `${JSON.stringify(record, null, 2)}\n`);
}

/** The command itself on a long log with one error in its middle. */
async function bigLog(megabytes: number) {
  const file = join(folder, 'build.log');
  const noise = '2026/11/02 10:00:00 #9 12.31 ok  \texample.com/shop/cart\t0.012s\n'.repeat(16_000);
  const stream = createWriteStream(file);
  const parts = Math.max(2, Math.round((megabytes * 1_000_000) / noise.length));
  for (let i = 0; i < parts; i += 1) {
    if (i === Math.floor(parts / 2))
      stream.write('go: module golang.org/x/text: Get "https://golang.org/x/text?go-get=1": EOF\n');
    if (!stream.write(noise)) await once(stream, 'drain');
  }
  await new Promise<void>((resolve) => stream.end(() => resolve()));
  const ended = await run(['explain', file, '--json']);
  if (!ended.output.includes('eof-no-response')) throw new Error('the error in the middle of the log was not found');
  console.log(`a log of ${megabytes} MB: ${(ended.ms / 1_000).toFixed(1)} s, ${ended.residentMb} MB resident`);
  return { megabytes, seconds: Math.round(ended.ms / 100) / 10, residentMb: ended.residentMb };
}

async function bigCapture(megabytes: number) {
  const file = join(folder, 'big.pcap');
  const packets = await writeCapture(file, megabytes * 1_000_000);
  const ended = await run(['capture', '--file', file, '--json']);
  console.log(
    `a capture of ${megabytes} MB (${packets} packets): ${(ended.ms / 1_000).toFixed(1)} s, ${ended.residentMb} MB resident`,
  );
  return { megabytes, packets, seconds: Math.round(ended.ms / 100) / 10, residentMb: ended.residentMb };
}

/** The command as a process of its own; its largest resident size as the kernel counts it (proc(5), VmHWM). */
function run(args: readonly string[]): Promise<{ output: string; ms: number; residentMb: number }> {
  const began = performance.now();
  const argv = ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', ...args];
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let residentMb = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    if (output.length < 2_000_000) output += chunk.toString('utf8');
  });
  const look = setInterval(() => {
    residentMb = Math.max(residentMb, peakMb(child.pid));
  }, 20);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearInterval(look);
      resolve({ output, ms: performance.now() - began, residentMb });
    });
  });
}

/** 0 for a process that has ended, and where the kernel does not tell. */
function peakMb(pid: number | undefined): number {
  try {
    return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024);
  } catch {
    return 0;
  }
}

function logOf(text: string) {
  const reader = new LogReader();
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * 5_000);
    reader.add(text.slice(at, at + length));
    at += length;
  }
  return reader.end();
}

const BITS = [
  '\u0000',
  '\r',
  '\n',
  '\u001b[31m',
  '"',
  '\\',
  '://',
  '@',
  ': EOF',
  'https://',
  '：',
  '\ud800',
  ' '.repeat(3_000),
  'a/'.repeat(800),
  '('.repeat(500),
];

/** Cut, doubled, mixed with another, with something put in between. */
function mangled(text: string, texts: readonly string[]): string {
  let result = text;
  for (let i = Math.floor(random() * 6); i >= 0; i -= 1) {
    const at = Math.floor(random() * (result.length + 1));
    const kind = Math.floor(random() * 5);
    if (kind === 0) result = result.slice(0, at) + pick(BITS) + result.slice(at);
    else if (kind === 1) result = result.slice(0, at);
    else if (kind === 2) result = result.slice(0, at) + pick(texts).slice(0, 2_000) + result.slice(at);
    else if (kind === 3) result = (result.slice(at) + result).slice(0, 200_000);
    else result = result.slice(0, at) + result.slice(at + Math.floor(random() * 40));
  }
  return result;
}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let i = Math.floor(random() * 30); i >= 0; i -= 1)
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  return random() < 0.3 ? copy.subarray(0, Math.floor(random() * copy.length)) : copy;
}

function textsOf(path: string): readonly string[] {
  return readdirSync(join(root, path))
    .filter((name) => name.endsWith('.txt'))
    .map((name) => readFileSync(join(root, path, name), 'utf8'));
}

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function residentMb(): number {
  return process.memoryUsage.rss() / 1_048_576;
}

/** mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
