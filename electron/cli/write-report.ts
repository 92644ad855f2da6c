/** Report files that a pipeline collects. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorDetail } from '../system/error-facts.ts';
import type { CliIo } from './cli-io.ts';
import { reportError } from './report.ts';

/** Writes a report, or adds to it (flag `a`); one that cannot be written is reported and never changes the verdict. */
export async function writeReport(file: string, text: string, io: CliIo, flag: 'w' | 'a' = 'w'): Promise<void> {
  try {
    await writeFile(resolve(io.folder, file), text, { flag });
  } catch (error) {
    reportError(io, io.t('ci.not-written', { file, detail: errorDetail(error) }));
  }
}
