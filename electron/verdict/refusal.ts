/** Answers of 403 and 451 that are decisions about this client or module, not outages (golang/go#80655). */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Walk } from '../../shared/domain/verdict.ts';

/** Whether a cause is a decision that must not be worked around: no fallback, no failover, no advice with `direct`. */
export function isRefusal(cause: Cause | null): boolean {
  return cause === 'module-blocked' || cause === 'http-forbidden';
}

/**
 * Whether a walk ends at such a decision: that of a company's gatekeeper, or of a proxy that blocks the module. A public proxy that serves no request from this place
 * (`region-blocked`) forbids nothing: a mirror is the remedy.
 */
export function isRefused({ outcome, endsAt, steps }: Walk): boolean {
  return outcome === 'stops' && endsAt !== null && isRefusal(steps[endsAt]?.cause ?? null);
}
