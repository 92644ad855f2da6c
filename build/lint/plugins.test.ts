import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The samples that one of the lint plugins refuses. */
function refused(plugin: string, samples: readonly string[]): readonly string[] {
  samples.forEach((sample, i) => {
    writeFileSync(join(folder, `sample-${i}.ts`), `${sample};\n`);
  });
  const plugins = [join(import.meta.dirname, plugin)];
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ plugins, linter: { rules: { preset: 'none' } } }));
  const biome = join(root, 'node_modules', '.bin', 'biome');
  const { stdout, stderr } = spawnSync(biome, ['lint', '--colors=off', '.'], { cwd: folder, encoding: 'utf8' });
  return samples.filter((_, i) => `${stdout}${stderr}`.includes(`sample-${i}.ts:`));
}

describe('the lint of caught errors', () => {
  it('refuses casts of errors, and casts to errors, and nothing else', () => {
    const bad = [
      '(error as NodeJS.ErrnoException).code',
      'const known = (error as { cause?: unknown }).cause',
      'throw error as unknown as Error',
      'parseError as { line: number }',
      'whatever as SyntaxError',
      'event.error as Failure',
    ];
    const good = ['error as const', 'mirror as Endpoint', 'terrors as string', 'errorFacts(error).code'];
    expect(refused('no-error-cast.grit', [...bad, ...good])).toEqual(bad);
  });

  it('refuses handlers of rejections that claim to know the type', () => {
    const bad = [
      'work().catch((error: Error) => log(error))',
      'work().catch(async (e: { code: string }) => log(e.code))',
    ];
    const good = [
      'work().catch((error: unknown) => log(error))',
      'work().catch(() => null)',
      'work().catch((error) => log(error))',
      'work().catch(report)',
      'work().then((value: number) => log(value))',
    ];
    expect(refused('no-typed-rejection.grit', [...bad, ...good])).toEqual(bad);
  });
});
