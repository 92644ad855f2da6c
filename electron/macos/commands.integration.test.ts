/** Commands: their names as people write them, the catalogue's own, the privileged script's frames, and changes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installTools, type Tools } from '../../e2e/lab/mac-tools.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { dnsServersOf, READS, resetDecision, routeTo, signatureOf } from './catalogue.ts';
import { runChange } from './changes.ts';
import { describeCommand } from './command-name.ts';
import { osascriptArguments, splitSnapshot } from './privileged-script.ts';

describe('a command line', () => {
  it.each([
    ['sudo -n /sbin/pfctl -sr', 'pfctl', { s: 'r' }, []],
    ['LANG=C sudo pfctl -a com.apple/x -vsr 2>/dev/null', 'pfctl', { a: 'com.apple/x', v: '', s: 'r' }, []],
    ["pfctl -a 'evil; reboot' -s rules | head", 'pfctl', { a: 'evil; reboot', s: 'rules' }, []],
    ['pfctl -t list -T show', 'pfctl', { t: 'list', T: 'show' }, []],
    ['scutil --dns > out.txt', 'scutil', {}, ['--dns']],
    ['networksetup -getdnsservers "USB 10/100 LAN"', 'networksetup', {}, ['-getdnsservers', 'USB 10/100 LAN']],
    ['/usr/bin/env FOO=1 route -n get default', 'route', {}, ['-n', 'get', 'default']],
  ])('%s', (line, tool, flags, words) => {
    const named = describeCommand(line);
    expect([named?.tool, Object.fromEntries(named?.flags ?? []), named?.words]).toEqual([tool, flags, words]);
  });

  it.each(['', '   ', 'sudo', 'sudo -n', 'FOO=1'])('%j calls nothing', (line) =>
    expect(describeCommand(line)).toBeNull(),
  );
});

describe('the catalogue', () => {
  it('has absolute paths, and its reads change nothing', () => {
    const entries = [...READS, routeTo('8.8.8.8'), routeTo('default'), signatureOf('/usr/local/go/bin/go')];
    for (const { file, changes } of entries) {
      expect(file).toMatch(/^\/(?:usr|sbin|bin)\//);
      expect(changes).toBe(false);
    }
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    expect(resetDecision('AppleEvents', 'com.apple.Terminal')?.changes).toBe(true);
  });

  it('takes a service by any name that is no option', () => {
    expect(dnsServersOf('USB 10/100 局域网')?.args).toEqual(['-getdnsservers', 'USB 10/100 局域网']);
  });
});

describe('the privileged script', () => {
  it('travels as arguments: nothing is put together in a shell or in AppleScript', () => {
    const args = osascriptArguments('abc', '/tmp/it"s $(here)');
    expect(args.filter((one) => one.includes('$(here)'))).toEqual(['/tmp/it"s $(here)']);
    expect(args.join('\n')).toContain('quoted form of item 1 of argv');
    expect(osascriptArguments('abc', '/').at(-1)).toBe('');
  });

  it('is read back by its frames, and another frame is text', () => {
    const output = '@@n1 0 info\nStatus: Enabled\n@@n2 0 rules\nx\n@@n1 1 anchor a/b c\n\n@@n1 0 end\n';
    expect(splitSnapshot(output, 'n1')).toEqual({
      complete: true,
      parts: [
        { id: 'info', exitCode: 0, text: 'Status: Enabled\n@@n2 0 rules\nx' },
        { id: 'anchor a/b c', exitCode: 1, text: '' },
      ],
    });
  });

  it('that was cut is not complete', () => {
    expect(splitSnapshot('@@n1 0 info\nStatus', 'n1')).toEqual({
      complete: false,
      parts: [{ id: 'info', exitCode: 0, text: 'Status' }],
    });
    expect(splitSnapshot('', 'n1')).toEqual({ complete: false, parts: [] });
  });

  it('gives any parts back as they were', () => {
    const line = fc.string({ maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, ' '));
    const part = fc.record({
      id: fc.stringMatching(/^(?:info|rules|anchor [a-z/]{1,9})$/),
      exitCode: fc.nat(255),
      text: fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n')),
    });
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const output = parts.map(({ id, exitCode, text }) => `@@k7 ${exitCode} ${id}\n${text}\n`).join('');
        const cut = splitSnapshot(`${output}@@k7 0 end\n`, 'k7');
        expect(cut.complete).toBe(true);
        expect(cut.parts).toEqual(parts.map((one) => ({ ...one, text: one.text })));
      }),
    );
  });
});

describe('a change', () => {
  const runner = new SystemProcessRunner(systemClock);
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gopherbar-change-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function reset(tools: Tools) {
    installTools(root, tools);
    const entry = resetDecision('AppleEvents', 'com.apple.Terminal');
    if (entry === null) throw new Error('no entry');
    return runChange(entry, root, runner);
  }

  it('is done when the tool says so', async () => {
    const text = 'Successfully reset AppleEvents approval status for com.apple.Terminal\n';
    expect(await reset({ '/usr/bin/tccutil': [{ when: '*', text }] })).toEqual({ ok: true });
  });

  it.each([
    ['a refusal', { text: 'tccutil: No such bundle identifier "x": (OSStatus error -10814.)', exitCode: 70 }],
    ['a refusal that exits with 0', { text: 'tccutil: Failed to reset AppleEvents', exitCode: 0 }],
  ])('%s is a problem with its own words', async (_, play) => {
    expect(await reset({ '/usr/bin/tccutil': [{ when: '*', ...play }] })).toMatchObject({
      ok: false,
      problem: { key: 'tool-failed', params: { tool: 'tccutil reset', detail: play.text } },
    });
  });

  it('without the tool is a problem as well', async () => {
    expect(await reset({})).toMatchObject({ ok: false, problem: { key: 'tool-missing' } });
  });
});
