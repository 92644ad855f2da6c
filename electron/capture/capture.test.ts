import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { labCaptures } from '../../e2e/lab/captures/catalogue.ts';
import { labChains } from '../../e2e/lab/captures/chains.ts';
import { pcapFile, pcapngFile } from '../../e2e/lab/captures/container.ts';
import { analyseCapture, type CaptureReport } from './capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-capture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const captures = labCaptures(await labChains(), Date.now());
let files = 0;

async function analyse(bytes: Uint8Array): Promise<CaptureReport> {
  const path = join(folder, `${files++}`);
  writeFileSync(path, bytes);
  return analyseCapture(path);
}

/** The verdict the capture is about: of its last connection, or of its only question. */
function verdictIn({ connections, questions }: CaptureReport) {
  const last = connections.at(-1)?.verdict;
  if (last !== undefined) return last;
  return { id: questions[0]?.verdict.id, evidence: questions[0]?.verdict.evidence };
}

describe('every lab capture gets its verdict', () => {
  it.each(Object.keys(captures))('%s', async (name) => {
    const capture = captures[name];
    if (capture === undefined) throw new Error(name);
    const { verdict, ...reset } = capture.expected;
    for (const bytes of [
      pcapFile(capture.packets),
      pcapngFile(capture.packets, { links: ['raw', 'ethernet'], resolution: 9 }),
    ]) {
      const report = await analyse(bytes);
      expect(report.problems).toEqual([]);
      expect(verdictIn(report)).toMatchObject({ id: verdict, ...reset });
    }
  });
});
