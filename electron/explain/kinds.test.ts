/** Kinds of error texts, each in several wordings and wrappers: what is read from them, and what its remedy says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { translator } from '../../shared/messages/messages.ts';
import { remedyText } from '../../shared/messages/remedies.ts';
import { explain } from './explain.ts';

interface Expected {
  readonly cause?: string;
  readonly causeIn?: readonly string[];
  readonly causeNot?: readonly string[];
  readonly host?: string;
  readonly module?: string | null;
  readonly underlying?: string;
  readonly maxConfidence?: number;
  readonly remedyNames?: string;
  readonly remedyNot?: string;
}

interface Kind {
  readonly name: string;
  readonly expect: readonly Expected[];
  readonly texts: readonly string[];
}

const kindsOf = (file: string): readonly Kind[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8'));
const kinds = kindsOf('kinds.json');
/** Texts of the public record, hosts and modules renamed, in the rounds of docs/explained-texts.md. */
const published = kindsOf('public.json');
const t = translator('en');

/** What build systems, loggers and people put before every line. */
const MARKS: readonly (readonly [string, string])[] = [
  ['GitHub Actions', '2026-11-24T03:12:44.1234567Z '],
  ['GitHub Actions, error', '2026-11-24T03:12:44.1234567Z ##[error]'],
  ['GitLab', '2026-11-24T03:12:44.123456Z 01E '],
  ['Jenkins', '[2026-11-24T03:12:44.123Z] '],
  ['BuildKit', '#14 12.397 '],
  ['BuildKit summary', '12.39 '],
  ['Compose', 'app-1  | '],
  ['Buildkite, Bazel', '  | '],
  ['Nix', '       > '],
  ['Nix, new log', 'app-1.0-go-modules> '],
  ['CRI', '2026-11-24T03:12:44.123456789Z stderr F '],
  ['Tekton', '[step-build] '],
  ['OBS', '[   47s] '],
  ['klog', 'E1124 03:12:44.123456   12345 build.go:42] '],
  ['syslog', 'Nov 24 03:12:44 build go[12]: '],
  ['a mail', '> '],
  ['Vagrant', '    default: '],
  ['Terraform', 'null_resource.build (local-exec): '],
  ['gopls', '[Error - 7:22:44 PM] 2026/11/24 19:22:44 '],
  ['colours', '\u001b[31m'],
];

describe.each(MARKS)('under the marks of %s', (_who, mark) => {
  it.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_name, { texts: [text = ''], expect: [wanted] }) => {
    const [finding] = explain(text.trimEnd().replace(/^/gm, mark));
    if (wanted?.cause !== undefined) expect(finding?.cause).toBe(wanted.cause);
    if (wanted?.causeIn !== undefined) expect(wanted.causeIn).toContain(finding?.cause);
    if (wanted?.host !== undefined) expect(finding?.host).toBe(wanted.host);
    if (wanted?.module !== undefined) expect(finding?.module ?? null).toBe(wanted.module);
  });
});

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  it.each(kind.texts)('%s', (text) => {
    const found = explain(text);
    for (const [i, wanted] of kind.expect.entries()) {
      const finding = found[i];
      expect(finding).toBeDefined();
      if (finding === undefined) continue;
      const { cause, host, module, underlying, confidence } = finding;
      if (wanted.cause !== undefined) expect(cause).toBe(wanted.cause);
      if (wanted.causeIn !== undefined) expect(wanted.causeIn).toContain(cause);
      if (wanted.causeNot !== undefined) expect(wanted.causeNot).not.toContain(cause);
      if (wanted.host !== undefined) expect(host).toBe(wanted.host);
      if (wanted.module !== undefined) expect(module ?? null).toBe(wanted.module);
      if (wanted.underlying !== undefined) expect(underlying).toBe(wanted.underlying);
      if (wanted.maxConfidence !== undefined) expect(confidence).toBeLessThanOrEqual(wanted.maxConfidence);
      const remedy = remedyText(t, finding);
      if (wanted.remedyNames !== undefined) expect(remedy).toContain(wanted.remedyNames);
      if (wanted.remedyNot !== undefined) expect(remedy).not.toContain(wanted.remedyNot);
    }
    expect(found.length).toBe(kind.expect.length);
  });
});

describe('texts of the public record', () => {
  it.each(published.map((one) => [one.name, one] as const))('%s', (_name, { texts: [text = ''], expect: [wanted] }) => {
    const [finding] = explain(text);
    expect(finding).toBeDefined();
    if (finding === undefined || wanted === undefined) return;
    const { cause, host, module } = finding;
    expect(wanted.causeIn ?? [wanted.cause]).toContain(cause);
    if (wanted.host !== undefined) expect(host).toBe(wanted.host);
    if (wanted.module !== undefined) expect(module ?? null).toBe(wanted.module);
    const remedy = remedyText(t, finding).toLowerCase();
    expect(remedy).toContain((wanted.remedyNames ?? '').toLowerCase());
    if (wanted.remedyNot !== undefined) expect(remedy).not.toContain(wanted.remedyNot.toLowerCase());
  });
});
