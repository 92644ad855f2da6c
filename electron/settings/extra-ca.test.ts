import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readExtraCa } from './extra-ca.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-ca-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PEM = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';

describe('readExtraCa', () => {
  it('takes texts and paths, and continues after one it cannot read', () => {
    const good = join(folder, 'good.pem');
    const empty = join(folder, 'empty.pem');
    writeFileSync(good, PEM);
    writeFileSync(empty, 'no certificate');
    const missing = join(folder, 'missing.pem');
    expect(readExtraCa([missing, PEM, empty, good])).toEqual({
      pems: [PEM, PEM],
      problem: { key: 'ca-not-readable', params: { file: missing, detail: 'ENOENT' } },
    });
    expect(readExtraCa([empty]).problem?.params.detail).toBe('holds no PEM certificate');
    expect(readExtraCa([])).toEqual({ pems: [], problem: null });
  });
});
