import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCheckList } from './check-list.ts';
import { type CheckRow, checkVerdict } from './check-verdict.ts';
import { junitXml } from './junit.ts';

describe('the list', () => {
  it('reads modules, their weight and the time they may take', () => {
    const text =
      '\uFEFF# ours\r\na.example/x@v1.0.0\n\nb.example/y@v1.2.3 optional 2.5s # slow mirror\nc.example/z@v2.0.0+incompatible 30 critical\n';
    expect(parseCheckList(text)).toEqual({
      ok: true,
      items: [
        { module: { path: 'a.example/x', version: 'v1.0.0' }, isCritical: true, expectedMs: null },
        { module: { path: 'b.example/y', version: 'v1.2.3' }, isCritical: false, expectedMs: 2_500 },
        { module: { path: 'c.example/z', version: 'v2.0.0+incompatible' }, isCritical: true, expectedMs: 30_000 },
      ],
    });
  });

  it.each([
    ['a.example/x', 1],
    ['a.example/x@v1.0.0\nb.example/y@v1.0.0 importent', 2],
    ['a.example/x@v1.0.0 0', 1],
    ['--flag', 1],
    ['a.example/x@v1.0.0 optional critical', 1],
  ])('names the line of %j that it cannot read', (text, line) => {
    expect(parseCheckList(text)).toMatchObject({ ok: false, line });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(typeof parseCheckList(text).ok).toBe('boolean')));
  });
});

function row(status: CheckRow['status'], isCritical = true, side: CheckRow['side'] = null): CheckRow {
  const item = { module: { path: 'a.example/x', version: 'v1.0.0' }, isCritical, expectedMs: null };
  return { item, status, durationMs: 1, cause: null, message: '', side };
}

describe('the verdict', () => {
  const infrastructure = row('failed', true, 'infrastructure');
  const code = row('failed', true, 'code');
  it.each<[string, CheckRow[], boolean, string]>([
    ['nothing failed', [row('healthy'), row('slow')], false, 'passed'],
    ['slow, strictly', [row('healthy'), row('slow')], true, 'failed'],
    ['an optional one', [row('failed', false, 'code')], false, 'passed'],
    ['an optional one, strictly', [row('failed', false, 'code')], true, 'failed'],
    ['the network', [row('healthy'), infrastructure], false, 'infrastructure'],
    ['a module', [row('healthy'), code], false, 'failed'],
    ['both', [infrastructure, code], false, 'failed'],
  ])('%s', (_, rows, isStrict, outcome) => expect(checkVerdict(rows, isStrict).outcome).toBe(outcome));
});

describe('JUnit XML', () => {
  const schema = join(import.meta.dirname, '../../e2e/fixtures/junit.xsd');
  const validate = (xml: string) =>
    execFileSync('xmllint', ['--noout', '--schema', schema, '-'], { input: xml, encoding: 'utf8', stdio: 'pipe' });

  it('is valid by the schema of Jenkins whatever a server said', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 60 });
    const property = fc.property(anything, anything, (name, text) => {
      const failure = { type: 'code', message: name, text };
      const xml = junitXml(name, [{ name, group: text, seconds: 1, failure, skipped: null }]);
      validate(xml);
    });
    fc.assert(property, { numRuns: 25 });
  });

  it('counts what failed and what was skipped', () => {
    const base = { name: 'a', group: 'g', seconds: 0.5, failure: null, skipped: null };
    const failure = { type: 'infrastructure', message: 'EOF', text: 'Get "x": EOF' };
    const xml = junitXml('s', [base, { ...base, failure }, { ...base, skipped: 'not run' }]);
    validate(xml);
    expect(() => validate(xml.replace(' errors="0"', ''))).not.toThrow();
    expect(() => validate(xml.replaceAll(' errors="0"', ''))).toThrow(/errors/);
    expect(() => validate(xml.replaceAll('time="1.500"', 'time="soon"'))).toThrow(/time/);
    expect(xml).toContain('<testsuite name="s" tests="3" failures="1" errors="0" skipped="1" time="1.500">');
    expect(xml).toContain('<failure type="infrastructure" message="EOF">Get &quot;x&quot;: EOF</failure>');
  });
});
