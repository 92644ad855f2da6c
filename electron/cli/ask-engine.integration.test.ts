/** Commands that ask a running engine: here its socket alone, with nothing stored beside it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { SAMPLE_AT, sampleEndpoint, sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { openControl } from '../composition/control.ts';
import { serveControl } from '../control/control-server.ts';
import { controlPath } from '../control/control-socket.ts';
import type { ProfileService } from '../engine/engine-api.ts';
import { dataFolder } from '../system/files.ts';
import { silentLog } from '../system/log.ts';
import { VERSION } from './version.ts';

let home: string;
let folder: string;
const env = () => ({ PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: join(home, 'data') });

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-ask-'));
  folder = dataFolder(process.platform, env());
  mkdirSync(folder, { recursive: true, mode: 0o700 });
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

it('status shows what the engine shows, and opens no history', async () => {
  const sample = { endpointId: 'first', at: SAMPLE_AT, outcome: 'ok' as const, totalMs: 42, phases: {} };
  const snapshot = sampleSnapshot({
    endpoints: [
      sampleEndpoint('first', { lastSample: sample, uptime24h: 0.5 }),
      sampleEndpoint('second', { status: 'down' }),
    ],
    notices: [{ key: 'settings-not-json', params: { file: 'settings.json', line: 3, detail: 'a comma' } }],
  });
  const control = await openControl(
    { folder, log: silentLog },
    { snapshot: () => snapshot, profiles: {} as ProfileService },
  );
  try {
    const { code, out, err } = await new MemoryTerminal({ env: env() }).run(['status', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out).endpoints).toMatchObject([
      { id: 'first', status: 'up', totalMs: 42, uptime24h: 0.5 },
      { id: 'second', measuredAt: null },
    ]);
    expect(err).toContain('settings.json, line 3');
    expect(existsSync(join(folder, 'history.sqlite'))).toBe(false);
  } finally {
    await control.close();
  }
});

it('says that a switch is uncertain when the engine does not answer, and does not switch beside it', async () => {
  const served = await serveControl(controlPath(folder), VERSION, () => Promise.reject(new Error('broken')));
  try {
    const { code, err } = await new MemoryTerminal({ env: env() }).run(['use', 'china-pipe']);
    expect(code).toBe(1);
    expect(err).toContain('gopherbar profiles');
    expect(existsSync(join(home, '.config', 'go', 'env'))).toBe(false);
  } finally {
    if (served.ok) await served.close();
  }
});
