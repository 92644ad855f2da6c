import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readRegularFile, readTextIfRegular } from './read-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-read-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

it('reads a file whole, through a link as well', async () => {
  const text = 'línea\n'.repeat(50_000);
  writeFileSync(at('plain'), text);
  symlinkSync(at('plain'), at('link'));
  expect(await readTextIfRegular(at('link'), 1_000_000)).toBe(text);
});

it('reads an empty file as empty', async () => {
  writeFileSync(at('empty'), '');
  expect(await readTextIfRegular(at('empty'), 10)).toBe('');
});

it('reads up to the limit and not one byte more', async () => {
  writeFileSync(at('ten'), '0123456789');
  expect(await readTextIfRegular(at('ten'), 10)).toBe('0123456789');
  expect(await readRegularFile(at('ten'), 9)).toEqual({
    ok: false,
    why: 'too-large',
    detail: '',
    maxBytes: 9,
    size: 10,
  });
});

it('reads files whose reported size is 0', async () => {
  // Files of /proc say 0 bytes and hold more.
  expect(await readRegularFile('/proc/self/maps', 100)).toMatchObject({ ok: false, why: 'too-large' });
  expect((await readTextIfRegular('/proc/self/status', 1_000_000))?.length).toBeGreaterThan(100);
});

it('does not wait for a FIFO without a writer', async () => {
  execFileSync('mkfifo', [at('fifo')]);
  expect(await readRegularFile(at('fifo'), 100)).toMatchObject({ ok: false, why: 'not-a-file' });
});

it.each([
  ['a device without an end', '/dev/zero', 'not-a-file'],
  ['a folder', folder, 'not-a-file'],
  ['a missing file', at('none'), 'missing'],
  ['a path through a file', join(at('plain'), 'below'), 'missing'],
])('refuses %s', async (_, path, why) => {
  expect(await readRegularFile(path, 1_000)).toMatchObject({ ok: false, why });
});

it('refuses a loop of links', async () => {
  symlinkSync(at('b'), at('a'));
  symlinkSync(at('a'), at('b'));
  expect(await readRegularFile(at('a'), 1_000)).toMatchObject({ ok: false, why: 'unreadable', detail: 'ELOOP' });
});

it('refuses a socket', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
  expect(await readRegularFile(at('socket'), 1_000)).toMatchObject({ ok: false, why: 'not-a-file' });
  await new Promise((resolve) => server.close(resolve));
});
