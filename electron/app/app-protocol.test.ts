import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY, serveFolder } from './app-protocol.ts';

const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-protocol-'));
const folder = join(scratch, 'renderer');
mkdirSync(join(folder, 'assets'), { recursive: true });
writeFileSync(join(folder, 'index.html'), '<title>page</title>');
writeFileSync(join(folder, 'assets', 'app.js'), '1');
writeFileSync(join(scratch, 'secret.html'), 'secret');
mkdirSync(join(scratch, 'renderer-other'));
writeFileSync(join(scratch, 'renderer-other', 'secret.html'), 'secret');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const serve = serveFolder(folder);
const get = (url: string, method = 'GET') => serve({ url, method });

test('files of the bundle are served with their type and the policy', async () => {
  const page = await get('app://gopherbar/index.html');
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('page');
  expect(page.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
  const script = await get('app://gopherbar/assets/app.js?v=1');
  expect(script.headers.get('content-type')).toContain('text/javascript');
});

test('serves nothing outside the folder, for any spelling of the path', async () => {
  for (const path of [
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/assets/..%2f..%2fsecret.html',
    '/..%5csecret.html',
    '/..%2frenderer-other%2fsecret.html',
    '/%00',
    '/%zz',
    '/',
  ]) {
    const reply = await get(`app://gopherbar${path}`);
    expect([path, reply.status]).toEqual([path, 404]);
    expect(await reply.text()).not.toContain('secret\n');
  }
});

test('rejects other hosts, methods, schemes and kinds of file', async () => {
  writeFileSync(join(folder, 'index.map'), '{}');
  expect((await get('app://elsewhere/index.html')).status).toBe(404);
  expect((await get('https://gopherbar/index.html')).status).toBe(404);
  expect((await get('app://gopherbar/index.html', 'POST')).status).toBe(404);
  expect((await get('app://gopherbar/index.map')).status).toBe(404);
});

test('the policy allows nothing inline, evaluated or remote', () => {
  expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|\*|data:/);
});
