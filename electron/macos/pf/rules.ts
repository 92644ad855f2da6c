/** Everything `pfctl -sr` and `-sn` print: rules in order, their counters, bodies of anchors, noise, errors. */
import type { PfCounters, PfRule } from './pf-rule.ts';
import { parsePfRule } from './rule.ts';

/** A line that was not understood. */
export interface UnreadLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** A listing of rules, and what of it could not be read. */
export interface PfRules {
  readonly rules: readonly PfRule[];
  /** Each rule's line as it was printed, those in inline anchors too. */
  readonly texts: ReadonlyMap<PfRule, string>;
  /** Lines known to say nothing. */
  readonly noiseLines: number;
  /** What pfctl complained of. */
  readonly errors: readonly string[];
  readonly unread: readonly UnreadLine[];
}

/** Printed with almost every call, and with every load (`-f`). */
const NOISE: ReadonlySet<string> = new Set([
  'No ALTQ support in kernel',
  'ALTQ related functions disabled',
  'pfctl: Use of -f option, could result in flushing of rules',
  'present in the main ruleset added by the system at startup.',
  'See /etc/pf.conf for further details.',
]);

/** What pfctl says that it did (`-F`, `-e`, `-d`, `-f`): `rules cleared`, `nat cleared`, `2 tables deleted.`, `pf enabled`. */
const DONE =
  /^(?:(?:[\w-]+ ){1,4}cleared|pf: (?:statistics cleared|interface flags reset)|\d+ tables? deleted|\d+ states? cleared|pf (?:already )?(?:enabled|disabled))\.?$/;

/** A listing has a few hundred lines; more than this is no listing. */
const MAX_LINES = 20_000;
const MAX_SHOWN = 200;

/** A line of noise, which says nothing about the rules. */
export function isNoise(line: string): boolean {
  return NOISE.has(line.trim()) || DONE.test(line.trim());
}

interface Level {
  readonly rules: Draft[];
  readonly owner: Draft | null;
  failed: boolean;
}

type Draft = { -readonly [K in keyof PfRule]: PfRule[K] };

/** Reads a listing. Total: what it does not know is in `unread`. */
export function parsePfRules(text: string): PfRules {
  const main: Level = { rules: [], owner: null, failed: false };
  const levels: Level[] = [main];
  const errors: string[] = [];
  const unread: UnreadLine[] = [];
  const texts = new Map<PfRule, string>();
  let noiseLines = 0;
  const lines = text.split(/\r?\n/);
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const level = levels.at(-1) ?? main;
    if (i >= MAX_LINES) unread.push({ line: i + 1, text: '…' });
    else if (isNoise(line)) noiseLines += 1;
    else if (line.startsWith('pfctl: ')) {
      errors.push(line.slice(0, MAX_SHOWN));
      level.failed = true;
    } else if (line === '}' && levels.length > 1) closeAnchor(levels);
    else if (!annotate(level.rules.at(-1), line) && !open(levels, level, line, texts)) {
      unread.push({ line: i + 1, text: line.slice(0, MAX_SHOWN) });
    }
    if (i >= MAX_LINES) break;
  }
  while (levels.length > 1) closeAnchor(levels);
  return { rules: main.rules, texts, noiseLines, errors, unread };
}

function open(levels: Level[], level: Level, line: string, texts: Map<PfRule, string>): boolean {
  const read = parsePfRule(line);
  if (read === null) return false;
  const rule: Draft = { ...read.rule };
  level.rules.push(rule);
  texts.set(rule, line);
  if (read.opens) levels.push({ rules: [], owner: rule, failed: false });
  return true;
}

/** An anchor whose body could not be listed is not known at all: it is not among the rules. */
function closeAnchor(levels: Level[]): void {
  const closed = levels.pop();
  const outer = levels.at(-1);
  if (closed?.owner === null || closed === undefined || outer === undefined) return;
  if (closed.failed) outer.rules.splice(outer.rules.indexOf(closed.owner), 1);
  else closed.owner.rules = closed.rules;
}

/** `[ Evaluations: n  Packets: n  Bytes: n  States: n ]` and `[ Inserted: uid n pid n ]` below a rule (-v). */
function annotate(rule: Draft | undefined, line: string): boolean {
  if (!line.startsWith('[')) return false;
  const numbers = /^\[ Evaluations: (\d+)\s+Packets: (\d+)\s+Bytes: (\d+)\s+States: (\d+)\s*\]$/.exec(line);
  if (numbers !== null && rule !== undefined) {
    const [evaluations = 0, packets = 0, bytes = 0, states = 0] = numbers.slice(1).map(Number);
    const counters: PfCounters = { evaluations, packets, bytes, states };
    rule.counters = counters;
    return true;
  }
  const inserted = /^\[ Inserted: uid (\d+) pid (\d+)\b[^\]]*\]$/.exec(line);
  if (inserted !== null && rule !== undefined) {
    rule.inserted = { uid: Number(inserted[1]), pid: Number(inserted[2]) };
    return true;
  }
  // Queues, sources, and macOS's owners and priorities of rules are not reported.
  return /^\[ (?:queue|qlength|Source|Skip|Owner)\b/i.test(line);
}
