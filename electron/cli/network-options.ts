/** The shared options that change how hosts are reached: --resolve and --ca. */

import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { bareHost } from '../../shared/domain/host.ts';
import type { Pin } from '../probe/probe-pool.ts';
import { errorDetail } from '../system/error-facts.ts';
import type { CliIo } from './cli-io.ts';
import { UsageError } from './usage-error.ts';

/** Reads `HOST:PORT:ADDRESS`, as curl's --resolve. Throws UsageError for anything else. */
export function readPins(texts: readonly string[], t: CliIo['t']): readonly Pin[] {
  return texts.map((text) => {
    const match = /^([^:]+|\[[^\]]+\]):(\d{1,5}):\[?([^\]]+)\]?$/.exec(text);
    const [, host, port, address] = match ?? [];
    if (host === undefined || port === undefined || address === undefined || isIP(address) === 0) {
      throw new UsageError(t('cli.bad-resolve', { text }));
    }
    return { host: bareHost(host), port: Number(port), address };
  });
}

/** The PEM text of a file. Rejects with UsageError when it has none. */
export async function readCa(file: string, t: CliIo['t']): Promise<string> {
  let pem: string;
  try {
    pem = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(t('cli.ca-unreadable', { file, detail: errorDetail(error) }));
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new UsageError(t('cli.ca-not-pem', { file }));
  return pem;
}
