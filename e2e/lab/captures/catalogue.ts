/**
 * Captures of everything that can go wrong, packet by packet, each with what must be said about it: one per published injector,
 * a near miss beside each, and the honest failures that look similar. Times, TTLs and numbers are those of real captures.
 */
import { dnsCaptures } from './dns-captures.ts';
import { dropCaptures, endingCaptures } from './failure-captures.ts';
import { injectorCaptures, resetCaptures } from './injector-captures.ts';
import type { LabCapture } from './scenarios.ts';
import { certificateCaptures, type LabChains, successCaptures } from './success-captures.ts';

/** All of them by name. `beginMs` is when the certificates are (still, or no longer) good. */
export function labCaptures(chains: LabChains, beginMs: number): Readonly<Record<string, LabCapture>> {
  return {
    ...injectorCaptures(),
    ...resetCaptures(),
    ...dropCaptures(),
    ...endingCaptures(),
    ...successCaptures(),
    ...certificateCaptures(chains, beginMs),
    ...dnsCaptures(),
  };
}
