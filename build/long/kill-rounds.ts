/**
 * The promise "once record() resolves, it survives kill -9", put to the test: a child records and tells what was
 * acknowledged, dies at a random moment, and its file must hold all of it. All rounds share one file, so that each
 * also starts from what the last crash left.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { openHistory } from '../../electron/history/open-history.ts';
import type { Sample } from '../../shared/domain/result.ts';
import { seededRandom } from '../bench/synthetic-samples.ts';

export interface KillOptions {
  readonly rounds: number;
  readonly seed: number;
  /** The history that every round's child writes. */
  readonly file: string;
  /**
   * The arguments of `node` for one child that prints a JSON array of acknowledged samples a line. `startAt` is after
   * everything recorded before.
   */
  readonly childArguments: (seed: number, startAt: number) => readonly string[];
}

export interface KillFigures {
  readonly rounds: number;
  readonly acknowledged: number;
  /** Acknowledged samples that are not in the file, or not as they were. */
  readonly lost: number;
  /** Rounds after which SQLite found the file damaged. */
  readonly integrityFailures: number;
}

/** Half a second at most between the first acknowledgement and the end. */
const MAX_LIFE_MS = 500;

/** A child that acknowledges nothing within this time is broken. */
const FIRST_LINE_WITHIN_MS = 20_000;

/** What rounding to the stored precision may change, ms. */
const TOLERANCE_MS = 0.101;

/** Plays the rounds one after the other. Rejects only when a child cannot be run at all. */
export async function playKillRounds({ rounds, seed, file, childArguments }: KillOptions): Promise<KillFigures> {
  const random = seededRandom(seed);
  const acknowledged: Sample[] = [];
  let integrityFailures = 0;
  let startAt = Date.UTC(2026, 0, 1);
  for (let round = 0; round < rounds; round++) {
    const samples = await killedChild(childArguments(seed + round, startAt), random() * MAX_LIFE_MS);
    acknowledged.push(...samples);
    startAt = samples.reduce((latest, { at }) => Math.max(latest, at), startAt) + 60_000;
    if (!isIntact(file)) integrityFailures++;
  }
  return { rounds, acknowledged: acknowledged.length, lost: await missing(file, acknowledged), integrityFailures };
}

/** Runs a child, kills it some time after its first line, and returns what it said was stored. */
async function killedChild(argv: readonly string[], lifeMs: number): Promise<Sample[]> {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let timer = setTimeout(() => child.kill('SIGKILL'), FIRST_LINE_WITHIN_MS);
  child.stdout.once('data', () => {
    clearTimeout(timer);
    timer = setTimeout(() => child.kill('SIGKILL'), lifeMs);
  });
  const text = await everything(child);
  clearTimeout(timer);
  if (text === '') throw new Error(`the child acknowledged nothing: node ${argv.join(' ')}`);
  // The last line may be cut off by the kill; an incomplete line was not acknowledged.
  const lines = text.split('\n').slice(0, -1);
  return lines.flatMap((line) => JSON.parse(line) as Sample[]);
}

async function everything(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const pieces: string[] = [];
  const read = async () => {
    child.stdout.setEncoding('utf8');
    for await (const piece of child.stdout) pieces.push(String(piece));
    return pieces.join('');
  };
  return Promise.race([read(), failed]);
}

/** The full check of SQLite, deeper than the one at every start; read-only, so that it changes nothing. */
function isIntact(file: string): boolean {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const findings = database.prepare('PRAGMA integrity_check').all();
    return findings.length === 1 && findings[0]?.integrity_check === 'ok';
  } catch {
    return false;
  } finally {
    database.close();
  }
}

async function missing(file: string, acknowledged: readonly Sample[]): Promise<number> {
  const end = acknowledged.reduce((latest, { at }) => Math.max(latest, at), 0) + 1;
  const { store } = await openHistory({ file, clock: { now: () => end } });
  const stored = new Map<string, Sample>();
  for (const endpointId of new Set(acknowledged.map((sample) => sample.endpointId))) {
    for (const sample of await store.samples(endpointId, 0, end, Number.MAX_SAFE_INTEGER)) {
      stored.set(`${endpointId} ${sample.at}`, sample);
    }
  }
  await store.close();
  return acknowledged.filter((sample) => !isSame(sample, stored.get(`${sample.endpointId} ${sample.at}`))).length;
}

function isSame(was: Sample, is: Sample | undefined): boolean {
  if (is === undefined || is.outcome !== was.outcome || is.cause !== was.cause) return false;
  const near = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? a === b : Math.abs(a - b) <= TOLERANCE_MS;
  const names = new Set([...Object.keys(was.phases), ...Object.keys(is.phases)]) as Set<keyof Sample['phases']>;
  return near(was.totalMs, is.totalMs) && [...names].every((name) => near(was.phases[name], is.phases[name]));
}
