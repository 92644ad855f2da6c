/**
 * How sure a reading is: of the answers given with 0.9 and more at least 99 of 100 are right on all recorded texts
 * (`npm run accuracy` prints the table). Rules say how telling their words are; here the text around them counts.
 */
import { CAUSES, type Cause, type Layer } from '../../shared/domain/cause.ts';
import type { Reading } from './read.ts';

const ON_THE_WIRE: ReadonlySet<Layer> = new Set(['dns', 'connect', 'tls', 'request', 'response', 'body']);

/** Words that more than one cause prints: how often the one given is the right one. */
const AMBIGUOUS: readonly (readonly [RegExp, number])[] = [
  [/zip: not a valid zip file|missing module line|unexpected EOF$|not valid: is this a git/m, 0.7],
  [/Get [^\n]*: (?:Forbidden|Bad Gateway|Service Unavailable|Gateway Timeout)\)?[ \t]*$/m, 0.75],
  [/Get [^\n]*: (?:Bad Request|Not Found|Method Not Allowed|Not Implemented|Moved Permanently|Found)\)?[ \t]*$/m, 0.65],
];

const BY_CAUSE: Partial<Record<Cause, number>> = {
  'module-not-found': 0.85,
  'unknown-revision': 0.85,
  'response-timeout': 0.8,
  'go-import-missing': 0.85,
  'vcs-repo-not-found': 0.85,
  'invalid-version': 0.85,
  'not-a-goproxy': 0.85,
  'captive-portal': 0.85,
};

/** The confidence in a reading of `text`, 0…1. */
export function confidenceOf(
  { cause, confidence, underlying }: Reading,
  text: string,
  { url, module }: { readonly url: string | undefined; readonly module: string | undefined },
): number {
  const limits = [confidence, BY_CAUSE[cause] ?? 1];
  for (const [words, limit] of AMBIGUOUS) if (words.test(text)) limits.push(limit);
  // Without a URL or a module it may be a program's own trouble: a test that finds no database, a cache program that ends.
  const isWire = ON_THE_WIRE.has(CAUSES[underlying ?? cause].layer);
  const isNamed = url !== undefined || module !== undefined;
  if (isWire && !isNamed && (!isOfGo(text) || cause === 'eof-no-response')) limits.push(0.7);
  if (cause === 'connect-unreachable' && /not permitted|denied|forbidden/.test(text)) limits.push(0.7);
  return Math.min(...limits);
}

/** Whether the words are of go or git, and not of any program. */
export function isOfGo(text: string): boolean {
  return /(?:^|\s)(?:go|verifying|fatal|git|ssh): |\bgit (?:fetch|clone|ls-remote)\b|\bgo\.(?:mod|sum)\b|GO[A-Z]{4,}/m.test(
    text,
  );
}
