import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goModHash, hash1 } from './h1.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'e2e', 'lab', 'fixtures', 'goproxy');
const GO_SUM = readFileSync(join(FIXTURES, 'go.sum'), 'utf8');

describe('h1 hashes', () => {
  const goMods = GO_SUM.split('\n').filter((line) => line.includes('/go.mod '));

  it('equal what the real go wrote into go.sum for every go.mod of the fixture', () => {
    expect(goMods.length).toBeGreaterThan(5);
    for (const line of goMods) {
      const [path = '', version = '', hash] = line.split(' ');
      const escaped = (text: string) => text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
      const file = join(FIXTURES, 'tree', escaped(path), '@v', `${escaped(version.replace(/\/go\.mod$/, ''))}.mod`);
      expect(`${line.split(' ', 2).join(' ')} ${goModHash(readFileSync(file))}`).toBe(`${path} ${version} ${hash}`);
    }
  });

  it('depend on names and bytes, not on the order of the files', () => {
    const a: [string, Uint8Array] = ['m@v1.0.0/a.go', Buffer.from('package a\n')];
    const b: [string, Uint8Array] = ['m@v1.0.0/B.go', Buffer.from('package b\n')];
    expect(hash1(new Map([a, b]))).toBe(hash1(new Map([b, a])));
    expect(hash1(new Map([a]))).not.toBe(hash1(new Map([[b[0], a[1]]])));
    expect(hash1(new Map())).toBe('h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
  });
});
