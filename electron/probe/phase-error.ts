/** How a probe's parts report failures to each other; turned into a result's Failure where the probe ends. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Failure, Phase } from '../../shared/domain/result.ts';

/** A phase that failed, and why. Never leaves this folder. */
export class PhaseError extends Error {
  readonly phase: Phase;
  readonly why: Cause;
  readonly code: string | undefined;

  constructor(phase: Phase, why: Cause, message: string, code?: string) {
    super(message);
    this.phase = phase;
    this.why = why;
    this.code = code;
  }

  toFailure(): Failure {
    return { cause: this.why, phase: this.phase, message: this.message.slice(0, 500), code: this.code };
  }
}
