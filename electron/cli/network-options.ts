/** The shared options that change how hosts are reached: --resolve and --ca. */

import { isIP } from 'node:net';
import { bareHost } from '../../shared/domain/host.ts';
import type { Pin } from '../probe/probe-pool.ts';
import { readRegularFile } from '../system/read-file.ts';
import type { CliIo } from './cli-io.ts';
import { unreadText } from './unread-text.ts';
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

const MAX_PEM_BYTES = 1_000_000;

/** The PEM text of a file. Rejects with UsageError when it has none. */
export async function readCa(file: string, t: CliIo['t']): Promise<string> {
  const read = await readRegularFile(file, MAX_PEM_BYTES);
  if (!read.ok) throw new UsageError(unreadText(file, read, t));
  const pem = read.bytes.toString('utf8');
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new UsageError(t('cli.ca-not-pem', { file }));
  return pem;
}
