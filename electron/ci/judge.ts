/** Infrastructure or your code? From what a failed command printed. Pure. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Finding } from '../explain/finding.ts';
import { isInfrastructure, isRetryable } from './infrastructure.ts';

/** Why a failure is judged as it is. */
export type Ground =
  /** Everything found is infrastructure. */
  | 'infrastructure'
  /** A line of a compiler, a test or a panic. */
  | 'code-line'
  /** Something found is the project's or its settings'. */
  | 'cause'
  /** Infrastructure and something else. */
  | 'mixed'
  /** An error that no rule knows. */
  | 'unknown'
  /** The command failed and printed nothing that speaks of an error. */
  | 'silent'
  /** It was stopped at the time limit while the proxies were down. */
  | 'hung';

export interface Judgement {
  readonly side: 'infrastructure' | 'code';
  readonly ground: Ground;
  /** Whether the same command may succeed later, with nothing changed. */
  readonly isRetryable: boolean;
  /** The finding that decides; null where a line of the code or nothing does. */
  readonly finding: Finding | null;
}

/** What a failed command left behind. */
export interface FailedOutput {
  readonly findings: readonly Finding[];
  /** The first line that shows a failure of the code. */
  readonly codeLine: string | null;
  /** Hosts that `go` was to ask: known to exist. */
  readonly routeHosts: ReadonlySet<string>;
}

/** A doubt is never an excuse: a mix of causes, an unknown one and silence count as your code. */
export function judge({ findings, codeLine, routeHosts }: FailedOutput): Judgement {
  const code = (ground: Ground, finding: Finding | null): Judgement => ({
    side: 'code',
    ground,
    isRetryable: false,
    finding,
  });
  const [first] = findings;
  const others = findings.filter((one) => !isInfrastructure(one, routeHosts));
  if (codeLine !== null) return code(findings.length > others.length ? 'mixed' : 'code-line', null);
  if (first === undefined) return code('silent', null);
  if (others.length === 0) {
    return {
      side: 'infrastructure',
      ground: 'infrastructure',
      isRetryable: findings.every(isRetryable),
      finding: first,
    };
  }
  const decisive = others.find(({ cause }) => cause !== 'unknown') ?? others[0] ?? null;
  if (others.length < findings.length) return code('mixed', decisive);
  return code(decisive?.cause === 'unknown' ? 'unknown' : 'cause', decisive);
}

/** What a mirror answers for a version that it does not have, or does not have yet: the same words for both. */
const ABSENT: ReadonlySet<Cause> = new Set(['not-yet-visible', 'unknown-revision', 'module-not-found']);

/** Whether all that failed was exact versions that are not there: one who has just released them may wait for them. */
export function isOnlyNotYetVisible({ findings, codeLine }: FailedOutput): boolean {
  return (
    codeLine === null &&
    findings.length > 0 &&
    findings.every(({ cause, module = '' }) => ABSENT.has(cause) && /@v\d/.test(module))
  );
}
