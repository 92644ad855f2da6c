/** `gopherbar status`, `watch` and `history`: what is measured, stored and shown. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ended, ROOT, useCommandLab } from '../../e2e/command-lab.ts';
import { expectSchema } from '../../e2e/expect-schema.ts';

const cli = useCommandLab();
const { gopherbar, begin, writeSettings, labSettings } = cli;

describe('watch and status', () => {
  it('status without measurements reports that and contacts no host', async () => {
    writeSettings(labSettings());
    const before = cli.plain.connections;
    const { code, out } = await gopherbar('status', '--json');
    expect(code).toBe(0);
    expectSchema('status', JSON.parse(out));
    expect(JSON.parse(out).endpoints).toMatchObject([{ id: 'plain', status: 'unknown', ageMs: null }]);
    expect((await gopherbar('status')).out).toContain('gopherbar status --probe');
    expect(cli.plain.connections).toBe(before);
  });

  it('watch without a terminal prints changes, and status remembers with the age', async () => {
    writeSettings(labSettings());
    const { code, out } = await gopherbar('watch', '--for', '2');
    expect(code).toBe(0);
    expect(out).toMatch(/^\d{4}-\d\d-\d\dT\S+ .*\| 127\.0\.0\.1:\d+ up \d/m);
    const status = JSON.parse((await gopherbar('status', '--json')).out);
    expect(status.endpoints).toMatchObject([{ id: 'plain', status: 'up', uptime24h: 1 }]);
    expect(status.endpoints[0].ageMs).toBeGreaterThanOrEqual(0);
    expect(status.endpoints[0].ageMs).toBeLessThan(60_000);
  });

  it('history exports what was stored', async () => {
    writeSettings(labSettings());
    await gopherbar('watch', '--for', '2');
    const table = await gopherbar('history', 'plain', '--csv');
    const [head = '', first = ''] = table.out.split('\r\n');
    expect(head).toBe('endpoint,at,outcome,cause,totalMs,dns,connect,tls,request,response,body,verify');
    expect(first).toMatch(/^plain,\d{4}-[^,]+Z,ok,,[\d.]+,,[\d.]+,,/);
    const stored = JSON.parse((await gopherbar('history', '--json', '--since', '1h')).out);
    expect(stored).toMatchObject({ schema: 1, incidents: [] });
    expect(stored.samples[0]).toMatchObject({ endpoint: 'plain', outcome: 'ok', cause: null });
    expect(stored.events.map(({ kind }: { kind: string }) => kind)).toContain('started');
    expect((await gopherbar('history')).out).toMatch(/started/);
    expect((await gopherbar('history', 'nobody')).code).toBe(2);
    expect((await gopherbar('history', '--since', 'soon')).code).toBe(2);
  });

  it('a second watch only reads, and says why', async () => {
    writeSettings(labSettings());
    const first = begin(['watch', '--for', '30']);
    const firstEnd = ended(first);
    await once(first.stdout as NodeJS.EventEmitter, 'data');
    const second = await gopherbar('watch', '--for', '1');
    expect(second.code).toBe(0);
    expect(second.err).not.toBe('');
    first.kill('SIGINT');
    expect((await firstEnd).code).toBe(0);
  });

  it('status --probe measures now; a failure is exit 1', async () => {
    writeSettings(labSettings());
    expect(await gopherbar('status', '--probe')).toMatchObject({
      code: 0,
      out: expect.not.stringContaining('gopherbar status'),
    });
    await cli.plain.setFault({ type: 'status', status: 503 });
    const { code, out } = await gopherbar('status', '--probe', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out).endpoints).toMatchObject([{ status: 'down', cause: 'http-server-error' }]);
  });

  it('draws a live table in a terminal, and q ends it', async () => {
    writeSettings(labSettings());
    const command = `${process.execPath} --disable-warning=ExperimentalWarning electron/cli/main.ts watch`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: ROOT,
      env: { ...cli.home.env, TERM: 'xterm' },
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    while (!/● 127\.0\.0\.1:\d+ .* ms .*100/.test(stripVTControlCharacters(out)))
      await new Promise((resolve) => setTimeout(resolve, 50));
    // The end of input alone would end `script`, not the command.
    child.stdin.end('q');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(out).toContain('\u001b[?25l');
    expect(out.lastIndexOf('\u001b[?25h')).toBeGreaterThan(out.lastIndexOf('\u001b[?25l'));
  });

  it('names a broken settings file, and does not probe the defaults instead', async () => {
    writeFileSync(join(cli.home.dataFolder, 'settings.json'), '{"endpoints":');
    const { err } = await gopherbar('status');
    expect(err).toContain('settings.json');
  });
});
