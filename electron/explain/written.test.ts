/** Texts written from knowledge of the tools that print them, and what an engineer would answer: fixtures/written.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { translator } from '../../shared/messages/messages.ts';
import { remedyText } from '../../shared/messages/remedies.ts';
import { explain } from './explain.ts';

type Allowed = string | null | readonly (string | null)[];

interface Written {
  readonly name: string;
  readonly text: string;
  readonly causes?: readonly string[];
  readonly host?: Allowed;
  readonly module?: Allowed;
  readonly names?: readonly string[];
  readonly not?: readonly string[];
}

const written: readonly Written[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'written.json'), 'utf8'),
);
const t = translator('en');
const named = (texts: readonly Written[]) => texts.map((one) => [one.name, one] as const);
const oneOf = (allowed: Allowed) => [allowed].flat();

describe('written texts', () => {
  it.each(named(written.filter(({ causes }) => (causes ?? []).length > 0)))('%s', (_, one) => {
    const [first] = explain(one.text);
    expect(one.causes).toContain(first?.cause);
    if (one.host !== undefined) expect(oneOf(one.host)).toContain(first?.host ?? null);
    if (one.module !== undefined) expect(oneOf(one.module)).toContain(first?.module ?? null);
    const remedy = first === undefined ? '' : remedyText(t, first);
    for (const words of one.names ?? []) expect(remedy).toMatch(new RegExp(words.replace(/[.()]/g, '\\$&'), 'i'));
    for (const words of one.not ?? []) expect(remedy).not.toContain(words);
  });

  it.each(named(written.filter(({ causes }) => causes?.length === 0)))('no trouble: %s', (_, { text }) => {
    expect(explain(text)).toEqual([]);
  });

  it.each(named(written.filter(({ causes }) => causes === undefined)))("the project's own: %s", (_, { text }) => {
    const found = explain(text);
    expect(found.filter(({ cause, confidence }) => cause !== 'unknown' || confidence > 0.5)).toEqual([]);
  });
});
