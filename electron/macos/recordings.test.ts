/** Every recorded output gives what its index expects. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeCommand } from './command-name.ts';
import { parseOutput } from './parse-command.ts';
import { parsePfRules } from './pf/rules.ts';
import { decideFlow, type Flow } from './pf/walk-rules.ts';

interface Recording {
  readonly file: string;
  readonly command: string;
  readonly expect: Readonly<Record<string, unknown>> & {
    readonly verdicts?: readonly {
      readonly flow: Flow;
      readonly verdict: string;
      readonly decidedBy: string;
      readonly unreadAnchors: readonly string[];
    }[];
    readonly given?: { readonly tables?: Readonly<Record<string, readonly string[]>> };
    readonly anchorPath?: string;
  };
}

const FOLDER = join(import.meta.dirname, '..', '..', 'e2e', 'fixtures', 'macos');
const recordings: readonly Recording[] = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8'));
const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
/** Said of a decision, or of what else is assumed; not of the text. */
const NOT_PARSED = new Set(['verdicts', 'given', 'mustNotReport']);
const pf = recordings.filter(({ file }) => file.startsWith('pfctl'));

describe('pfctl', () => {
  it.each(pf.map((one) => [one.file, one] as const))('%s', (file, one) => {
    const parsed = parseOutput(one.command, textOf(file));
    const wanted = Object.fromEntries(Object.entries(one.expect).filter(([key]) => !NOT_PARSED.has(key)));
    expect(parsed?.value).toMatchObject(wanted);
    expect(parsed?.unread).toEqual([]);
  });

  const flows = pf.flatMap((one) => (one.expect.verdicts ?? []).map((verdict) => [one.file, one, verdict] as const));
  it.each(flows)('%s decides', (file, one, { flow, verdict, decidedBy, unreadAnchors }) => {
    const { rules } = parsePfRules(textOf(file));
    const name = one.expect.anchorPath ?? 'main';
    const tables = one.expect.given?.tables ?? {};
    const decision = decideFlow(flow, { enabled: true, name, rules, anchors: {}, skipped: [], tables });
    expect(decision).toMatchObject({ verdict, decidedBy, unreadAnchors });
  });
});

describe('everything else', () => {
  const others = recordings.filter(({ file }) => !file.startsWith('pfctl') && file !== 'scenarios.json');
  it.each(others.map((one) => [one.file, one] as const))('%s', (file, one) => {
    const parsed = parseOutput(one.command, textOf(file));
    expect(parsed?.value).toMatchObject(one.expect);
    expect(parsed?.unread).toEqual([]);
  });
});

it.each([
  ['sudo pfctl -sr', 'pfctl', { s: 'r' }],
  ['/sbin/pfctl -s rules', 'pfctl', { s: 'rules' }],
  ['sudo -n /sbin/pfctl -vvsr -a "com.apple/*" 2>&1', 'pfctl', { v: '', s: 'r', a: 'com.apple/*' }],
  ["pfctl -a 'x y' -sn", 'pfctl', { a: 'x y', s: 'n' }],
  ['pfctl -t blocklist -T show', 'pfctl', { t: 'blocklist', T: 'show' }],
  ['sudo pfctl -si (stdout only)', 'pfctl', { s: 'i' }],
])('%s is understood as a command', (line, tool, flags) => {
  const named = describeCommand(line);
  expect([named?.tool, Object.fromEntries(named?.flags ?? [])]).toEqual([tool, flags]);
});
