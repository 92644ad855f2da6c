/** Extra root certificates of the settings: PEM texts, or paths of PEM files. */
import type { Problem } from '../../shared/domain/snapshot.ts';
import { readRegularFileSync, unreadDetail } from '../system/read-file.ts';

const PEM = /-----BEGIN CERTIFICATE-----/;
const MAX_PEM_BYTES = 1024 * 1024;

/** The PEM texts that could be read; the first that could not is the problem (`ca-not-readable`). */
export function readExtraCa(entries: readonly string[]): {
  readonly pems: readonly string[];
  readonly problem: Problem | null;
} {
  const pems: string[] = [];
  let problem: Problem | null = null;
  for (const entry of entries) {
    const read = PEM.test(entry) ? { pem: entry } : readPem(entry);
    if ('pem' in read) pems.push(read.pem);
    else problem ??= { key: 'ca-not-readable', params: { file: entry, detail: read.detail } };
  }
  return { pems, problem };
}

function readPem(file: string): { readonly pem: string } | { readonly detail: string } {
  const read = readRegularFileSync(file, MAX_PEM_BYTES);
  if (!read.ok) return { detail: read.why === 'too-large' ? `larger than ${MAX_PEM_BYTES} bytes` : unreadDetail(read) };
  const pem = read.bytes.toString('utf8');
  return PEM.test(pem) ? { pem } : { detail: 'holds no PEM certificate' };
}
