import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { zipHash } from './zip-hash.ts';

const LAB = join(import.meta.dirname, '../../e2e/lab/fixtures/goproxy');
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(content: Buffer): number {
  const file = join(folder, 'a.zip');
  writeFileSync(file, content);
  return openSync(file, 'r');
}

const lines = readFileSync(join(LAB, 'go.sum'), 'utf8').trim().split('\n');
const zips = lines.map((line) => line.split(' ')).filter(([, version = '']) => !version.endsWith('/go.mod'));

it.each(zips)('hashes %s %s as go does', async (path = '', version = '', hash = '') => {
  const escaped = (text: string) => text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
  const content = readFileSync(join(LAB, 'tree', escaped(path), '@v', `${escaped(version)}.zip`));
  expect(await zipHash(open(content), `${path}@${version}/`)).toEqual({ ok: true, hash });
});

it('hashes a zip without files: the hash of nothing', async () => {
  const empty = Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)]);
  const hash = 'h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
  expect(await zipHash(open(empty), 'a.test/b@v1.0.0/')).toEqual({ ok: true, hash });
});

it('refuses a zip of another module, and one truncated anywhere', async () => {
  const content = readFileSync(join(LAB, 'tree/example.test/hello/@v/v1.1.0.zip'));
  expect(await zipHash(open(content), 'example.test/hello@v1.0.0/')).toMatchObject({ ok: false });
  for (let length = 0; length < content.length; length += 37) {
    expect(await zipHash(open(content.subarray(0, length)), 'example.test/hello@v1.1.0/')).toMatchObject({ ok: false });
  }
});

it('gives another hash or a reason for damaged bytes anywhere', async () => {
  const content = readFileSync(join(LAB, 'tree/example.test/hello/@v/v1.1.0.zip'));
  const right = await zipHash(open(content), 'example.test/hello@v1.1.0/');
  const same: number[] = [];
  for (let at = 0; at < content.length; at += 1) {
    const damaged = Buffer.from(content);
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    const found = await zipHash(open(damaged), 'example.test/hello@v1.1.0/');
    if (found.ok && right.ok && found.hash === right.hash) same.push(at);
  }
  // Times, versions and similar fields are not hashed; contents and names are.
  expect(same.length).toBeLessThan(content.length / 2);
});
